import { boundValues, type Statement } from '../sql/statement.js';

export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Statements with bound values, written `$1`, `$2` …; `int8` comes as bigint, exactly. */
export interface Session {
  query(text: string, values?: readonly unknown[]): Promise<Rows>;
}

export const execute = <Values>(
  session: Session,
  statement: Statement<Values>,
  values: Values,
): Promise<Rows> => session.query(statement.sql, boundValues(statement, values));

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
