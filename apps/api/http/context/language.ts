import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

export type { Language };

const isLanguage = (tag: string): tag is Language => tag === 'en' || tag === 'ja';

/** The language of texts for people: the one the client likes best of those there are, English where it says nothing (RFC 9110, 12.5.4). */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  // The first two are what nearly every request says.
  if (acceptLanguage === undefined || acceptLanguage === '*' || acceptLanguage.length > 1024) return 'en';
  const liked = new Map<Language, number>();
  let others = 0;
  for (const range of acceptLanguage.split(',')) {
    const [tag = '', ...parameters] = range.split(';');
    const primary = tag.trim().toLowerCase().split('-', 1)[0] ?? '';
    const weight = weightOf(parameters);
    if (primary === '*') others = weight;
    else if (isLanguage(primary)) liked.set(primary, Math.max(liked.get(primary) ?? 0, weight));
  }
  for (const language of ['en', 'ja'] as const) if (!liked.has(language)) liked.set(language, others);
  // In the order of mention, so that the first of two that are liked alike is taken.
  let best: Language = 'en';
  let bestWeight = 0;
  for (const [language, weight] of liked) if (weight > bestWeight) [best, bestWeight] = [language, weight];
  return best;
}

/** `q`, 1 where there is none; a malformed one counts nothing. */
function weightOf(parameters: readonly string[]): number {
  if (parameters.length === 0) return 1;
  const q = /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i.exec(parameters.join(';'))?.[1];
  return q === undefined ? 0 : Number(q);
}
