// Longer than 300 lines: one started service, and every kind of request to it
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, HttpCode, Module, Post, Put } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ApiKeys, digestOfKey } from '../../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../../libs/platform/authentication/authenticator.js';
import type { Role } from '../../../libs/platform/authentication/principal.js';
import { createLogger } from '../../../libs/platform/logging.js';
import { Ctx, FromBody, FromPath, FromQuery, Upload } from './routing/request-decorators.js';
import { Allow, Conditional, Idempotent } from './routing/route-declaration.js';
import { createHttp, type HttpService } from './bootstrap.js';
import { answer, emptyAnswer, problemAnswer } from './response/answer.js';
import { heartbeat, serverSentEvent, streamed } from './response/stream.js';
import { RequestContext, requirePartnerScope } from './request/request-context.js';
import { PositionNotReached } from '../../../libs/read-models/errors.js';
import { refusalProblem } from './problems/refusals.js';
import { Clearable, Guid, Line, PartnerIdText } from './validation/decorators.js';

class SampleLine {
  @IsInt() @Min(1) @Max(10) readonly quantity!: number;
  @Line(1, 8) readonly offerId!: string;
}
class SampleOrder {
  @PartnerIdText() readonly partnerId!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => SampleLine)
  readonly lines!: readonly SampleLine[];
  @IsOptional() @Line(0, 128) readonly reference?: string;
  @Clearable() @IsIn(['a', 'b']) readonly choice?: 'a' | 'b' | null;
}
class SamplePath {
  @Guid() readonly id!: string;
}
class SampleQuery {
  @IsOptional() @IsInt() @Min(1) @Max(500) readonly limit?: number;
  @IsOptional() @Line(1, 20) readonly q?: string;
}

@Controller('v1')
class SampleController {
  @Post('orders')
  @Allow('enter orders')
  @Idempotent('required')
  place(@Ctx() context: RequestContext, @FromBody() order: SampleOrder): string {
    requirePartnerScope(context, order.partnerId);
    if (order.reference === 'refuse')
      return problemAnswer(
        context,
        'order-refused',
        { extensions: { reasons: ['seller-unknown'] } },
        { position: 3 },
      );
    return answer(
      context,
      { ...order, preconditions: context.preconditions, trace: context.traceparent ?? null },
      { status: 201, position: 7, revision: 2, replayed: true },
    );
  }

  @Get('orders/:id')
  @Allow('read customers and orders')
  read(
    @Ctx() context: RequestContext,
    @FromPath() { id }: SamplePath,
    @FromQuery() query: SampleQuery,
  ): string {
    return answer(context, { id, ...query });
  }

  @Put('lists')
  @Allow('operate')
  upload(
    @Ctx() context: RequestContext,
    @Upload('text/csv', 2 * 1024 * 1024) bytes: Buffer,
  ): string {
    return answer(context, { bytes: bytes.length });
  }

  @Get('revised/:id')
  @Allow('read customers and orders')
  @Conditional()
  revised(@Ctx() context: RequestContext, @FromPath() _path: SamplePath): string {
    return answer(context, { text: 'whole' }, { revision: 2, position: 9 });
  }

  @Delete('orders/:id')
  @Allow('operate')
  erase(@Ctx() context: RequestContext, @FromPath() _path: SamplePath): undefined {
    return emptyAnswer(context, { position: 1 });
  }

  static ended = 0;

  @Get('stream')
  @Allow('read everything')
  stream(@Ctx() context: RequestContext): unknown {
    const events = async function* (): AsyncGenerator<string> {
      try {
        yield heartbeat;
        for (let id = 0; !context.signal.aborted; id++) {
          yield serverSentEvent({ id }, String(id));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      } finally {
        SampleController.ended++;
      }
    };
    return streamed(context, 'text/event-stream; charset=utf-8', events());
  }

  @Get('faults/:id')
  @Allow('everyone')
  @HttpCode(200)
  fault(@Ctx() context: RequestContext, @FromPath() { id }: SamplePath): string {
    if (id.startsWith('1')) throw refusalProblem({ code: 'malformed', path: '/on', rule: 'range' });
    if (id.startsWith('2'))
      throw refusalProblem({ code: 'fact-ambiguous', factIds: ['x'] } as never);
    if (id.startsWith('3')) throw new PositionNotReached(5, 4);
    if (id.startsWith('4'))
      return new Promise((resolve) =>
        context.signal.addEventListener('abort', () => resolve('ended')),
      ) as never;
    throw new Error('secret internals');
  }
}
@Module({ controllers: [SampleController] })
class SampleModule {}

const keys: Record<string, { roles: Role[]; partnerIds?: string[] }> = {
  shop: { roles: ['order-entry'] },
  scoped: { roles: ['order-entry'], partnerIds: ['res-1'] },
  audit: { roles: ['auditor'] },
  root: { roles: ['operator'] },
};
const authenticator = new BearerAuthenticator(
  new ApiKeys(Object.entries(keys).map(([id, key]) => ({ id, sha256: digestOfKey(id), ...key }))),
  { principalOf: () => Promise.resolve({ id: 'jwt:i|s', roles: ['auditor'] as const }) },
);
const logged: string[] = [];
const logger = createLogger('debug', { write: (line: string) => void logged.push(line) });

let service: HttpService;
let base: string;
beforeAll(async () => {
  service = await createHttp(SampleModule, { authenticator, logger, logPosition: () => 41 });
  base = await service.listen('127.0.0.1', 0);
});
afterAll(() => service.close());

interface Sent {
  readonly key?: string | null;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown> & {
    errors?: { path: string; code: string; message: string }[];
  };
}
const call = async (
  path: string,
  { key = 'shop', method, body, headers = {} }: Sent = {},
): Promise<Got> => {
  const raw =
    typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream;
  const response = await fetch(base + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      'idempotency-key': 'k',
      ...headers,
    },
    ...(body !== undefined && {
      body: (raw ? body : JSON.stringify(body)) as string,
      duplex: 'half',
    }),
  } as RequestInit);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Got['json'],
  };
};
const order = { partnerId: 'res-1', lines: [{ quantity: 1, offerId: 'A:0001' }] };
const id = '0B6c5fb0-0000-4000-8000-000000000001';

describe('an answer', () => {
  it('has the position, the ETag and the requested echo', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const { status, headers, json } = await call('/v1/orders', {
      body: order,
      headers: { 'if-match': '"7"', 'x-correlation-id': 'mine-1', traceparent },
    });
    expect(status).toBe(201);
    expect(json).toEqual({ ...order, preconditions: { ifMatch: [7] }, trace: traceparent });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect([
      headers.get('log-position'),
      headers.get('etag'),
      headers.get('idempotency-replayed'),
    ]).toEqual(['7', '"2"', 'true']);
    expect(headers.get('x-correlation-id')).toBe('mine-1');
  });
  it('has a new correlation id when the client sends none or an invalid one', async () => {
    expect(
      (
        await call('/v1/orders', { body: order, headers: { 'x-correlation-id': 'a b' } })
      ).headers.get('x-correlation-id'),
    ).toMatch(/^[0-9a-f-]{36}$/);
  });
  it('is 204 without a body', async () => {
    const { status, text, headers } = await call(`/v1/orders/${id}`, {
      key: 'root',
      method: 'DELETE',
    });
    expect([status, text, headers.get('log-position')]).toEqual([204, '', '1']);
  });
  it('comes from path and query values read as declared', async () => {
    expect((await call(`/v1/orders/${id}?limit=500&q=a+b%20c`)).json).toEqual({
      id,
      limit: 500,
      q: 'a b c',
    });
  });
  it('to a refused decision is a problem document with its own members', async () => {
    const { status, json, headers } = await call('/v1/orders', {
      body: { ...order, reference: 'refuse' },
    });
    expect([status, json['type'], json['reasons'], headers.get('log-position')]).toEqual([
      422,
      '/problems/order-refused',
      ['seller-unknown'],
      '3',
    ]);
  });
});

describe('the answer to a command that was not decided', () => {
  it.each<[string, string | null, number, Sent]>([
    ['a malformed one', '41', 400, { body: {} }],
    [
      'one without the key that it needs',
      '41',
      400,
      { body: order, headers: { 'idempotency-key': '' } },
    ],
    [
      'one of another content type',
      '41',
      415,
      { body: order, headers: { 'content-type': 'text/plain' } },
    ],
    [
      'one outside the caller’s scope',
      '41',
      403,
      { key: 'scoped', body: { ...order, partnerId: 'res-2' } },
    ],
    ['one that the role does not allow', '41', 403, { key: 'audit', body: order }],
    ['one without a credential', null, 401, { key: null, body: order }],
  ])('has the log’s last known position: %s', async (_what, position, expected, sent) => {
    const { status, headers } = await call('/v1/orders', sent);
    expect([status, headers.get('log-position')]).toEqual([expected, position]);
  });
  it('has no position if it is a malformed read', async () => {
    expect((await call(`/v1/orders/${id}?limit=0`)).headers.get('log-position')).toBeNull();
  });
});

describe('a read with an ETag', () => {
  const conditional = (headers: Record<string, string>, method = 'GET') =>
    call(`/v1/revised/${id}`, { method, headers });
  it.each<[number, Record<string, string>]>([
    [304, { 'if-none-match': '"2"' }],
    [304, { 'if-none-match': '"1", W/"2"' }],
    [304, { 'if-none-match': '*' }],
    [304, { 'if-none-match': '"2"', 'if-match': '"2"' }],
    [200, { 'if-none-match': '"1", "x"' }],
    [200, { 'if-match': '"1", "2"' }],
    [200, { 'if-match': '*', 'if-none-match': '"1"' }],
    [412, { 'if-match': '"1"' }],
    [412, { 'if-match': 'W/"2"' }],
    [412, { 'if-match': '"x"', 'if-none-match': '"2"' }],
    [400, { 'if-none-match': '2' }],
    [400, { 'if-match': '"2" "3"' }],
  ])('is %i for %j', async (status, headers) => {
    for (const method of ['GET', 'HEAD']) {
      const got = await conditional(headers, method);
      expect([got.status, got.headers.get('etag')]).toEqual([
        status,
        status === 400 ? null : '"2"',
      ]);
      if (status === 304)
        expect([
          got.text,
          got.headers.get('content-length'),
          got.headers.get('log-position'),
        ]).toEqual(['', null, '9']);
      if (status === 200 && method === 'GET') expect(got.json).toEqual({ text: 'whole' });
    }
  });
});

describe('the order of checks', () => {
  const big = { ...order, reference: 'x'.repeat(1024 * 1024) };
  it.each<[string, number, string, Sent]>([
    [
      'no credential, even with other errors',
      401,
      'unauthorized',
      { key: null, body: big, headers: { 'content-type': 'text/plain' } },
    ],
    ['an unknown credential', 401, 'unauthorized', { key: 'nobody', body: '{' }],
    ['a forbidden role, with any body', 403, 'forbidden', { key: 'audit', body: '{' }],
    ['a body that is too large', 413, 'payload-too-large', { body: big }],
    [
      'another content type',
      415,
      'unsupported-media-type',
      { body: '<a/>', headers: { 'content-type': 'text/plain' } },
    ],
    [
      'another charset',
      415,
      'unsupported-media-type',
      { body: order, headers: { 'content-type': 'application/json; charset=utf-16' } },
    ],
    [
      'a body that only claims to be compressed',
      400,
      'malformed-request',
      { body: order, headers: { 'content-encoding': 'gzip' } },
    ],
    ['a body that is no JSON', 400, 'malformed-request', { body: '{' }],
    [
      'a body that is not UTF-8',
      400,
      'malformed-request',
      { body: new Uint8Array([0x22, 0xff, 0x22]) },
    ],
    [
      'no body',
      400,
      'malformed-request',
      { method: 'POST', headers: { 'content-type': 'application/json' } },
    ],
    [
      'a malformed body before the scope',
      400,
      'malformed-request',
      { key: 'scoped', body: { ...order, partnerId: 'res-2', x: 1 } },
    ],
    [
      'no Idempotency-Key',
      400,
      'malformed-request',
      { body: order, headers: { 'idempotency-key': 'a b' } },
    ],
    [
      'an If-Match that is no tag',
      400,
      'malformed-request',
      { body: order, headers: { 'if-match': '7' } },
    ],
    [
      'an If-None-Match that is no tag',
      400,
      'malformed-request',
      { body: order, headers: { 'if-none-match': '"7' } },
    ],
    [
      'a partner outside the scope',
      403,
      'outside-scope',
      { key: 'scoped', body: { ...order, partnerId: 'res-2' } },
    ],
  ])('answers %s: %i %s', async (_what, status, code, sent) => {
    const got = await call('/v1/orders', sent);
    expect([got.status, got.json['type'], got.json['status']]).toEqual([
      status,
      `/problems/${code}`,
      status,
    ]);
    expect(got.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(got.json['instance']).toBe('/v1/orders');
    expect(got.headers.get('www-authenticate') !== null).toBe(status === 401);
  });

  it('stops reading a body of unknown length at the limit', async () => {
    const chunk = new Uint8Array(256 * 1024).fill(0x20);
    let sent = 0;
    const body = new ReadableStream({
      pull: (controller) => (sent++ < 8 ? controller.enqueue(chunk) : controller.close()),
    });
    expect((await call('/v1/orders', { body })).status).toBe(413);
  });

  it('requires an Idempotency-Key on commands that need one', async () => {
    const response = await fetch(`${base}/v1/orders`, {
      method: 'POST',
      body: JSON.stringify(order),
      headers: { authorization: 'Bearer shop', 'content-type': 'application/json' },
    });
    expect([response.status, ((await response.json()) as { type: string }).type]).toEqual([
      400,
      '/problems/idempotency-key-required',
    ]);
  });

  it('accepts tokens when no keys are configured', async () => {
    expect((await call(`/v1/orders/${id}`, { key: 'a.b.c' })).status).toBe(200);
    expect((await call('/v1/orders', { key: 'a.b.c', body: order })).status).toBe(403);
  });
});

describe('a malformed request', () => {
  it.each<[string, unknown, string, string]>([
    ['a missing field', { lines: order.lines }, '/partnerId', 'required'],
    ['an unknown field', { ...order, x: 1 }, '/x', 'unknown-field'],
    ['an unknown field with a slash', { ...order, 'a/b~': 1 }, '/a~1b~0', 'unknown-field'],
    [
      'another type',
      { ...order, lines: [{ quantity: '1', offerId: 'A' }] },
      '/lines/0/quantity',
      'type',
    ],
    [
      'half a seat',
      { ...order, lines: [{ quantity: 1.5, offerId: 'A' }] },
      '/lines/0/quantity',
      'type',
    ],
    [
      'too many',
      { ...order, lines: [{ quantity: 11, offerId: 'A' }] },
      '/lines/0/quantity',
      'range',
    ],
    [
      '1e300 of them',
      { ...order, lines: [{ quantity: 1e300, offerId: 'A' }] },
      '/lines/0/quantity',
      'range',
    ],
    ['no lines', { ...order, lines: [] }, '/lines', 'length'],
    ['a pattern', { ...order, partnerId: '-x' }, '/partnerId', 'pattern'],
    ['a lone surrogate', { ...order, reference: '\ud800' }, '/reference', 'format'],
    ['U+0000', { ...order, reference: 'a\0' }, '/reference', 'format'],
    ['a line break', { ...order, reference: 'a\nb' }, '/reference', 'format'],
    ['null where it clears nothing', { ...order, reference: null }, '/reference', 'type'],
    ['a choice', { ...order, choice: 'c' }, '/choice', 'enum'],
    ['a list', [order], '', 'type'],
    ['null', 'null', '', 'type'],
    ['a number', '1', '', 'type'],
    [
      'a poisoned prototype',
      '{"partnerId":"res-1","lines":[{"quantity":1,"offerId":"A"}],"__proto__":{"x":1}}',
      '/__proto__',
      'unknown-field',
    ],
    [
      'a poisoned constructor',
      '{"partnerId":"res-1","lines":[{"quantity":1,"offerId":"A"}],"constructor":{"prototype":{}}}',
      '/constructor',
      'unknown-field',
    ],
  ])('is answered with the faulty field: %s', async (_what, body, path, code) => {
    const { status, json } = await call('/v1/orders', { body });
    expect(status).toBe(400);
    expect(json.errors).toContainEqual({ path, code, message: expect.any(String) });
  });

  it.each<[string, string, string]>([
    [
      'a name twice',
      '{"partnerId":"res-1","lines":[{"quantity":1,"\\u0071uantity":2,"offerId":"A"}]}',
      '/lines/0/quantity',
    ],
    ['33 lists in each other', `{"x":${'['.repeat(32)}${']'.repeat(32)}}`, ''],
    ['a million lists in each other', '['.repeat(1024 * 1024), ''],
  ])('is refused for ambiguous or invalid JSON: %s', async (_what, body, path) => {
    const { status, json } = await call('/v1/orders', { body });
    expect([status, json.errors]).toEqual([
      400,
      [{ path, code: 'format', message: expect.any(String) }],
    ]);
  });
  it('does not include JSON with a byte-order mark', async () =>
    expect(
      (await call('/v1/orders', { body: `\ufeff${JSON.stringify(order)}` })).json,
    ).toMatchObject(order));

  it('does not include a null that clears a field', async () =>
    expect((await call('/v1/orders', { body: { ...order, choice: null } })).status).toBe(201));

  it('is answered with all its errors at once', async () => {
    const { json } = await call('/v1/orders', {
      body: { partnerId: 1, lines: [{ quantity: 0 }], y: 1 },
    });
    expect(json.errors!.map(({ path, code }) => `${path} ${code}`).sort()).toEqual([
      '/lines/0/offerId required',
      '/lines/0/quantity range',
      '/partnerId type',
      '/y unknown-field',
    ]);
  });

  it('costs little even with a flood of errors', async () => {
    const started = performance.now();
    const { status, json } = await call('/v1/orders', {
      body: { ...order, lines: Array.from({ length: 200_000 }, () => 0) },
    });
    expect(status).toBe(400);
    expect(json.errors!.length).toBeLessThanOrEqual(100);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('does no harm by deep nesting', async () => {
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    expect((await call('/v1/orders', { body: deep })).status).toBe(400);
    expect((await call('/v1/orders', { body: `{"partnerId":${deep}}` })).status).toBe(400);
  });

  it.each([
    ['?limit=0', '/limit', 'range'],
    ['?limit=501', '/limit', 'range'],
    ['?limit=1.0', '/limit', 'type'],
    ['?limit=01', '/limit', 'type'],
    ['?limit=', '/limit', 'type'],
    ['?limit=1&limit=2', '/limit', 'type'],
    ['?offset=1', '/offset', 'unknown-field'],
    ['?__proto__=1', '/__proto__', 'unknown-field'],
    ['?q=%ff', '/q', 'format'],
    ['?q=%', '/q', 'format'],
    ['?q=%00', '/q', 'format'],
  ])('is answered for the query %s', async (query, path, code) => {
    const { status, json } = await call(`/v1/orders/${id}${query}`);
    expect([status, json.errors]).toEqual([
      400,
      [{ path, code, message: expect.any(String), in: 'query' }],
    ]);
  });

  it('is answered for a path parameter', async () => {
    expect((await call('/v1/orders/nope')).json.errors).toEqual([
      { path: '/id', code: 'format', message: 'This must be a GUID.', in: 'path' },
    ]);
  });
  it('is answered for a query or a body where the route takes none', async () => {
    expect((await call(`/v1/orders/${id}?x=1`, { key: 'root', method: 'DELETE' })).status).toBe(
      400,
    );
    expect(
      (await call(`/v1/orders/${id}`, { key: 'root', method: 'DELETE', body: {} })).status,
    ).toBe(204);
    expect(
      (await call(`/v1/orders/${id}`, { key: 'root', method: 'DELETE', body: { x: 1 } })).status,
    ).toBe(400);
  });
});

describe('addresses', () => {
  it.each<[string, string, number]>([
    ['GET', '/v1/nothing', 404],
    ['GET', '/v1/orders', 405],
    ['PATCH', `/v1/orders/${id}`, 405],
    ['GET', '/v1/orders/%', 400],
    ['GET', '/v1/orders/%ff', 400],
    ['GET', `/v1/orders/${'a'.repeat(8192)}`, 400],
    ['GET', `/v1/orders/${'a'.repeat(8193)}`, 414],
    ['GET', '/v1/orders//', 404],
    ['OPTIONS', '/v1/orders', 405],
    ['PROPFIND', '/v1/orders', 405],
    ['PROPFIND', '/v1/nothing', 404],
    ['GET', '//', 404],
    ['GET', '/v1/orders/a;b?%00=%', 400],
  ])('are answered: %s %.40s: %i', async (method, path, status) => {
    const got = await call(path, { method });
    expect([got.status, got.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    if (status === 405) expect(got.headers.get('allow')).toMatch(/POST|GET/);
  });
  it('that are unknown are answered without a credential', async () =>
    expect((await call('/v1/nothing', { key: null })).status).toBe(404));
  it.each([
    ['another version', 'GET / HTTP/9.9\r\n\r\n'],
    ['nonsense', 'nonsense\r\n\r\n'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
    ],
  ])('are closed to malformed HTTP: %s', async (_what, text) => {
    const { port } = new URL(base);
    const answered = await new Promise<string>((resolve) => {
      let all = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
      socket
        .on('data', (data) => (all += String(data)))
        .on('close', () => resolve(all))
        .on('error', () => resolve(all));
    });
    expect(answered).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answered).toContain('application/problem+json');
  });
});

describe('raw requests that no HTTP library sends', () => {
  const sent = async (text: string): Promise<string> =>
    new Promise((resolve) => {
      let all = '';
      const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(text));
      socket
        .on('data', (data) => (all += String(data)))
        .on('close', () => resolve(all))
        .on('error', () => resolve(all));
    });
  const head = 'Host: localhost\r\nConnection: close\r\nAuthorization: Bearer shop\r\n';
  const json = 'Content-Type: application/json\r\nIdempotency-Key: k\r\n';
  it.each([
    `GET *users HTTP/1.1\r\n${head}\r\n`,
    `OPTIONS * HTTP/1.1\r\n${head}\r\n`,
    `GET http://other/v1/nothing HTTP/1.1\r\n${head}\r\n`,
    `GET http://:x/v1/nothing HTTP/1.1\r\n${head}\r\n`,
    `GET /v1/orders/\x80 HTTP/1.1\r\n${head}\r\n`,
    `GET /v1/orders/${id}?a HTTP/1.1\r\n${head}\r\n`,
    `POST /v1/orders HTTP/1.1\r\n${head}${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `POST /v1/orders HTTP/1.1\r\n${head}${json}Content-Length: -1\r\n\r\n`,
    `POST /v1/orders HTTP/1.1\r\n${head}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `POST /v1/orders HTTP/1.1\r\n${head}${json}Transfer-Encoding: gzip\r\n\r\n`,
    `POST /v1/orders HTTP/1.1\r\n${head}Content-Type: \x01\r\n\r\n`,
    `POST /v1/orders HTTP/1.1\r\n${head}${json}Content-Type: text/csv\r\nContent-Length: 2\r\n\r\n{}`,
    `POST /v1/orders HTTP/1.1\r\nConnection: close\r\n\r\n`,
    `DELETE /v1/orders HTTP/1.1\r\n${head}Expect: 200-maybe\r\n\r\n`,
  ])('are answered 4xx: %j', async (text) =>
    expect(await sent(text)).toMatch(/^HTTP\/1\.1 4\d\d /),
  );

  it('do not affect others when a client disconnects in the middle of a body', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => {
      socket.write(`POST /v1/orders HTTP/1.1\r\n${head}${json}Content-Length: 100\r\n\r\n{`);
      setTimeout(() => socket.destroy(), 20);
    });
    await new Promise((resolve) => socket.on('close', resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await call('/v1/orders', { body: order })).status).toBe(201);
    expect(logged.join()).not.toContain('ECONNRESET');
  });
});

describe('languages and pages', () => {
  it.each([
    ['ja', 'ja'],
    ['ja-JP,ja;q=0.9,en;q=0.8', 'ja'],
    ['en;q=0.5, ja;q=0.6', 'ja'],
    ['en, ja', 'en'],
    ['fr, ja;q=0.5', 'ja'],
    ['*', 'en'],
    ['ja;q=0', 'en'],
    ['fr', 'en'],
    [';;q=,,', 'en'],
  ])('follow Accept-Language %s: %s', async (header, language) => {
    const { json, headers } = await call('/v1/nothing', { headers: { 'accept-language': header } });
    expect([headers.get('content-language'), json['title']]).toEqual([
      language,
      language === 'ja' ? '見つかりません' : 'Not found',
    ]);
  });
  it('have a page for every problem, for people and for programs', async () => {
    expect((await call('/problems/order-refused', { key: null })).text).toContain(
      '<h1>The order is refused</h1>',
    );
    expect(
      (await call('/problems/seller-unknown', { key: null, headers: { 'accept-language': 'ja' } }))
        .text,
    ).toContain('lang="ja"');
    expect(
      (await call('/problems/contention', { key: null, headers: { accept: 'application/json' } }))
        .json,
    ).toMatchObject({
      code: 'contention',
      status: 409,
    });
    expect((await call('/problems/nothing-like-it', { key: null })).status).toBe(404);
    expect((await call('/problems', { key: null })).text).toContain(
      'href="/problems/tenant-csp-associated"',
    );
  });
  it('include the documentation', async () => {
    expect((await call('/docs', { key: null })).text).toContain('/docs/swagger-ui-bundle.js');
    expect((await call('/docs/swagger-ui.css', { key: null })).headers.get('content-type')).toBe(
      'text/css; charset=utf-8',
    );
    expect((await call('/docs/package.json', { key: null })).status).toBe(400);
  });
  it.each([
    ['/docs', 'no-cache'],
    ['/openapi.json', 'no-cache'],
    ['/docs/swagger-ui.css', 'public, max-age=3600'],
    ['/docs/swagger-ui-bundle.js', 'public, max-age=3600'],
    ['/docs/start.js', 'public, max-age=3600'],
  ])('let clients cache %s and are not sent again to them', async (path, cacheControl) => {
    const etag = (await call(path, { key: null })).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = await call(path, { key: null, headers: { 'if-none-match': `W/${etag}` } });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    expect(again.headers.get('cache-control')).toBe(cacheControl);
    expect((await call(path, { key: null, headers: { 'if-none-match': '"other"' } })).status).toBe(
      200,
    );
  });
  it.each([
    '/',
    '/docs',
    '/docs/start.js',
    '/openapi.json',
    '/problems',
    '/problems/not-found',
    '/metrics',
  ])('ignore a query on %s', async (path) => {
    for (const query of ['?', '?x=1&x=2', '?%ff=%', '?__proto__'])
      expect([query, (await call(path + query, { key: 'root' })).status]).toEqual([query, 200]);
  });
  it('redirect the bare address to the documentation', async () => {
    const answered = await fetch(`${base}/`, { redirect: 'manual' });
    expect([answered.status, answered.headers.get('location')]).toEqual([302, '/docs']);
  });
  it('show metrics to auditors and operators only', async () => {
    await call('/v1/orders', { body: order });
    expect((await call('/metrics', { key: 'audit' })).text).toMatch(
      /sekisho_http_request_seconds_count\{method="POST",route="\/v1\/orders",status="201"\} \d+/,
    );
    expect((await call('/metrics')).status).toBe(403);
    expect((await call('/metrics', { key: null })).status).toBe(401);
  });
});

describe('errors of inner layers', () => {
  const fault = (digit: string): Promise<Got> =>
    call(`/v1/faults/${digit}0000000-0000-4000-8000-000000000000`, { key: null });
  it('are answered as a malformed request when a refusal says so', async () =>
    expect((await fault('1')).json).toMatchObject({
      status: 400,
      errors: [{ path: '/on', code: 'range' }],
    }));
  it('keep the members of a refusal', async () =>
    expect((await fault('2')).json).toMatchObject({
      type: '/problems/fact-ambiguous',
      factIds: ['x'],
    }));
  it('are answered as known problems', async () =>
    expect((await fault('3')).json).toMatchObject({
      type: '/problems/position-not-reached',
      status: 400,
    }));
  it('that are defects are logged under the correlation id and not disclosed', async () => {
    const got = await fault('5');
    expect([got.status, got.json['correlationId']]).toEqual([
      500,
      got.headers.get('x-correlation-id'),
    ]);
    expect(got.text).not.toContain('secret');
    expect(logged.join()).toContain('secret internals');
    expect(logged.join()).not.toContain('Bearer');
  });
});

describe('compressed bodies', () => {
  const zipped = (text: string, encoding = 'gzip') => ({
    body: gzipSync(text),
    headers: { 'content-encoding': encoding },
  });
  it.each(['gzip', 'GZIP', 'x-gzip'])('are accepted: %s', async (encoding) => {
    const { status, json } = await call('/v1/orders', zipped(JSON.stringify(order), encoding));
    expect([status, json]).toEqual([201, expect.objectContaining(order)]);
  });
  it('are accepted in chunks and with several gzip members', async () => {
    const [a, b] = [
      gzipSync('{"partnerId":"res-1",'),
      gzipSync('"lines":[{"quantity":1,"offerId":"A"}]}'),
    ];
    const body = new ReadableStream({
      start: (sink) => (sink.enqueue(a), sink.enqueue(b), sink.close()),
    });
    expect(
      (await call('/v1/orders', { body, headers: { 'content-encoding': 'gzip' } })).status,
    ).toBe(201);
  });
  it.each<[string, Uint8Array, number]>([
    ['one that ends early', gzipSync(JSON.stringify(order)).subarray(0, -9), 400],
    [
      'one with something after it',
      Buffer.concat([gzipSync(JSON.stringify(order)), Buffer.from('x')]),
      400,
    ],
    ['one that is not', Buffer.from('not gzip'), 400],
    ['one that expands to more than a MiB', gzipSync(' '.repeat(1024 * 1024 + 1)), 413],
    ['one that expands to a hundred MiB', gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)), 413],
    ['JSON that is none', gzipSync('{'), 400],
  ])('are refused: %s', async (_what, body, status) => {
    const sent = { body, headers: { 'content-encoding': 'gzip' } };
    expect((await call('/v1/orders', sent)).status).toBe(status);
    // The connection and the service continue.
    expect((await call('/v1/orders', { body: order })).status).toBe(201);
  });
  it.each(['br', 'deflate', 'gzip, gzip', 'zstd', ''])(
    'in another encoding get 415 with the accepted encoding: "%s"',
    async (encoding) => {
      const { status, headers, json } = await call(
        '/v1/orders',
        zipped(JSON.stringify(order), encoding),
      );
      expect([status, headers.get('accept-encoding'), json['detail']]).toEqual([
        415,
        'gzip',
        'The body has a Content-Encoding other than gzip. Send it as gzip or uncompressed.',
      ]);
    },
  );
  it('are accepted as uploads, within their limits of size and ratio', async () => {
    const csv = (text: string) => ({
      key: 'root',
      method: 'PUT',
      ...zipped(text),
      headers: { 'content-encoding': 'gzip', 'content-type': 'text/csv' },
    });
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index},${index * 7}`).join('\n');
    expect((await call('/v1/lists', csv(rows))).json).toEqual({ bytes: rows.length });
    expect((await call('/v1/lists', csv(rows + rows))).status).toBe(413);
    expect((await call('/v1/lists', csv('\n'.repeat(1_500_000)))).status).toBe(413);
  });
});

describe('uploads', () => {
  const csv = { 'content-type': 'text/csv; charset=utf-8' };
  it('are read as bytes, up to a limit of their own', async () => {
    expect(
      (
        await call('/v1/lists', {
          key: 'root',
          method: 'PUT',
          body: 'x'.repeat(1_500_000),
          headers: csv,
        })
      ).json,
    ).toEqual({
      bytes: 1_500_000,
    });
    expect(
      (
        await call('/v1/lists', {
          key: 'root',
          method: 'PUT',
          body: 'x'.repeat(2_500_000),
          headers: csv,
        })
      ).status,
    ).toBe(413);
    expect((await call('/v1/lists', { key: 'root', method: 'PUT', body: {} })).status).toBe(415);
    expect((await call('/v1/lists', { key: 'root', method: 'PUT', headers: csv })).status).toBe(
      400,
    );
  });
});

describe('streams', () => {
  const until = async (what: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 100 && !what(); tries++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(what()).toBe(true);
  };
  const open = async (address: string) => {
    const stop = new AbortController();
    const response = await fetch(`${address}/v1/stream`, {
      headers: { authorization: 'Bearer audit' },
      signal: stop.signal,
    });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('id: 1\n')) text += (await reader.read()).value ?? '';
    return { stop, response, text, reader };
  };
  it('are sent as they are written, and their source ends when the client disconnects', async () => {
    const before = SampleController.ended;
    const { stop, response, text } = await open(base);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    expect(text).toMatch(/^: \n\nid: 0\ndata: \{"id":0\}\n\nid: 1\n/);
    stop.abort();
    await until(() => SampleController.ended > before);
  });
  it('end properly when the service stops', async () => {
    const other = await createHttp(SampleModule, { authenticator, logger: createLogger('silent') });
    const { reader } = await open(await other.listen('127.0.0.1', 0));
    const closed = other.close();
    let end = await reader.read();
    while (!end.done) end = await reader.read();
    const started = performance.now();
    await closed;
    expect(performance.now() - started).toBeLessThan(1000);
  });
  it('have no body for HEAD', async () => {
    const ended = SampleController.ended;
    const response = await fetch(`${base}/v1/stream`, {
      method: 'HEAD',
      headers: { authorization: 'Bearer audit' },
    });
    expect([
      response.status,
      await response.text(),
      response.headers.get('content-length'),
    ]).toEqual([200, '', null]);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    // Its source was never begun.
    expect(SampleController.ended).toBe(ended);
    expect((await call(`/v1/orders/${id}`, { method: 'HEAD' })).status).toBe(200);
    expect((await call(`/v1/orders/${id}`, { method: 'HEAD', key: null })).status).toBe(401);
  });
});

describe('the document and the router', () => {
  it('have the same routes with the same roles', async () => {
    const { json } = await call('/openapi.json', { key: null });
    const document = json as unknown as {
      openapi: string;
      paths: Record<string, Record<string, { security: unknown[]; 'x-roles'?: string[] }>>;
      components: { schemas: object };
    };
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = service.routes.all
      .filter((r) => r.method !== 'HEAD' && !r.declaration.undocumented)
      .map((r) => `${r.method} ${r.url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(documented.sort()).toEqual(served.sort());
    expect(document.openapi).toBe('3.1.0');
    for (const item of Object.values(document.paths))
      for (const operation of Object.values(item))
        expect(operation.security.length === 0 || operation['x-roles']!.length > 0).toBe(true);
    expect(document.components.schemas).toMatchObject({
      SampleOrder: { additionalProperties: false, required: ['partnerId', 'lines'] },
    });
  });
});

describe('a service with a wrong declaration', () => {
  class Unlisted {
    @IsIn([]) readonly a!: string;
  }
  @Controller()
  class Unannotated {
    @Get('open') open(): string {
      return '';
    }
  }
  @Controller()
  class BadDto {
    @Post('bad') @Allow('operate') bad(@FromBody() body: Unlisted): unknown {
      return body;
    }
  }
  const start = (controller: new () => object) => {
    @Module({ controllers: [controller] })
    class Broken {}
    return createHttp(Broken, { authenticator, logger: createLogger('silent') });
  };
  it('does not start with a route without a permission', () =>
    expect(start(Unannotated)).rejects.toThrow(/GET \/open .*add @Allow/));
  it('does not start with a decorator without a schema', () =>
    expect(start(BadDto)).rejects.toThrow(/Unlisted\.a: @isIn/));
});

describe('a stopping service', () => {
  it('ends streams and idle connections, answers requests in progress and accepts no new ones', async () => {
    const other = await createHttp(SampleModule, { authenticator, logger: createLogger('silent') });
    const address = await other.listen('127.0.0.1', 0);
    const waiting = fetch(`${address}/v1/faults/40000000-0000-4000-8000-000000000000`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    const closed = other.close();
    expect(await (await waiting).text()).toBe('ended');
    await closed;
    expect(performance.now() - started).toBeLessThan(2000);
    await expect(fetch(address)).rejects.toThrow();
  });
});
