import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type FieldProblem, fieldProblems } from './field-problem.js';
import { formats } from './formats.js';
import type { Dto } from './json-schema.js';
import { SchemaCatalogue } from './schema-catalogue.js';
import { fitsMinorDigits } from './decorators.js';

/** Returns the faults of a value; undefined if there are none. */
export type BodyValidator = (
  value: unknown,
  sizeBytes?: number,
) => readonly FieldProblem[] | undefined;

/**
 * In practice only an upload is larger. For a larger body only the first fault is reported, so that
 * many faults cost little.
 */
const fullReportUpToBytes = 64 * 1024;

/**
 * The validators by class. Each is compiled on its first use, and the variant that lists all faults
 * on the first faulty value: compiling all of them took a third of the start time. A test compiles
 * every one.
 */
export class Validators {
  readonly catalogue = new SchemaCatalogue();
  private readonly byClass = new Map<Dto, BodyValidator>();

  add(dto: Dto): void {
    this.catalogue.add(dto);
    this.byClass.set(dto, notReady);
  }

  /** Called once at start, when all classes are known. */
  ready(): void {
    const document = { $id: 'sekisho', components: { schemas: this.catalogue.schemas } };
    const first = once(() => ajv(false).addSchema(document));
    const all = once(() => ajv(true).addSchema(document));
    for (const dto of this.byClass.keys()) {
      const fragment = `sekisho#/components/schemas/${dto.name}`;
      this.byClass.set(
        dto,
        validator(
          once(() => compiled(first(), fragment)),
          once(() => compiled(all(), fragment)),
        ),
      );
    }
  }

  of(dto: Dto): BodyValidator {
    const found = this.byClass.get(dto);
    if (!found) throw new TypeError(`${dto.name} was not known at start`);
    return found;
  }
}

const notReady: BodyValidator = () => {
  throw new TypeError('validators can be used after ready()');
};

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** The fast check first: only a faulty request needs the list of faults. */
function validator(first: () => ValidateFunction, all: () => ValidateFunction): BodyValidator {
  return (value, sizeBytes = 0) => {
    const quick = first();
    if (quick(value)) return undefined;
    const judged = sizeBytes <= fullReportUpToBytes ? all() : quick;
    if (judged !== quick) judged(value);
    return fieldProblems(judged.errors ?? []);
  };
}

function compiled(ajv: Ajv2020, fragment: string): ValidateFunction {
  const validate = ajv.getSchema(fragment);
  if (!validate) throw new TypeError(`no schema at ${fragment}`);
  return validate;
}

function ajv(allErrors: boolean): Ajv2020 {
  const instance = new Ajv2020({
    allErrors,
    strict: true,
    allowUnionTypes: true,
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
    messages: false,
    formats,
  });
  instance.addVocabulary(['components']);
  instance.addKeyword({
    keyword: 'x-minor-digits-of',
    type: 'object',
    schemaType: 'object',
    errors: true,
    compile: minorDigitsKeyword,
  });
  instance.addKeyword({
    keyword: 'x-either',
    type: 'object',
    schemaType: 'object',
    errors: true,
    compile: eitherKeyword,
  });
  return instance;
}

interface Keyword {
  (value: Record<string, unknown>): boolean;
  errors?: object[];
}

/**
 * `{ amount: "currency" }`: the amount has at most as many digits after the point as the currency's
 * minor unit.
 */
function minorDigitsKeyword(neighbours: Readonly<Record<string, string>>): Keyword {
  const pairs = Object.entries(neighbours);
  const keyword: Keyword = (value) => {
    for (const [property, neighbour] of pairs) {
      const amount = value[property];
      const currency = value[neighbour];
      if (
        typeof amount !== 'string' ||
        typeof currency !== 'string' ||
        fitsMinorDigits(amount, currency)
      )
        continue;
      keyword.errors = [
        {
          keyword: 'x-minor-digits-of',
          params: { property, code: 'format', expected: 'minor-digits' },
        },
      ];
      return false;
    }
    return true;
  };
  return keyword;
}

/** `{ value: "retracted" }`: exactly one of the two must be present. */
function eitherKeyword(neighbours: Readonly<Record<string, string>>): Keyword {
  const pairs = Object.entries(neighbours);
  const keyword: Keyword = (value) => {
    for (const [property, neighbour] of pairs) {
      const both = value[property] !== undefined && value[neighbour] !== undefined;
      if (!both && (value[property] !== undefined || value[neighbour] !== undefined)) continue;
      const params = both
        ? { property: neighbour, code: 'unknown-field', expected: property }
        : { property, code: 'required' };
      keyword.errors = [{ keyword: 'x-either', params }];
      return false;
    }
    return true;
  };
  return keyword;
}
