/** One record of an uploaded file: its fields, or why they could not be read. */
export type FileRecord = { readonly fields: unknown } | { readonly fault: string };

/** From here on nothing can be made of the file. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  constructor(
    readonly reasons: readonly string[],
    /** The header (row 0), or the row at which it ends to be readable. */
    readonly isHeader: boolean,
    options?: ErrorOptions,
  ) {
    super(reasons.join('; '), options);
  }
}

/** The longest record that is read: what is longer is no entry of revenue. */
export const RECORD_BYTES_AT_MOST = 64 * 1024;
