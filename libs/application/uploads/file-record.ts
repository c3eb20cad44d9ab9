/** One record of an uploaded file: its fields, or the reason why they could not be read. */
export type FileRecord = { readonly fields: unknown } | { readonly fault: string };

/** The file cannot be read any further. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  constructor(
    readonly reasons: readonly string[],
    /** Whether the error is in the header (row 0), or in the row at which reading ended. */
    readonly isHeader: boolean,
    options?: ErrorOptions,
  ) {
    super(reasons.join('; '), options);
  }
}

/** The longest record that is read. No entry of revenue is longer. */
export const RECORD_BYTES_AT_MOST = 64 * 1024;
