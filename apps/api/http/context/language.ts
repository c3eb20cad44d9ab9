import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

export type { Language };

/** The language of texts for people: the one the client likes best of those there are, English where it says nothing (RFC 9110, 12.5.4). */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined || acceptLanguage.length > 1024) return 'en';
  const weights = { en: 0, ja: 0, any: 0 };
  for (const range of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = range.split(';');
    const language = tag.trim().toLowerCase().split('-', 1)[0];
    const key = language === '*' ? 'any' : language === 'ja' || language === 'en' ? language : undefined;
    if (key) weights[key] = Math.max(weights[key], quality(parameters));
  }
  const named = acceptLanguage.toLowerCase();
  const english = /(^|[\s,])en\b/.test(named) ? weights.en : weights.any;
  const japanese = /(^|[\s,])ja\b/.test(named) ? weights.ja : 0; // "*" means: whatever you have, which is English first
  return japanese > english || (japanese === english && japanese > 0 && named.indexOf('ja') < named.indexOf('en')) ? 'ja' : 'en';
}

function quality(parameters: readonly string[]): number {
  const given = parameters
    .map((parameter) => /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i.exec(parameter)?.[1])
    .find((q) => q !== undefined);
  return given === undefined ? (parameters.length === 0 ? 1 : 0) : Number(given);
}
