import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { connect } from 'node:net';
import { ApiKeys, digestOfKey } from '../../../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../../../libs/platform/authentication/authenticator.js';
import { createLogger } from '../../../../libs/platform/logging.js';
import { Ctx } from '../routing/request-decorators.js';
import { Allow } from '../routing/route-declaration.js';
import { createHttp, type HttpService } from '../bootstrap.js';
import { answer } from '../response/answer.js';
import { RequestContext } from '../request/request-context.js';
import { streamed } from '../response/stream.js';
import { hostNameOf, KnownHosts } from './hosts.js';
import { originForm } from './request-head.js';

@Controller('v1')
class SampleController {
  @Get('read')
  @Allow('read everything')
  read(@Ctx() context: RequestContext): string {
    return answer(context, { path: context.path });
  }

  @Get('stream')
  @Allow('everyone')
  stream(@Ctx() context: RequestContext): unknown {
    const texts = async function* (): AsyncGenerator<string> {
      yield 'text';
    };
    return streamed(context, 'text/plain', texts());
  }
}
@Module({ controllers: [SampleController] })
class SampleModule {}

const authenticator = new BearerAuthenticator(
  new ApiKeys([{ id: 'audit', sha256: digestOfKey('audit'), roles: ['auditor'] }]),
  {
    principalOf: () => Promise.resolve(undefined),
  },
);

let service: HttpService;
let port: number;
beforeAll(async () => {
  const options = {
    authenticator,
    logger: createLogger('silent'),
    publicUrl: 'https://Orders.Example.com:8443',
  };
  service = await createHttp(SampleModule, options);
  port = Number(new URL(await service.listen('127.0.0.1', 0)).port);
});
afterAll(() => service.close());

/**
 * The bytes that arrive until the connection is closed. Every request here asks to close it, or is
 * answered so.
 */
const sent = (text: string): Promise<string> =>
  new Promise((resolve) => {
    let all = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const ended = (): void => resolve(all);
    socket
      .on('data', (data) => (all += String(data)))
      .on('close', ended)
      .on('error', ended);
  });
const request = (lines: readonly string[], body = ''): string =>
  `${lines.join('\r\n')}\r\n\r\n${body}`;
const get = (path: string, host: string): string =>
  request([
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: close',
    'Authorization: Bearer audit',
  ]);
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
const problemOf = (text: string): Record<string, unknown> =>
  JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)) as Record<string, unknown>;

const head = 'Host: localhost\r\nConnection: close';

describe('the host of a request', () => {
  it.each([
    ['127.0.0.1', 200],
    ['127.0.0.1:3000', 200],
    ['127.9.8.7:1', 200],
    ['localhost:9', 200],
    ['LOCALHOST.', 200],
    ['[::1]:3000', 200],
    ['orders.example.com', 200],
    ['ORDERS.example.com:443', 200],
    ['evil.example.com', 421],
    ['example.com', 421],
    ['localhost.example.com', 421],
    ['127.0.0.1.example.com', 421],
    ['0.0.0.0:3000', 421],
    ['192.168.0.1', 421],
    ['[::2]', 421],
    ['localhost@example.com', 400],
    ['localhost/x', 400],
    ['localhost, example.com', 400],
    ['localhost:port', 400],
    ['', 400],
  ])('"%s" is answered %i', async (host, status) => {
    expect(statusOf(await sent(get('/v1/read', host)))).toBe(status);
  });

  it.each([
    ['http://localhost/v1/read?', 200],
    ['HTTP://127.0.0.1:1/v1/read', 200],
    ['http://evil.example.com/v1/read', 421],
    ['http://localhost@evil.example.com/v1/read', 400],
    ['http://localhost', 302],
  ])('comes from the request target %s: %i', async (target, status) => {
    expect(statusOf(await sent(get(target, 'localhost')))).toBe(status);
  });

  it.each(['/v1/read', '/v1/nothing', '/docs', '/health/live', '/metrics'])(
    'is checked first: %s',
    async (path) => {
      const answered = await sent(get(path, 'evil.example.com'));
      expect(problemOf(answered)).toMatchObject({
        type: '/problems/misdirected-request',
        status: 421,
        instance: path,
      });
    },
  );

  it('is not required in HTTP/1.0, which accepts both forms of target', async () => {
    expect(
      statusOf(await sent(request(['GET /v1/read HTTP/1.0', 'Authorization: Bearer audit']))),
    ).toBe(200);
    expect(problemOf(await sent(get('http://localhost/v1/read', 'localhost')))).toEqual({
      path: '/v1/read',
    });
  });

  it('is not checked on other addresses', () => {
    const hosts = new KnownHosts(undefined);
    expect(hosts.include('api.internal')).toBe(true);
    hosts.listeningOn('0.0.0.0');
    expect(hosts.include('api.internal')).toBe(true);
    hosts.listeningOn('::1');
    expect(hosts.include('api.internal')).toBe(false);
  });

  it.each([
    ['a:b:c', undefined],
    ['a\tb', undefined],
    ['[::1', undefined],
    ['日本.example', 'xn--wgv71a.example'],
  ])('is read from %j as %j', (authority, host) => expect(hostNameOf(authority)).toBe(host));
});

describe('a header field with a single value', () => {
  it.each([
    ['authorization', ['Authorization: Bearer audit', 'authorization: Bearer other']],
    ['authorization', ['Authorization: Bearer audit', 'Authorization: Bearer audit']],
    ['host', ['Host: localhost']],
    ['content-type', ['Content-Type: application/json', 'Content-Type: text/csv']],
    ['idempotency-key', ['Idempotency-Key: a', 'Idempotency-Key: b']],
    ['last-event-id', ['Last-Event-ID: 1', 'Last-Event-ID: 2']],
  ])('is refused when it occurs twice: %s', async (name, lines) => {
    const answered = await sent(request(['GET /v1/read HTTP/1.1', head, ...lines]));
    expect(problemOf(answered)).toMatchObject({
      status: 400,
      errors: [
        { path: `/${name}`, code: 'type', message: 'This must be given once.', in: 'header' },
      ],
    });
  });

  it('does not include lists in several lines', async () => {
    const lines = [
      'Authorization: Bearer audit',
      'Accept: text/html',
      'Accept: */*',
      'X-A: 1',
      'X-A: 2',
    ];
    expect(statusOf(await sent(request(['GET /v1/read HTTP/1.1', head, ...lines])))).toBe(200);
  });
});

describe('a message that is not a valid request', () => {
  it.each<[string, string, number, string]>([
    ['no Host', 'GET /v1/read HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed-request'],
    [
      'an expectation',
      `POST /v1/read?x HTTP/1.1\r\n${head}\r\nExpect: 200-maybe\r\nContent-Length: 2\r\n\r\n`,
      417,
      'expectation-failed',
    ],
    ['a tunnel', `CONNECT example.com:443 HTTP/1.1\r\n${head}\r\n\r\n`, 405, 'method-not-allowed'],
    ['nonsense', 'nonsense\r\n\r\n', 400, 'malformed-request'],
    ['an unknown method', `BREW / HTTP/1.1\r\n${head}\r\n\r\n`, 400, 'malformed-request'],
    ['another version', `GET / HTTP/9.9\r\n${head}\r\n\r\n`, 400, 'malformed-request'],
    ['a bad field', `GET / HTTP/1.1\r\n${head}\r\nA B: c\r\n\r\n`, 400, 'malformed-request'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
  ])('gets a problem document: %s', async (_what, text, status, code) => {
    const answered = await sent(text);
    expect([statusOf(answered), problemOf(answered)['type']]).toEqual([
      status,
      `/problems/${code}`,
    ]);
    expect(answered).toMatch(/\r\ncontent-type: application\/problem\+json; charset=utf-8\r\n/i);
    expect(answered).toMatch(/\r\ncontent-language: en\r\n/i);
    expect(answered).toMatch(/\r\nconnection: close\r\n/i);
  });

  it('is answered in the language that it asks for, if it names one', async () => {
    const answered = await sent(
      `GET /v1/read HTTP/1.1\r\n${head}\r\nAccept-Language: ja\r\nExpect: x\r\n\r\n`,
    );
    expect(problemOf(answered)).toMatchObject({
      title: 'Expect ヘッダーの要求に応じられません',
      instance: '/v1/read',
    });
  });
});

describe('every answer', () => {
  it.each([
    ['a read', get('/v1/read', 'localhost')],
    ['a stream', get('/v1/stream', 'localhost')],
    ['a page', get('/docs', 'localhost')],
    ['a script', get('/docs/start.js', 'localhost')],
    ['a problem page', get('/problems/not-found', 'localhost')],
    ['the document', get('/openapi.json', 'localhost')],
    ['no such address', get('/nothing', 'localhost')],
    ['a malformed address', get('/v1/%', 'localhost')],
    ['no credential', request(['GET /v1/read HTTP/1.1', head])],
    ['a foreign host', get('/v1/read', 'example.com')],
    ['an expectation', request(['GET /v1/read HTTP/1.1', head, 'Expect: x'])],
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['a head', request(['HEAD /v1/stream HTTP/1.1', head])],
  ])('has the security headers: %s', async (_what, text) => {
    const [answered = ''] = (await sent(text)).split('\r\n\r\n');
    expect(answered).toMatch(/^x-content-type-options: nosniff\r?$/im);
    expect(answered).toMatch(/^referrer-policy: no-referrer\r?$/im);
    expect(
      answered.match(/^content-security-policy: .*frame-ancestors 'none'\r?$/gim),
    ).toHaveLength(1);
  });
});

describe('the form of an address', () => {
  it.each([
    ['/v1/x?y', '/v1/x?y'],
    ['http://host/v1/x?y', '/v1/x?y'],
    ['https://host', '/'],
    ['http://host?y', '/?y'],
    ['//host/x', '//host/x'],
    ['*', '*'],
  ])('makes %s %s', (target, origin) => expect(originForm(target)).toBe(origin));
});
