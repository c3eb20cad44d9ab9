import Negotiator from 'negotiator';
import type { Language } from '../../../../libs/domain/gate/reason-texts.js';

const PREFERENCE =
  /(?:^|,)\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~0-9A-Za-z-]*)))?\s*(?:;(?:[^,"]|"(?:[^"\\]|\\.)*")*)?(?=,|$)/g;

/**
 * Whether the client asks for the short answer to a command: `Prefer: return=minimal` (RFC 7240,
 * 4.2). If there are several `return` preferences, the first counts (RFC 7240, 2). As that RFC
 * says, unknown and malformed preferences are ignored.
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
 * The language of messages: the available language that the client prefers, or English if it
 * accepts none (RFC 9110, 12.5.4).
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  // Nearly every request has one of the first two values.
  if (acceptLanguage === undefined || acceptLanguage === '*' || acceptLanguage.length > 1024)
    return 'en';
  const best = new Negotiator({ headers: { 'accept-language': acceptLanguage } }).language([
    ...languages,
  ]);
  return languages.find((language) => language === best) ?? 'en';
}
