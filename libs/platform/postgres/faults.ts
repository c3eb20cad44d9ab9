import { PostgresRefused, PostgresUnavailable } from './errors.js';

/** What the driver gives an error of its own or of the server (SQLSTATE in `code`). */
interface DriverError {
  readonly message: string;
  readonly code?: unknown;
  /** Set by the server only. */
  readonly severity?: unknown;
}

/**
 * PostgreSQL's SQLSTATE, if the server sent the error; undefined for a fault of the connection, and
 * for defects.
 */
export function sqlState(error: unknown): string | undefined {
  const { code, severity } = driverError(error);
  return typeof code === 'string' && severity !== undefined ? code : undefined;
}

/** The statement's own data is at fault: it cannot be stored, wherever and whenever it is tried. */
export function isDataFault(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  // Data exceptions, integrity constraints, and 54000: a text too long for its index.
  return state.startsWith('22') || state.startsWith('23') || state === '54000';
}

/** The table is not there (any more). */
export const isMissingTable = (error: unknown): boolean => sqlState(error) === '42P01';

/** Two transactions met: the same one again will go through. */
export const isCollision = (error: unknown): boolean =>
  ['40001', '40P01'].includes(sqlState(error) ?? '');

/**
 * The connection is gone, or there was none; whether the server still did what was asked is
 * unknown.
 */
export function isLostConnection(error: unknown): boolean {
  const state = sqlState(error);
  // Connection exceptions; ended by an administrator, by a crash, not yet accepting; ended because
  // it was idle.
  if (state !== undefined)
    return state.startsWith('08') || ['57P01', '57P02', '57P03', '57P05', '25P03'].includes(state);
  const { code, message } = driverError(error);
  return (typeof code === 'string' && /^E[A-Z_]+$/.test(code)) || OF_THE_DRIVER.test(message);
}

/**
 * It was lost under way, at once: another one may do. What has run out of time is not waited for
 * twice.
 */
export const isCutOff = (error: unknown): boolean =>
  isLostConnection(error) &&
  driverError(error).code !== 'ETIMEDOUT' &&
  !/timeout/i.test(driverError(error).message);

const OF_THE_DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered|was closed)|Cannot use a pool)/;

/**
 * Refused, cancelled for its time, out of resources, a standby: the server's state, not the
 * statement's fault.
 */
const NOT_NOW = /^(53|58|57014$|55P03$|25006$|40)/;
/** Wrong password, no such role, no such database, not allowed. */
const NOT_ALLOWED = /^(28|3D000$|42501$)/;
/** Before a session exists: no password where one is asked for, certificates, TLS. */
const NO_SESSION =
  /^(SASL|The server does not support SSL|self[- ]signed|unable to (get|verify))|certificate/i;

/**
 * The error as callers are to see it: with the server's address, what happened and what to do;
 * anything else is a defect and stays.
 */
export function translated(error: unknown, address: string): unknown {
  const { message } = driverError(error);
  const state = sqlState(error) ?? '';
  if (NOT_ALLOWED.test(state) || (state === '' && NO_SESSION.test(message))) {
    return new PostgresRefused(
      `PostgreSQL at ${address} refuses: ${message}. Correct POSTGRES_URL or the rights of its user.`,
      {
        cause: error,
      },
    );
  }
  if (isLostConnection(error)) {
    const why = nameOf(error);
    return new PostgresUnavailable(
      `PostgreSQL at ${address} cannot be reached (${why}). Is it running, and is POSTGRES_URL right?`,
      {
        cause: error,
      },
    );
  }
  if (NOT_NOW.test(state)) {
    return new PostgresUnavailable(
      `PostgreSQL at ${address} could not do it now: ${message} (${state}).`,
      { cause: error },
    );
  }
  return error;
}

/** An attempt on several addresses of one name fails without a message of its own. */
const nameOf = (error: unknown): string => {
  const { message, code } = driverError(error);
  return message || String(code);
};

const driverError = (error: unknown): DriverError => {
  // Of another realm it is no `instanceof Error`; its fields are looked at one by one.
  const {
    message = '',
    code,
    severity,
  } = (typeof error === 'object' && error !== null ? error : {}) as Partial<DriverError>;
  return { message, code, severity };
};
