import type { Compilable } from 'kysely';

/**
 * SQL that Kysely compiled once, with the names of the values that each execution binds. Plain
 * data: it can be passed to another thread.
 */
export interface Statement<Values> {
  readonly sql: string;
  readonly parameters: readonly Parameter<Values>[];
}

/** A value that is bound by name at each execution, or a constant of the statement. */
type Parameter<Values> = { readonly name: string & keyof Values } | { readonly value: unknown };

/**
 * Builds a statement with Kysely. `parameter.x` represents the value `x` wherever the query takes a
 * value.
 */
export function statement<Values extends object = object>(
  build: (parameter: Values) => Compilable,
): Statement<Values> {
  const { sql, parameters } = build(placeholders<Values>()).compile();
  return {
    sql,
    parameters: parameters.map((value) =>
      value instanceof Placeholder ? { name: value.name as string & keyof Values } : { value },
    ),
  };
}

/** The values in the order of the statement's parameters. */
export const boundValues = <Values>(
  { parameters }: Statement<Values>,
  values: Values,
): readonly unknown[] =>
  parameters.map((parameter) => ('name' in parameter ? values[parameter.name] : parameter.value));

class Placeholder {
  constructor(readonly name: string) {}
}

// Kysely passes values on unchanged, so a placeholder can have the type of the value that it
// represents.
const placeholders = <Values extends object>(): Values =>
  new Proxy({} as Values, { get: (_, name) => new Placeholder(String(name)) });

/** The placeholders of these columns, as the values of an insertion. */
export const columnValues = <Values, Name extends string & keyof Values>(
  parameter: Values,
  names: readonly Name[],
): Pick<Values, Name> =>
  // One entry for each name.
  Object.fromEntries(names.map((name) => [name, parameter[name]])) as Pick<Values, Name>;
