import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync } from 'class-validator';
import fc from 'fast-check';
import * as catalogue from '../../dto/catalogue.dto.js';
import * as customers from '../../dto/customers.dto.js';
import * as log from '../../dto/log.dto.js';
import * as orders from '../../dto/orders.dto.js';
import * as corrections from '../../dto/partner-corrections.dto.js';
import * as partnerFacts from '../../dto/partner-facts.dto.js';
import * as partners from '../../dto/partners.dto.js';
import * as paths from '../../dto/paths.js';
import * as policy from '../../dto/policy.dto.js';
import * as money from '../../dto/shared.dto.js';
import * as facts from '../../dto/shared.dto.js';
import * as reading from '../../dto/shared.dto.js';
import type { Dto, JsonSchema } from './json-schema.js';
import { Validators } from './validators.js';
import { repeats } from '../../../../test/support/repeats.js';

const isDto = (value: unknown): value is Dto =>
  typeof value === 'function' &&
  getMetadataStorage().getTargetValidationMetadatas(value, '', false, false).length > 0;
const modules = [
  catalogue,
  customers,
  facts,
  log,
  money,
  orders,
  corrections,
  partnerFacts,
  partners,
  paths,
  policy,
  reading,
];
const dtos: readonly Dto[] = modules.flatMap((module) => Object.values(module)).filter(isDto);

const validators = new Validators();
dtos.forEach((dto) => validators.add(dto));
validators.ready();
const schemas = validators.catalogue.schemas;

const schemaAccepts = (dto: Dto, value: object): boolean => validators.of(dto)(value) === undefined;
const classAccepts = (dto: Dto, value: object): boolean =>
  validateSync(plainToInstance(dto, value), {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  }).length === 0;

/** Texts for patterns that the generator cannot handle. */
const samples: readonly string[] = [
  'ja-JP',
  'sr-Latn-RS',
  'contoso.example',
  '例え.jp',
  '+81 (3) 1234-5678',
  '0.0067',
  '1.08',
  'eyJh',
  'JPY',
  'CustomerRegistered',
  'customer-a',
  'res-1',
  'JP',
  '300000.00',
  '0.01',
  '0',
  '999999999999999',
];
const byFormat: Readonly<Record<string, readonly string[]>> = {
  date: ['2026-11-22', '2024-02-29', '0001-01-01', '9999-12-31'],
  month: ['2026-11', '0001-01'],
  instant: ['2026-11-22T09:00:00Z', '2026-11-22T23:59:59.999999999Z'],
  'known-at': ['0', '9007199254740991', '2026-11-22T09:00:00Z'],
  uuid: ['0b6c5fb0-0000-4000-8000-000000000001', '0B6C5FB0-0000-4000-8000-00000000000F'],
  country: ['JP', 'XK'],
  currency: ['JPY', 'USD', 'KWD', 'CLF'],
  email: ['a@b', 'hanako@contoso.example'],
  'idn-hostname': ['contoso.example', '例え.jp', 'cafe\u0301.fr'],
};
const hostileTexts = [
  '', ' ', 'a\nb', 'a\0', '\ud800', '\u2028', 'x'.repeat(65), 'x'.repeat(257), '😀'.repeat(64), '2026-02-29', '2026-13', '0000-01-01', '2026-11-22T24:00:00Z',
  '9007199254740992', '01', '1.', '-1', '.5', '1.234', '1.23456', '1234567890123456', 'jp', 'ZZ', 'USDX', 'a b', '-a', 'a@', 'P1M', 'constructor', '0', '0.0', 'null',
]; // prettier-ignore

const resolve = (schema: JsonSchema): JsonSchema =>
  typeof schema['$ref'] === 'string' ? schemas[schema['$ref'].split('/').at(-1)!]! : schema;

/**
 * Generates values that a schema accepts. A number or a text length may also be just outside its
 * bound.
 */
function fitting(declared: JsonSchema): fc.Arbitrary<unknown> {
  const schema = resolve((declared['anyOf'] as JsonSchema[] | undefined)?.[0] ?? declared);
  const type = [schema['type']].flat()[0];
  if (Array.isArray(schema['enum']))
    return fc.constantFrom(...(schema['enum'] as unknown[]).filter((value) => value !== null));
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return integer(Number(schema['minimum']), Number(schema['maximum']));
  if (type === 'array') return list(schema);
  if (type === 'object')
    return schema['properties']
      ? object(schema)
      : fc.dictionary(fc.constantFrom('USD', 'JPY'), fc.constantFrom('1.08', '0.0067', '1'), {
          minKeys: 1,
        });
  if (typeof schema['format'] === 'string' && byFormat[schema['format']])
    return fc.constantFrom(...byFormat[schema['format']]!);
  if (typeof schema['pattern'] === 'string')
    return fc.constantFrom(
      ...samples.filter((text) => new RegExp(schema['pattern'] as string, 'u').test(text)),
    );
  const max = Number(schema['maxLength'] ?? 10);
  return fc.oneof(
    {
      weight: 20,
      arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(max, 12) }),
    },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(max), 'x'.repeat(max + 1)) },
  );
}

const integer = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min, max }) },
    { weight: 2, arbitrary: fc.constantFrom(min, max) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        Math.max(min - 1, Number.MIN_SAFE_INTEGER),
        Math.min(max + 1, Number.MAX_SAFE_INTEGER),
      ),
    },
  );

function list(schema: JsonSchema): fc.Arbitrary<unknown[]> {
  const items = fitting(schema['items'] as JsonSchema);
  const bounds = {
    minLength: Number(schema['minItems'] ?? 0),
    maxLength: Math.min(Number(schema['maxItems'] ?? 3), 3),
  };
  return schema['uniqueItems'] === true ? fc.uniqueArray(items, bounds) : fc.array(items, bounds);
}

function object(schema: JsonSchema): fc.Arbitrary<Record<string, unknown>> {
  const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>);
  const required = (schema['required'] ?? []) as string[];
  return fc.record(
    Object.fromEntries(properties.map(([name, property]) => [name, fitting(property)])),
    { requiredKeys: required },
  );
}

/** Changes that clients make to a valid request. */
const spoil = (value: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> => {
  const name = fc.constantFrom(...Object.keys(value), 'extra');
  const nested = Object.entries(value).filter(
    ([, inner]) => typeof inner === 'object' && inner !== null && !Array.isArray(inner),
  );
  return fc.oneof(
    fc.constant(value),
    name.map((key) => Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))),
    fc
      .tuple(
        name,
        fc.oneof(
          fc.constantFrom<unknown>(...hostileTexts),
          fc.constantFrom<unknown>(0, 1, -1, 1.5, true, false, [], {}, ['x'], [1], { a: 1 }),
        ),
      )
      .map(([key, other]) => ({ ...value, [key]: other })),
    ...nested.map(([key, inner]) =>
      spoil(inner as Record<string, unknown>).map((spoilt) => ({ ...value, [key]: spoilt })),
    ),
  );
};

/** `@ValidateNested` accepts a list of objects in place of an object; the schema does not. */
const listForObject = (schema: JsonSchema, value: Record<string, unknown>): boolean =>
  Object.entries(schema['properties'] as Record<string, JsonSchema>).some(
    ([name, property]) => ('$ref' in property || 'anyOf' in property) && Array.isArray(value[name]),
  );

describe('the compiled schema and class-validator', () => {
  it('know the same classes', () => expect(dtos.length).toBeGreaterThan(45));

  it.each(dtos.map((dto) => [dto.name, dto] as const))(
    'give the same verdict on %s',
    (_name, dto) => {
      const schema = schemas[dto.name]!;
      let accepted = 0;
      fc.assert(
        fc.property(object(schema).chain(spoil), (value) => {
          const verdict = schemaAccepts(dto, value);
          if (verdict) accepted++;
          if (listForObject(schema, value)) expect(verdict).toBe(false);
          else
            expect({ value, accepted: verdict }).toEqual({
              value,
              accepted: classAccepts(dto, value),
            });
        }),
        { numRuns: repeats('VERDICTS', { usual: 40, full: 150 }), seed: 20_261_122 },
      );
      expect(accepted).toBeGreaterThan(0);
    },
  );
});

describe('the schema is intentionally stricter', () => {
  const line = { offerId: 'A:0001', quantity: 1, term: 'P1Y', billingPlan: 'annual' };
  const order = {
    partnerId: 'res-1',
    tenantId: '0b6c5fb0-0000-4000-8000-000000000001',
    currency: 'JPY',
    lines: [line],
  };
  it.each<[string, Dto, object]>([
    [
      'null for a field that cannot be cleared (class-validator: @IsOptional lets it through)',
      orders.PlaceOrderDto,
      { ...order, providerId: null },
    ],
    ['an integer that a double cannot hold', reading.ReadQuery, { minPosition: 1e300 }],
    [
      'a list in place of an object',
      customers.RegisterCustomer,
      { legalName: 'a', country: 'JP', creditLimit: [{ amount: '1', currency: 'JPY' }] },
    ],
  ])('%s', (_what, dto, value) => {
    expect(classAccepts(dto, value)).toBe(true);
    expect(schemaAccepts(dto, value)).toBe(false);
  });

  it('never accepts what class-validator refuses, with null anywhere or numbers that a double cannot hold', () => {
    for (const dto of dtos) {
      fc.assert(
        fc.property(
          object(schemas[dto.name]!).chain((value) =>
            fc.tuple(
              fc.constant(value),
              fc.constantFrom(...Object.keys(value), 'x'),
              fc.constantFrom(null, 1e300, -1e300, [null]),
            ),
          ),
          ([value, name, odd]) => {
            const spoilt = { ...value, [name]: odd };
            expect(!schemaAccepts(dto, spoilt) || classAccepts(dto, spoilt)).toBe(true);
          },
        ),
        { numRuns: repeats('ODD_VERDICTS', { usual: 15, full: 40 }), seed: 1 },
      );
    }
  });
});
