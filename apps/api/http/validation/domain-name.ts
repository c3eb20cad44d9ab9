import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * Of ASCII a host name has letters, digits, hyphens and dots. Anything else would be read as part
 * of an address, not of its host.
 */
const NO_HOST_NAME = /[^A-Za-z0-9.\-\u0080-\u{10ffff}]/u;
/**
 * RFC 1123, 2.1, two labels or more; the last one is no number, else it is an address (RFC 3696,
 * 2).
 */
const HOST_NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const LENGTH_AT_MOST = 253;

/**
 * The one form in which a domain name is recorded, however it was typed (`CAFÉ.fr`, with a
 * combining accent, in full width, as `xn--caf-dma.fr`): lower case, NFC, in the letters of its
 * script. Undefined: no domain name. UTS #46 as Node's URL parser has it.
 */
export function canonicalDomainName(text: string): string | undefined {
  if (text.length > 4 * LENGTH_AT_MOST || !text.isWellFormed() || NO_HOST_NAME.test(text))
    return undefined;
  const ascii = domainToASCII(text);
  if (ascii.length > LENGTH_AT_MOST || !HOST_NAME.test(ascii)) return undefined;
  const shown = domainToUnicode(ascii);
  // What stays `xn--…` decodes to no letters that a name may have.
  return domainToASCII(shown) === ascii && !/(?:^|\.)xn--/.test(shown) ? shown : undefined;
}
