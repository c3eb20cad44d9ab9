import fc from 'fast-check';
import { isBlank, isPrintableLine } from '../../libs/domain/shared/printable-text.js';
import { type ApiDocument, resolved, type Schema } from './api-document.js';

/** Existing ids by the name of the property that takes them, so that requests get past the 404. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

/** Texts for patterns that are too complex to generate from. */
const samples: readonly string[] = [
  'ja-JP', 'sr-Latn-RS', 'contoso.example', '例え.jp', '+81 (3) 1234-5678', '0.0067', '1.08', '100', 'eyJh', 'JPY', 'USD', 'JP', 'US', 'CustomerRegistered',
  'OrderPlaced', 'program', 'customer-a', 'partner-res-1', '300000.00', '0.01', '0', '999999999999999', 'default', '2026-11', 'customers', '"0"', '"3"', '*',
  'res-1', 'A', 'x'.repeat(64), 'order-refused', 'partner:res-1', 'dry.WzFd',
]; // prettier-ignore
const byFormat: Readonly<Record<string, readonly string[]>> = {
  date: [
    '2020-01-01',
    '2024-02-29',
    '2025-06-30',
    '2026-01-31',
    '2027-03-01',
    '0001-01-01',
    '9999-12-31',
  ],
  month: ['2026-11', '2024-02', '0001-01', '9999-12'],
  instant: ['2026-11-22T09:00:00Z', '2020-02-29T23:59:59.999999999Z'],
  'known-at': ['0', '5', '2026-11-22T09:00:00Z'],
  uuid: ['0b6c5fb0-0000-4000-8000-000000000001', '0B6C5FB0-0000-4000-8000-00000000000F'],
  country: ['JP', 'US', 'FR', 'XK', 'AQ'],
  currency: ['JPY', 'USD', 'KWD', 'CLF'],
  'time-zone': ['Asia/Tokyo', 'UTC', 'America/Argentina/Buenos_Aires'],
  email: ['a@b', 'hanako@contoso.example'],
  'idn-hostname': ['contoso.example', '例え.jp', 'cafe\u0301.fr'],
};

/** Generates values that the document's schemas accept. */
export class SchemaValues {
  constructor(
    private readonly document: Pick<ApiDocument, 'components'>,
    private readonly known: KnownIds,
  ) {}

  value(declared: Schema, name = ''): fc.Arbitrary<unknown> {
    const choice = (declared['anyOf'] as readonly Schema[] | undefined)?.[0] ?? declared;
    const schema = resolved(choice, this.document);
    const fitting = this.typed(schema, name);
    const clearable =
      choice !== declared || (Array.isArray(schema['type']) && schema['type'].includes('null'));
    return clearable
      ? fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: fc.constant(null) })
      : fitting;
  }

  private typed(schema: Schema, name: string): fc.Arbitrary<unknown> {
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
    switch ([schema['type']].flat()[0]) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return wholeNumber(Number(schema['minimum'] ?? 0), Number(schema['maximum'] ?? 10));
      case 'array':
        return this.list(schema, name);
      case 'object':
        return schema['properties'] === undefined ? ratesOf(schema) : this.object(schema);
      default:
        return this.text(schema, name);
    }
  }

  private text(schema: Schema, name: string): fc.Arbitrary<string> {
    const ids = (this.known[name] ?? []).filter((id) => fitsPattern(schema, id));
    const free = freeText(schema);
    return ids.length > 0
      ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: free })
      : free;
  }

  private list(schema: Schema, name: string): fc.Arbitrary<unknown[]> {
    const items = this.value(schema['items'] as Schema, name);
    const bounds = {
      minLength: Number(schema['minItems'] ?? 0),
      maxLength: Math.min(Number(schema['maxItems'] ?? 3), 3),
    };
    return schema['uniqueItems'] === true ? fc.uniqueArray(items, bounds) : fc.array(items, bounds);
  }

  private object(schema: Schema): fc.Arbitrary<unknown> {
    const properties = Object.entries(schema['properties'] as Record<string, Schema>);
    const required = (schema['required'] ?? []) as string[];
    const fields = Object.fromEntries(
      properties.map(([name, property]) => [name, this.value(property, name)]),
    );
    const either = Object.entries((schema['x-either'] ?? {}) as Record<string, string>);
    return fc
      .tuple(
        fc.record(fields, { requiredKeys: [...required, ...either.map(([property]) => property)] }),
        fc.boolean(),
      )
      .map(([value, other]) => leaveOne(withMinorDigits(value, schema), either, other));
  }
}

/** Of currencies, or of categories of tax: the names say which. */
const ratesOf = ({ propertyNames }: Schema): fc.Arbitrary<object> =>
  (propertyNames as Schema)['format'] === 'currency' ? rates : taxRates;
const taxRates = fc.dictionary(
  fc.constantFrom('standard', 'reduced', 'x'),
  fc.constantFrom('0.10', '0', '1.00'),
  { minKeys: 1 },
);
const rates = fc.dictionary(
  fc.constantFrom('USD', 'JPY', 'EUR'),
  fc.constantFrom('1.08', '0.0067', '1'),
  { minKeys: 1 },
);

/**
 * Leaves out one of two fields that exclude each other. The second field is a flag: `true` or
 * absent.
 */
function leaveOne(
  value: Record<string, unknown>,
  either: readonly [string, string][],
  other: boolean,
): unknown {
  const left = either.map(([property, neighbour]) => (other ? property : neighbour));
  const marks = other ? either.map(([, neighbour]) => [neighbour, true]) : [];
  return Object.fromEntries([
    ...Object.entries(value).filter(([name]) => !left.includes(name)),
    ...marks,
  ] as [string, unknown][]);
}

function withMinorDigits(value: Record<string, unknown>, schema: Schema): Record<string, unknown> {
  for (const property of Object.keys((schema['x-minor-digits-of'] ?? {}) as object))
    value[property] = String(value[property]).split('.')[0];
  return value;
}

function wholeNumber(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min, max: Math.min(max, min + 10) }) },
    { weight: 1, arbitrary: fc.constantFrom(min, max) },
  );
}

const fitsPattern = (schema: Schema, text: string): boolean =>
  typeof schema['pattern'] !== 'string' || new RegExp(schema['pattern'], 'u').test(text);

function freeText(schema: Schema): fc.Arbitrary<string> {
  const format = byFormat[String(schema['format'])];
  if (format) return fc.constantFrom(...format);
  if (typeof schema['pattern'] === 'string') {
    const fitting = samples.filter((text) => fitsPattern(schema, text));
    if (fitting.length === 0) throw new Error(`no sample fits ${schema['pattern']}`);
    return fc.constantFrom(...fitting);
  }
  const [min, max] = [Number(schema['minLength'] ?? 0), Number(schema['maxLength'] ?? 20)];
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        '東京商事株式会社',
        'Ærø & Sønner',
        'a',
        '😀'.repeat(Math.min(max, 4)),
        'x'.repeat(max),
        'O\'Brien "; --',
      ),
    },
    {
      weight: 4,
      arbitrary: fc
        .string({ unit: 'grapheme', minLength: Math.max(min, 1), maxLength: 8 })
        .filter((text) => isLine(text, max)),
    },
  );
}
const isLine = (text: string, max: number): boolean =>
  isPrintableLine(text) && !isBlank(text) && [...text].length <= max;
