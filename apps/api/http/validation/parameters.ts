import type { FieldProblem } from './field-problem.js';
import type { JsonSchema } from './json-schema.js';
import type { BodyValidator } from './validators.js';

/**
 * The texts of a path or a query string by name. A repeated name gives a list, and a text that
 * cannot be decoded gives null.
 */
export type ParameterTexts = Readonly<Record<string, string | readonly (string | null)[] | null>>;

export type ParameterReader = (
  texts: ParameterTexts,
) => { readonly value: object } | { readonly problems: readonly FieldProblem[] };

/**
 * Path and query have only texts. The declaration says how to read each: a whole number from
 * decimal digits, `true` and `false`, all others unchanged. Then the schema validates the result.
 */
export function parameterReader(
  schema: JsonSchema,
  validate: BodyValidator,
  where: 'path' | 'query',
): ParameterReader {
  const properties = Object.entries(schema['properties'] as Readonly<Record<string, JsonSchema>>);
  const readers = new Map(
    properties.map(([name, property]) => [name, readerOf(String(property['type']))]),
  );
  const fault = (problem: FieldProblem): FieldProblem => ({ ...problem, in: where });
  return (texts) => {
    const value: Record<string, unknown> = {};
    const problems: FieldProblem[] = [];
    for (const name in texts) {
      const text = texts[name];
      const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const reader = readers.get(name);
      if (reader === undefined) problems.push(fault({ path, code: 'unknown-field' }));
      else if (typeof text !== 'string')
        problems.push(
          fault(
            text === null
              ? { path, code: 'format', expected: 'text' }
              : { path, code: 'type', expected: 'once' },
          ),
        );
      else value[name] = reader(text);
    }
    const found = problems.length > 0 ? problems : validate(value)?.map(fault);
    return found ? { problems: found.slice(0, 100) } : { value };
  };
}

/** A text that cannot be read as its type stays a text, and the schema reports `type`. */
function readerOf(type: string): (text: string) => unknown {
  if (type === 'integer')
    return (text) => (/^(0|-?[1-9]\d{0,15})$/.test(text) ? Number(text) : text);
  if (type === 'boolean')
    return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  return (text) => text;
}

const none: ParameterTexts = Object.freeze(Object.create(null) as ParameterTexts);

/**
 * Parses `application/x-www-form-urlencoded` as browsers write it. Never throws: a text that cannot
 * be decoded becomes a fault of its field.
 */
export function parseQuery(text: string): ParameterTexts {
  if (text === '') return none;
  const texts: Record<string, string | (string | null)[] | null> = Object.create(null) as Record<
    string,
    never
  >;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals)) ?? '�';
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const before = texts[name];
    if (before === undefined) texts[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else texts[name] = [before, value];
  }
  return texts;
}

function decode(text: string): string | null {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return null; // malformed escapes: reported as an error of this field
  }
}
