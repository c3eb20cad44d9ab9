import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { formats } from '../../apps/api/http/validation/formats.js';
import { isCurrency, minorDigits } from '../../libs/domain/shared/currency.js';
import type { ApiDocument, Parameter, Schema } from './api-document.js';

/** Judges values by the served document only, to compare the document with the service. */
export class ShapeJudge {
  private readonly ajv = strictAjv();
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor({ components }: Pick<ApiDocument, 'components'>) {
    this.ajv.addSchema({ $id: 'document', components });
  }

  fits(schema: Schema, value: unknown): boolean {
    return this.of(schema)(value) === true;
  }

  /** A parameter's text; undefined if it is absent. */
  fitsText({ schema, required }: Parameter, text: string | undefined): boolean {
    return text === undefined ? !required : this.fits(schema, read(schema, text));
  }

  private of(schema: Schema): ValidateFunction {
    const known = this.compiled.get(schema) ?? this.ajv.compile(absolute(schema) as Schema);
    this.compiled.set(schema, known);
    return known;
  }
}

/**
 * Ajv in its strictest mode, with the formats and keywords that the document uses in addition to
 * those of JSON Schema.
 */
export function strictAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats });
  ajv.addVocabulary(['components', 'example']);
  ajv.addKeyword({
    keyword: 'x-minor-digits-of',
    type: 'object',
    schemaType: 'object',
    validate: fitsCurrency,
  });
  ajv.addKeyword({ keyword: 'x-either', type: 'object', schemaType: 'object', validate: hasOneOf });
  return ajv;
}

type Neighbours = Readonly<Record<string, string>>;
type Properties = Readonly<Record<string, unknown>>;

const fitsCurrency = (neighbours: Neighbours, value: Properties): boolean =>
  Object.entries(neighbours).every(([property, neighbour]) => {
    const [amount, currency] = [value[property], value[neighbour]];
    if (typeof amount !== 'string' || typeof currency !== 'string' || !isCurrency(currency))
      return true;
    return (amount.split('.')[1] ?? '').length <= minorDigits(currency);
  });
const hasOneOf = (neighbours: Neighbours, value: Properties): boolean =>
  Object.entries(neighbours).every(
    ([property, neighbour]) => (value[property] === undefined) !== (value[neighbour] === undefined),
  );

/** Addresses contain integers and booleans as texts. */
function read({ type }: Schema, text: string): unknown {
  if (type === 'integer' && /^(0|-?[1-9]\d{0,15})$/.test(text)) return Number(text);
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}

const absolute = (schema: unknown): unknown =>
  JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as unknown;
