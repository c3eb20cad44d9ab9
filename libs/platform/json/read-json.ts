import { isUtf8 } from 'node:buffer';
import { repeatedNames } from './repeated-names.js';

export type JsonFault =
  | { readonly kind: 'encoding' }
  | { readonly kind: 'syntax'; readonly cause: Error }
  | { readonly kind: 'depth' }
  /** JSON pointers to the repeated names. */
  | { readonly kind: 'names'; readonly paths: readonly string[] };

/** Nested lists and objects. No document that the service accepts is deeper. */
export const DEPTH_AT_MOST = 32;

/**
 * Parses JSON from outside, strictly: UTF-8 (a byte-order mark is skipped), at most 32 levels deep,
 * and no repeated name in an object, which readers would understand differently (RFC 8259, 4). The
 * depth is checked in one pass over the bytes, before the text is parsed.
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
  // The text has more members than the value: JSON.parse overwrote repeated names.
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
/** `[`; `{` differs only in bit 0x20, and the closing brackets are two higher. */
const OPENING = 0x5b;
const CLOSING = 0x5d;
const EITHER_BRACKET = ~0x20;

/** The number of members of all objects: outside strings, each member has one colon. */
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

/** The index of the quote that ends the string, or the end of the text. */
function endOfString(bytes: Uint8Array, quote: number): number {
  let at = quote + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** The recursion is at most as deep as the text: 32. */
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
