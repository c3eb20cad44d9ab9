import type { ErrorObject } from 'ajv';

export type FieldCode =
  'required' | 'type' | 'unknown-field' | 'format' | 'pattern' | 'range' | 'length' | 'enum';

/** One fault of the input: its place (a JSON pointer), its kind, and the expected value. */
export interface FieldProblem {
  readonly path: string;
  readonly code: FieldCode;
  /**
   * The expected value: a type, a bound, the name of a format, the choices. The texts are created
   * when the answer is written.
   */
  readonly expected?: string | number;
  /** Which bound `expected` is. */
  readonly bound?: 'min' | 'max';
  /** Where the faulty value was, if not in the body. */
  readonly in?: 'path' | 'query' | 'header';
}

/** How many faults a person can fix at once. */
const atMost = 100;

/**
 * Converts Ajv's errors into the API's form: one for each place and code. A general fault hides the
 * faults that follow from it.
 */
export function fieldProblems(errors: readonly ErrorObject[]): readonly FieldProblem[] {
  const found = new Map<string, FieldProblem>();
  const brokenTypes = new Set(
    errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath),
  );
  for (const error of errors) {
    const problem = fieldProblem(error);
    if (
      !problem ||
      (problem.code !== 'type' && problem.code !== 'required' && brokenTypes.has(problem.path))
    )
      continue;
    const key = `${problem.path} ${problem.code}`;
    if (!found.has(key)) found.set(key, problem);
    if (found.size >= atMost) break;
  }
  return [...found.values()];
}

const pointer = (path: string, property: string): string =>
  `${path}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * The bounds, by schema keyword. `class-validator-schemas.ts` and `decorators.ts` write these
 * keywords.
 */
function fieldProblem({
  keyword,
  instancePath: path,
  params,
  propertyName,
}: ErrorObject): FieldProblem | undefined {
  switch (keyword) {
    case 'required':
      return { path: pointer(path, params['missingProperty'] as string), code: 'required' };
    case 'additionalProperties':
      return { path: pointer(path, params['additionalProperty'] as string), code: 'unknown-field' };
    case 'type':
      return typeProblem(path, params['type'] as string | readonly string[]);
    case 'format':
      return {
        path: propertyName === undefined ? path : pointer(path, propertyName),
        code: formatCode(params['format'] as string),
        expected: params['format'] as string,
      };
    case 'pattern':
      return { path, code: 'pattern', expected: params['pattern'] as string };
    case 'minimum':
    case 'maximum':
      return {
        path,
        code: 'range',
        expected: params['limit'] as number,
        bound: keyword === 'minimum' ? 'min' : 'max',
      };
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return { path, code: 'length', expected: params['limit'] as number, bound: 'min' };
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return { path, code: 'length', expected: params['limit'] as number, bound: 'max' };
    case 'enum':
      return {
        path,
        code: 'enum',
        expected: (params['allowedValues'] as readonly unknown[]).map(String).join(', '),
      };
    case 'uniqueItems':
      return { path, code: 'format', expected: 'unique' };
    case 'x-minor-digits-of':
    case 'x-either':
      return {
        path: pointer(path, params['property'] as string),
        code: params['code'] as FieldCode,
        expected: params['expected'] as string,
      };
    case 'anyOf':
    case 'propertyNames':
      return undefined; // the errors of the alternatives and of the name are more specific
    default:
      throw new TypeError(`the schema keyword "${keyword}" has no code`);
  }
}

function typeProblem(path: string, expected: string | readonly string[]): FieldProblem | undefined {
  // the error of the other alternative of a clearable object is more specific
  if (expected === 'null') return undefined;
  return {
    path,
    code: 'type',
    expected:
      typeof expected === 'string' ? expected : expected.filter((type) => type !== 'null').join(),
  };
}

/** The codes of a closed list are a choice, whatever keyword the schema uses. */
const formatCode = (format: string): FieldCode =>
  format === 'country' || format === 'currency' ? 'enum' : 'format';
