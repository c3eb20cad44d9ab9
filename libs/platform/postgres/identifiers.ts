/** PostgreSQL cuts longer names off without an error, and two could become one. */
const MAX_BYTES = 63;

/** A name as SQL text. Names come from the program's code, never from data. */
export function quoted(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_BYTES) {
    throw new Error(`"${name}" is no name for PostgreSQL: 1 to ${MAX_BYTES} bytes`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}
