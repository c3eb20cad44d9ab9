import { LogUnavailable, OutcomeUnknown } from '../errors.js';
import { NotThisLog } from './schema.js';

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that an operator can act on. */
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const CONSTRAINT = 19;
const NOTADB = 26;

const WHAT_TO_DO: Readonly<Record<number, (file: string) => string>> = {
  [BUSY]: (file) =>
    `${file} is locked by another process: wait for it, or find it (\`fuser ${file}\`) and end it`,
  [LOCKED]: (file) => `${file} is locked by another connection: wait for it, or end it`,
  [READONLY]: (file) =>
    `${file} or its directory cannot be written: give this user write access to both`,
  [IOERR]: (file) =>
    `reading or writing ${file} failed: check the disk and the system log; the service resumes by itself once the disk works again`,
  [CORRUPT]: (file) =>
    `${file} is damaged: stop the service, keep a copy of the file and its -wal, and restore the last backup`,
  [FULL]: (file) => `no space is left for ${file}: free some; the service resumes by itself`,
  [CANTOPEN]: (file) =>
    `${file} cannot be opened: check that its directory exists and that this user can write to it`,
  [NOTADB]: (file) =>
    `${file} is damaged or not a database: keep a copy of it and restore the last backup`,
};

interface SqliteError extends Error {
  readonly code: 'ERR_SQLITE_ERROR';
  readonly errcode: number;
}

export const isSqliteError = (error: unknown): error is SqliteError =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SQLITE_ERROR';

export const primaryCode = (error: unknown): number | undefined =>
  isSqliteError(error) ? error.errcode & 0xff : undefined;

/** A unique index was violated: here, by a command that has appended before. */
export const isUniqueViolation = (error: unknown): boolean =>
  primaryCode(error) === CONSTRAINT && (error as SqliteError).errcode === 2067;

/** A lock timeout does not harm the connection; after any other error it is opened again. */
export const connectionSurvives = (error: unknown): boolean =>
  !isSqliteError(error) || primaryCode(error) === BUSY;

/** Another process is writing; nothing was done, and the call can be repeated. */
export const isLocked = (fault: unknown): boolean =>
  fault instanceof LogUnavailable && primaryCode(fault.cause) === BUSY;

/** Translates an error of the store for callers; returns other errors unchanged. */
export function asLogFault(error: unknown, file: string): unknown {
  if (error instanceof NotThisLog) return new LogUnavailable(error.message, { cause: error });
  if (!isSqliteError(error)) return error;
  const advice = WHAT_TO_DO[error.errcode & 0xff]?.(file) ?? `${file} could not be used`;
  return new LogUnavailable(`${advice} (SQLite ${error.errcode}: ${error.message})`, {
    cause: error,
  });
}

/**
 * Translates an error of COMMIT. Without space or because of a lock, SQLite has not written the end
 * of the transaction: nothing was appended. After any other failure (of the fsync itself) the end
 * may be in the file and return with the next recovery: the outcome is unknown.
 */
export function asCommitFault(error: unknown, file: string): unknown {
  const code = primaryCode(error);
  if (code === FULL || code === BUSY || code === CONSTRAINT) return asLogFault(error, file);
  const reason = error instanceof Error ? error.message : String(error);
  return new OutcomeUnknown(
    `the commit to ${file} failed (${reason}); the same append can be repeated safely and shows the outcome`,
    { cause: error },
  );
}
