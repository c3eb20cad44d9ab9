import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * An ASCII character in a host name is a letter, a digit, a hyphen or a dot. Any other one would
 * belong to another part of an address.
 */
const NO_HOST_NAME = /[^A-Za-z0-9.\-\u0080-\u{10ffff}]/u;
/**
 * RFC 1123, 2.1, with two labels or more. The last label must not be a number: that would be an IP
 * address (RFC 3696, 2).
 */
const HOST_NAME =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
const LENGTH_AT_MOST = 253;

/**
 * The one form in which a domain name is recorded, however it was typed (`CAFÉ.fr`, with a
 * combining accent, in full width, as `xn--caf-dma.fr`): lower case, NFC, in the letters of its
 * script. Undefined if the text is not a domain name. Node's URL parser implements UTS #46.
 */
export function canonicalDomainName(text: string): string | undefined {
  if (text.length > 4 * LENGTH_AT_MOST || !text.isWellFormed() || NO_HOST_NAME.test(text))
    return undefined;
  const ascii = domainToASCII(text);
  if (ascii.length > LENGTH_AT_MOST || !HOST_NAME.test(ascii)) return undefined;
  const shown = domainToUnicode(ascii);
  // A label that is still `xn--…` does not decode to letters that a name may have.
  return domainToASCII(shown) === ascii && !/(?:^|\.)xn--/.test(shown) ? shown : undefined;
}
