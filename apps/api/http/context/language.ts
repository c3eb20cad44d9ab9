import Negotiator from 'negotiator';
import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

export type { Language };

const languages: readonly Language[] = ['en', 'ja'];

/**
 * The language of texts for people: the one the client likes best of those there are, English where
 * it takes neither (RFC 9110, 12.5.4).
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  // The first two are what nearly every request says.
  if (acceptLanguage === undefined || acceptLanguage === '*' || acceptLanguage.length > 1024)
    return 'en';
  const best = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language([
    ...languages,
  ]);
  return languages.find((language) => language === best) ?? 'en';
}
