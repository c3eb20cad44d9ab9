/**
 * The server is unavailable, overloaded or too slow. The same request may succeed later;
 * connections are made again automatically.
 */
export class PostgresUnavailable extends Error {
  override readonly name = 'PostgresUnavailable';
}

/** Trying again does not help: an operator must change the URL, the server or the release. */
export class PostgresRefused extends Error {
  override readonly name = 'PostgresRefused';
}

/** The fields of an error of the driver or of the server (SQLSTATE in `code`). */
interface DriverError {
  readonly message: string;
  readonly code?: unknown;
  /** Only in errors of the server. */
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

/** The statement's data is at fault: it can never be stored. */
export function isDataFault(error: unknown): boolean {
  const state = sqlState(error) ?? '';
  // Data exceptions, integrity constraints, and 54000: a text too long for its index.
  return state.startsWith('22') || state.startsWith('23') || state === '54000';
}

/** The table does not exist (any more). */
export const isMissingTable = (error: unknown): boolean => sqlState(error) === '42P01';

/** Two transactions conflicted: the same one may succeed when it is tried again. */
export const isCollision = (error: unknown): boolean =>
  ['40001', '40P01'].includes(sqlState(error) ?? '');

/**
 * The connection was lost, or could not be made. Whether the server executed the statement is
 * unknown.
 */
export function isLostConnection(error: unknown): boolean {
  const state = sqlState(error);
  // Connection exceptions; ended by an administrator or by a crash; not yet accepting connections;
  // ended because it was idle.
  if (state !== undefined)
    return state.startsWith('08') || ['57P01', '57P02', '57P03', '57P05', '25P03'].includes(state);
  const { code, message } = driverError(error);
  return (typeof code === 'string' && /^E[A-Z_]+$/.test(code)) || OF_THE_DRIVER.test(message);
}

/** The connection was lost, so another one may work. After a timeout there is no second attempt. */
export const isCutOff = (error: unknown): boolean =>
  isLostConnection(error) &&
  driverError(error).code !== 'ETIMEDOUT' &&
  !/timeout/i.test(driverError(error).message);

const OF_THE_DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client (has encountered|was closed)|Cannot use a pool)/;

/**
 * The server is out of resources, cancelled a slow statement, or is a standby: the statement itself
 * is not at fault.
 */
const NOT_NOW = /^(53|58|57014$|55P03$|25006$|40)/;
/** Wrong password, no such role, no such database, no permission. */
const NOT_ALLOWED = /^(28|3D000$|42501$)/;
/** Errors before a session exists: a missing password, certificates, TLS. */
const NO_SESSION =
  /^(SASL|The server does not support SSL|self[- ]signed|unable to (get|verify))|certificate/i;

/**
 * The error for callers, with the server's address, the cause and the remedy. Other errors are
 * defects and remain as they are.
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
      `PostgreSQL at ${address} could not execute a statement now: ${message} (${state}). Try again later.`,
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
  // An error of another realm is not `instanceof Error`, so its fields are read one by one.
  const {
    message = '',
    code,
    severity,
  } = (typeof error === 'object' && error !== null ? error : {}) as Partial<DriverError>;
  return { message, code, severity };
};
