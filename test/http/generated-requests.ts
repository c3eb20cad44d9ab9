// Longer than 300 lines: one table says how requests of every operation are generated
import fc from 'fast-check';
import type { Role } from '../support/service.js';
import {
  type ApiDocument,
  isCommand,
  type Operation,
  operationsOf,
  type Parameter,
} from './api-document.js';
import { SchemaValues, type KnownIds } from './schema-values.js';
import { ShapeJudge } from './shape-judge.js';
import { oddBodies, mutated } from './mutations.js';

export interface GeneratedRequest {
  readonly operation: Operation;
  readonly method: string;
  readonly target: string;
  readonly role: Role | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer | undefined;
  /** In chunks, without Content-Length. */
  readonly chunked: boolean;
  /** The answer that the document requires. `any`: the document does not decide it. */
  readonly expected:
    | 'no-address'
    | 'unauthorized'
    | 'forbidden'
    | 'media-type'
    | 'malformed'
    | 'well-formed'
    | 'any';
}

/** A part of a request, and whether the document allows it. */
interface Part<Value> {
  readonly value: Value;
  readonly fits: boolean;
  /** Only in an address: it cannot be decoded or is too long, so that it matches no operation. */
  readonly noAddress?: boolean;
}

const wellFormed = { weight: 3, isMutated: false } as const;
const nearlyWellFormed = { weight: 5, isMutated: true } as const;

/** Generates requests for every operation of the document: valid ones, and ones with one error. */
export class GeneratedRequests {
  private readonly values: SchemaValues;
  private readonly judge: ShapeJudge;
  private readonly operations: readonly Operation[];

  constructor(document: ApiDocument, known: KnownIds) {
    this.values = new SchemaValues(document, known);
    this.judge = new ShapeJudge(document);
    this.operations = operationsOf(document);
  }

  any(): fc.Arbitrary<GeneratedRequest> {
    return fc.constantFrom(...this.operations).chain((operation) => this.of(operation));
  }

  of(
    operation: Operation,
    how: readonly ('good' | 'path' | 'query' | 'header' | 'body' | 'media-type')[] = kinds(
      operation,
    ),
  ): fc.Arbitrary<GeneratedRequest> {
    return fc.constantFrom(...how).chain((wrong) =>
      fc
        .record({
          role: anyRole,
          path: this.path(operation, wrong === 'path'),
          query: this.query(operation, wrong === 'query'),
          headers: this.declaredHeaders(operation, wrong === 'header'),
          odd: oddHeaders,
          body: this.body(operation, wrong === 'body'),
          mediaType: mediaTypes(operation, wrong === 'media-type'),
          chunked: fc.oneof(
            { weight: 9, arbitrary: fc.constant(false) },
            { weight: 1, arbitrary: fc.constant(true) },
          ),
          head: fc.oneof(
            { weight: 19, arbitrary: fc.constant(false) },
            { weight: 1, arbitrary: fc.constant(true) },
          ),
        })
        .map(({ role, path, query, headers, odd, body, mediaType, chunked, head }) => ({
          operation,
          method: operation.method === 'GET' && head ? 'HEAD' : operation.method,
          target: path.value + query.value,
          role,
          headers: {
            ...(body.value !== undefined || !('expect' in odd) ? odd : {}),
            ...headers.value,
            ...(body.value !== undefined && { 'content-type': mediaType.value }),
          },
          body: body.value,
          chunked,
          expected: path.noAddress
            ? 'no-address'
            : expectation(
                operation,
                role,
                body.value === undefined || mediaType.fits,
                path.fits && query.fits && headers.fits && body.fits,
              ),
        })),
    );
  }

  private path({ path, parameters }: Operation, wrong: boolean): fc.Arbitrary<Part<string>> {
    const names = parameters.filter((parameter) => parameter.in === 'path');
    const texts = fc.tuple(...names.map((parameter) => this.text(parameter, wrong)));
    return texts.map((found) => ({
      value: found.reduce(
        (made, { value }, index) =>
          made.replace(`{${names[index]?.name ?? ''}}`, () => value ?? ''),
        path,
      ),
      fits: found.every(({ fits }) => fits),
      noAddress: found.some(
        ({ noAddress, value }) => noAddress === true || decodeURIComponent(value).length > 1024,
      ),
    }));
  }

  private query({ path, parameters }: Operation, wrong: boolean): fc.Arbitrary<Part<string>> {
    const declared = parameters.filter((parameter) => parameter.in === 'query');
    const left = fc.tuple(
      ...declared.map(({ required }) => (required && !wrong ? fc.constant(true) : fc.boolean())),
    );
    return fc
      .tuple(
        left,
        fc.tuple(...declared.map((parameter) => this.text(parameter, wrong))),
        wrong ? oddQuery : fc.constant(''),
      )
      .map(([there, texts, odd]) => {
        const pairs = declared.flatMap(({ name }, index) =>
          there[index] ? [`${name}=${texts[index]?.value ?? ''}`] : [],
        );
        const doubled = odd === 'twice' && pairs[0] !== undefined ? [pairs[0]] : [];
        const text = [...pairs, ...doubled, ...(odd === 'twice' ? [] : [odd])]
          .filter((pair) => pair !== '')
          .join('&');
        const fits = declared.every(({ required }, index) =>
          there[index] ? texts[index]?.fits === true : !required,
        );
        const isContract = path.startsWith('/v1/');
        return {
          value: text === '' ? '' : `?${text}`,
          fits: !isContract || (fits && doubled.length === 0 && (odd === '' || odd === 'twice')),
        };
      });
  }

  /** A parameter's text in an address. */
  private text(parameter: Parameter, wrong: boolean): fc.Arbitrary<Part<string>> {
    const good = this.values.value(parameter.schema, parameter.name).map(String);
    const part = (text: string): Part<string> => ({
      value: encodeURIComponent(text),
      fits: this.judge.fitsText(parameter, text),
    });
    if (!wrong) return good.map(part);
    const bad = fc
      .constantFrom('%ff', '%zz', '%', '%E0%A4', '%00', '%2e%2e', '%2F', '%0d%0aX-A:1')
      .map((value) => ({
        value,
        fits: isDecodable(value) && this.judge.fitsText(parameter, decodeURIComponent(value)),
        noAddress: !isDecodable(value),
      }));
    const texts = good
      .chain(mutated)
      .map((text) =>
        typeof text === 'string' ? text.toWellFormed() : JSON.stringify(text ?? 'undefined'),
      )
      .filter((text) => text !== '' && text !== '.' && text !== '..');
    return fc.oneof({ weight: 3, arbitrary: texts.map(part) }, { weight: 1, arbitrary: bad });
  }

  private declaredHeaders(
    { parameters }: Operation,
    wrong: boolean,
  ): fc.Arbitrary<Part<Record<string, string>>> {
    const declared = parameters.filter(
      (parameter) => parameter.in === 'header' && parameter.name !== 'Accept-Language',
    );
    const one = (parameter: Parameter): fc.Arbitrary<Part<Record<string, string>>> => {
      const texts = fc.constantFrom<(string | undefined)[]>(
        ...(wrong ? oddHeaderTexts : (goodHeaderTexts[parameter.name] ?? [undefined])),
        ...(parameter.required ? [] : [undefined, undefined]),
      );
      return texts.map((text) => ({
        value: text === undefined ? {} : { [parameter.name]: text },
        fits: this.judge.fitsText(parameter, text),
      }));
    };
    return fc.tuple(...declared.map(one)).map((found) => ({
      value: Object.assign({}, ...found.map(({ value }) => value)) as Record<string, string>,
      fits: found.every(({ fits }) => fits),
    }));
  }

  private body(
    operation: Operation,
    wrong: boolean,
  ): fc.Arbitrary<Part<string | Buffer | undefined>> {
    const { body } = operation;
    if (!isCommand(operation)) return fc.constant({ value: undefined, fits: true });
    if (body && body.mediaType !== 'application/json')
      return fc.constantFrom<Part<string | Buffer | undefined>>(...csvs);
    const odd = fc.constantFrom(...oddBodies).map((value) => ({ value, fits: false }));
    if (!body)
      return wrong
        ? odd
        : fc.constantFrom({ value: undefined, fits: true }, { value: '{}', fits: true });
    const good = this.values.value(body.schema);
    const part = (value: unknown): Part<string | undefined> => {
      const text = JSON.stringify(value) as string | undefined;
      return {
        value: text,
        fits: text === undefined ? !body.required : this.judge.fits(body.schema, JSON.parse(text)),
      };
    };
    return wrong
      ? fc.oneof(
          { weight: 9, arbitrary: good.chain(mutated).map(part) },
          { weight: 1, arbitrary: odd },
        )
      : good.map(part);
  }
}

type Wrong = 'good' | 'path' | 'query' | 'header' | 'body' | 'media-type';

function kinds(operation: Operation): readonly Wrong[] {
  const spoiling: readonly Wrong[] = isCommand(operation)
    ? ['body', 'body', 'body', 'header', 'query', 'media-type']
    : ['query', 'query', 'query'];
  const good: readonly Wrong[] = Array.from(
    { length: Math.round((spoiling.length * wellFormed.weight) / nearlyWellFormed.weight) },
    () => 'good',
  );
  return [...good, ...spoiling, ...(operation.path.includes('{') ? (['path'] as const) : [])];
}

/**
 * Checks in the order in which the service promises to. The content of an upload is not part of its
 * schema.
 */
function expectation(
  operation: Operation,
  role: Role | undefined,
  fitsMediaType: boolean,
  fits: boolean,
): GeneratedRequest['expected'] {
  if (operation.roles !== 'everyone') {
    if (role === undefined) return 'unauthorized';
    if (!operation.roles.includes(role)) return 'forbidden';
  }
  if (!fitsMediaType) return 'media-type';
  if (!fits) return 'malformed';
  return operation.body && operation.body.mediaType !== 'application/json' ? 'any' : 'well-formed';
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

const anyRole = fc.oneof(
  { weight: 16, arbitrary: fc.constant<Role>('operator') },
  { weight: 3, arbitrary: fc.constantFrom<Role>('order-entry', 'auditor', 'reporting') },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const goodHeaderTexts: Readonly<Record<string, readonly string[]>> = {
  'Idempotency-Key': [
    'order-1',
    'order-2',
    'order-3',
    'k'.repeat(255),
    '!~',
    '0b6c5fb0-0000-4000-8000-000000000001',
  ],
  'If-Match': ['"0"', '"3"', '"9007199254740991"', '*', '"1", "x", W/"2"', ',"0",'],
  'If-None-Match': ['"0"', '*', 'W/"1", "2"', '"x"'],
};
const oddHeaderTexts: readonly string[] = [
  '',
  'a b',
  'k'.repeat(256),
  'k'.repeat(4_000),
  'clé',
  'a,b',
  '"',
  '"01"',
  '""',
  'W/"1"',
  '"1" "2"',
  '"1", *',
  '"99999999999999999"',
  '0',
  '-1',
  '"x"',
  '*',
  'null',
];

const oddHeaders: fc.Arbitrary<Record<string, string | readonly string[]>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Record<string, string | readonly string[]>>(
      ...[
        'ja',
        'ja;q=0.9, en;q=1',
        '*',
        '',
        ';;q=',
        'x'.repeat(3_000),
        'en;q=2',
        'fr',
        ',,,',
        'ja-JP-u-ca-japanese',
      ].map((text) => ({
        'accept-language': text,
      })),
      ...[
        '*/*',
        'text/html',
        'application/pdf',
        'application/problem+json',
        'x',
        '',
        'application/x-ndjson',
        'image/*;q=0',
      ].map((accept) => ({ accept })),
      ...['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'zz', ''].map(
        (traceparent) => ({ traceparent }),
      ),
      ...['a', 'a\tb', 'x'.repeat(500), '${jndi:ldap://x}'].map((text) => ({
        'x-correlation-id': text,
      })),
      ...['GET', 'DELETE'].map((text) => ({ 'x-http-method-override': text })),
      { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', forwarded: 'for=1.1.1.1' },
      { cookie: 'a=b; __proto__=1' },
      { 'last-event-id': '-1' },
      { 'last-event-id': 'x'.repeat(100) },
      { range: 'bytes=0-1' },
      { 'if-modified-since': 'never', 'if-range': '"0"' },
      { expect: '100-continue' },
      { 'x-many': Array.from({ length: 50 }, (_, index) => String(index)) },
    ),
  },
);

const oddQuery = fc.constantFrom(
  '',
  '',
  'twice',
  'extra=1',
  '__proto__=1',
  'constructor=a',
  '%ff=1',
  'a[b]=c',
  'limit[]=1',
  '=',
  '&&x',
  'limit=1&limit=2',
  'q=%',
  `x=${'y'.repeat(4_000)}`,
);

function mediaTypes({ body }: Operation, wrong: boolean): fc.Arbitrary<Part<string>> {
  const own = body?.mediaType ?? 'application/json';
  const good = [
    own,
    own,
    own,
    `${own}; charset=utf-8`,
    `${own};charset="UTF-8"`,
    own.toUpperCase(),
  ];
  const bad = [
    '',
    'text/plain',
    'application/xml',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    `${own}; charset=latin1`,
    'x',
    `${own}, ${own}`,
    own === 'text/csv' ? 'application/json' : 'text/csv',
  ];
  return fc.constantFrom(
    ...(wrong
      ? bad.map((value) => ({ value, fits: false }))
      : good.map((value) => ({ value, fits: true }))),
  );
}

const columns =
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price';
const csvs: readonly Part<string | Buffer | undefined>[] = [
  columns,
  `${columns}\nMicrosoft 365,CFQ7,0001,E3,Microsoft,,1 License,P1M,Monthly,JP,JPY,100,,,1753-01-01,9999-12-31,,120\n`,
  `${columns}\nMicrosoft 365,CFQ7,0001,E3,Microsoft,,1 License,P1M,Monthly,JP,JPY,-1e5,x,y,1753,,,\n`,
  '"', 'a,b\n1', '\0', 'x,'.repeat(50_000), `${columns}\n${',\n'.repeat(2_000)}`, Buffer.from([0xff, 0xfe, 0x41, 0x00]), '\ufeff' + columns, `${columns}\n"${'x'.repeat(300_000)}`,
].map((value) => ({ value, fits: true })); // prettier-ignore
