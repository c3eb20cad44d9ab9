import type { ProposedEvent } from './log-records.js';

/**
 * Size of an event's record on disk: fixed fields, then stream, type, data and metadata with their
 * lengths.
 */
export function recordBytes(stream: string, { type, data, metadata }: ProposedEvent): number {
  const FIXED_BYTES = 8 + 1 + 1 + 8 + 2 + 8 + 4 + 8 + 16 + 16 + 8 + 4 + 4;
  return (
    FIXED_BYTES +
    prefixed(Buffer.byteLength(stream)) +
    prefixed(Buffer.byteLength(type)) +
    data.length +
    metadata.length
  );
}

/** A string with its length first, seven bits a byte. */
const prefixed = (bytes: number): number => bytes + (bytes < 128 ? 1 : bytes < 16_384 ? 2 : 3);
