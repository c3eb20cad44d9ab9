import Negotiator from 'negotiator';
import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

const PREFERENCE =
  /(?:^|,)\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~0-9A-Za-z-]*)))?\s*(?:;(?:[^,"]|"(?:[^"\\]|\\.)*")*)?(?=,|$)/g;

/**
 * Whether the client asks for the short answer to a command: `Prefer: return=minimal` (RFC 7240,
 * 4.2). Of several `return`s the first counts (RFC 7240, 2). Preferences that are not known, or not
 * well formed, are ignored, as that RFC says.
 */
export function prefersMinimal(sent: string | readonly string[] | undefined): boolean {
  if (sent === undefined || sent.length > 1_000) return false;
  for (const [, name, quoted, token] of [sent].flat().join(',').matchAll(PREFERENCE)) {
    if (name?.toLowerCase() === 'return') return (quoted ?? token)?.toLowerCase() === 'minimal';
  }
  return false;
}

const languages: readonly Language[] = ['en', 'ja'];

/**
 * The language of messages: the client's preferred one of those available, English if it accepts
 * neither (RFC 9110, 12.5.4).
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
