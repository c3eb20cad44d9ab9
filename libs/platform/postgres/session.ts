export type Rows = readonly Readonly<Record<string, unknown>>[];

/** Statements with bound values, written `$1`, `$2` …; `int8` comes as bigint, exactly. */
export interface Session {
  query(text: string, values?: readonly unknown[]): Promise<Rows>;
}
