import { readJson } from '../../../platform/json/read-json.js';

/**
 * Parses JSON from outside, with its numbers as they are written: an amount is never a binary
 * fraction. Returns the reason why the text cannot be read.
 */
export function exactJson(
  bytes: Uint8Array,
): { readonly value: unknown } | { readonly fault: string } {
  const read = readJson(bytes);
  if ('fault' in read) return { fault: faultText(read.fault) };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return { value: JSON.parse(text.replace(/^\uFEFF/, ''), numbersAsWritten) as unknown };
}

/** The third argument is the source of a primitive value (ECMAScript 2026). */
const numbersAsWritten = ((_name: string, value: unknown, { source }: { source: string }) =>
  // TypeScript's library does not have the third argument yet.
  typeof value === 'number' ? source : value) as (name: string, value: unknown) => unknown;

function faultText(
  fault: Extract<ReturnType<typeof readJson>, { readonly fault: unknown }>['fault'],
): string {
  switch (fault.kind) {
    case 'encoding':
      return 'is not UTF-8';
    case 'syntax':
      return `is not JSON: ${fault.cause.message.slice(0, 200)}`;
    case 'depth':
      return 'is nested too deeply';
    case 'names':
      return `has the same name twice: ${fault.paths.join(', ').slice(0, 200)}`;
  }
}
