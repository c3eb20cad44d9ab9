/** PostgreSQL truncates longer names without an error, so two names could become one. */
const MAX_BYTES = 63;

/** The name as SQL text. Names come from the program's code, never from data. */
export function quoted(name: string): string {
  if (name === '' || name.includes('\0') || Buffer.byteLength(name) > MAX_BYTES) {
    throw new Error(
      `"${name}" is not a name that PostgreSQL accepts: it must have 1 to ${MAX_BYTES} bytes`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}
