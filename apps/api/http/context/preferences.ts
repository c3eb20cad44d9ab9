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
