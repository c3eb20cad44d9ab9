/**
 * The part of JSON Schema 2020-12 that events need. Formats are patterns, so that all validators
 * agree.
 */
export type Schema = { readonly [keyword: string]: unknown };

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const wholeNumber: Schema = { type: 'integer', minimum: 0 };
export const count: Schema = { type: 'integer', minimum: 1 };
/** −1: the stream does not exist. */
export const seenRevision: Schema = { type: 'integer', minimum: -1 };
export const date: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
export const month: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}$' };
export const instant: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
};
export const uuid: Schema = {
  type: 'string',
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
};
export const country: Schema = { type: 'string', pattern: '^[A-Z]{2}$' };
export const currency: Schema = { type: 'string', pattern: '^[A-Z]{3}$' };
export const decimal: Schema = { type: 'string', pattern: '^-?\\d{1,15}(\\.\\d{1,20})?$' };
export const partnerId: Schema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' };
export const tenantId: Schema = uuid;

export const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
export const constant = (value: unknown): Schema => ({ const: value });
export const either = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });
export const orNull = (schema: Schema): Schema => either(schema, { type: 'null' });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const dictionary = (key: Schema, value: Schema): Schema => ({
  type: 'object',
  propertyNames: key,
  additionalProperties: value,
});
export const tuple = (...items: readonly Schema[]): Schema => ({
  type: 'array',
  prefixItems: items,
  items: false,
  minItems: items.length,
});

/** An object with exactly these fields. Those in `optional` may be absent. */
export const object = (
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});

export const money = object({ amount: decimal, currency });

/** Personal data encrypted with the key of its subject. */
export const sealed = object({
  sealed: constant(1),
  subject: { type: 'string', pattern: '^(customer|partner):.+$' },
  generation: wholeNumber,
  iv: text,
  box: text,
  mac: text,
});
