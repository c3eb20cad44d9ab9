import { isUtf8 } from 'node:buffer';
import { repeatedNames } from './repeated-names.js';

export type JsonFault =
  | { readonly kind: 'encoding' }
  | { readonly kind: 'syntax'; readonly cause: Error }
  | { readonly kind: 'depth' }
  /** Names that an object has twice: JSON pointers. */
  | { readonly kind: 'names'; readonly paths: readonly string[] };

/** Lists and objects within each other: more than any document that is taken here has. */
export const DEPTH_AT_MOST = 32;

/**
 * JSON from outside as every reader would understand it: UTF-8 (a byte-order mark is passed over),
 * no deeper than 32, and no name twice in an object, of which one reader takes the first and
 * another the last (RFC 8259, 4). The depth is found before anything is made of the text, in one
 * pass over its bytes.
 */
export function readJson(
  bytes: Uint8Array,
): { readonly value: unknown } | { readonly fault: JsonFault } {
  if (!isUtf8(bytes)) return { fault: { kind: 'encoding' } };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = beginsWithMark(buffer) ? BYTE_ORDER_MARK.length : 0;
  const members = membersIn(buffer, start);
  if (members === 'too deep') return { fault: { kind: 'depth' } };
  const text = buffer.toString('utf8', start);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: { kind: 'syntax', cause: error as Error } }; // JSON.parse throws nothing else
  }
  // What the text names and the value does not have was written over.
  return membersOf(value) === members
    ? { value }
    : { fault: { kind: 'names', paths: repeatedNames(text) } };
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
const beginsWithMark = (bytes: Uint8Array): boolean =>
  BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte);

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
/** `[` and `{`; their ends are two higher. Bit 0x20 is all that sets the brackets apart. */
const OPENING = 0x5b;
const CLOSING = 0x5d;
const EITHER_BRACKET = ~0x20;

/**
 * How many members the objects of the text have: outside its strings a colon stands in each and
 * nowhere else.
 */
function membersIn(bytes: Uint8Array, start: number): number | 'too deep' {
  let depth = 0;
  let members = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COLON) members++;
    else if ((byte & EITHER_BRACKET) === OPENING) {
      if (++depth > DEPTH_AT_MOST) return 'too deep';
    } else if ((byte & EITHER_BRACKET) === CLOSING) depth--;
  }
  return members;
}

/** The place of the quote that ends the string; the end of the text where none does. */
function endOfString(bytes: Uint8Array, quote: number): number {
  let at = quote + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** No deeper than the text, which is 32 at most. */
function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) members += membersOf(item);
    return members;
  }
  for (const item of Object.values(value)) members += 1 + membersOf(item);
  return members;
}
