import { LogUnavailable } from '../../event-log/errors.js';

/** The client has disconnected, or the process is stopping. No row of the import counts. */
export class ImportInterrupted extends Error {
  override readonly name = 'ImportInterrupted';
  constructor(options?: ErrorOptions) {
    super('the import was interrupted; none of its rows count', options);
  }
}

export class TooManyImports extends Error {
  override readonly name = 'TooManyImports';
  constructor(readonly waiting: number) {
    super(`${waiting} imports are waiting already; try again later`);
  }
}

/** The error to report when the reading of an upload has failed. */
export function uploadFailure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new ImportInterrupted({ cause: error });
  // The disk is full, or the process may not write to the directory.
  if (error instanceof Error && 'syscall' in error)
    return new LogUnavailable(
      `the upload could not be written to the data directory: ${error.message}`,
      {
        cause: error,
      },
    );
  return error;
}
