import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post, Put } from '@nestjs/common';
import { connect } from 'node:net';
import {
  type ApiKey,
  ApiKeys,
  digestOfKey,
  type KeyRing,
} from '../../../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../../../libs/platform/authentication/authenticator.js';
import { SigningKeysUnavailable } from '../../../../libs/platform/authentication/signing-keys.js';
import { createLogger } from '../../../../libs/platform/logging.js';
import { Metrics } from '../../../../libs/platform/metrics.js';
import { createHttp, type HttpService } from '../bootstrap.js';
import { answer, problemAnswer } from '../response/answer.js';
import { RequestContext, requireUnscoped } from '../request/request-context.js';
import { serverSentEvent, streamed } from '../response/stream.js';
import { Line } from '../validation/decorators.js';
import { Ctx, FromPath } from './request-decorators.js';
import { Allow } from './route-declaration.js';

class SamplePath {
  @Line(1, 200) readonly id!: string;
}

@Controller('v1')
class SampleController {
  @Get('things/:id')
  @Allow('read everything')
  read(@Ctx() context: RequestContext, @FromPath() { id }: SamplePath): string {
    requireUnscoped(context);
    return answer(context, { id });
  }

  @Put('things/:id')
  @Allow('operate')
  change(@Ctx() context: RequestContext, @FromPath() { id }: SamplePath): string | Promise<string> {
    if (id === 'refused') return problemAnswer(context, 'order-refused');
    if (id === 'scoped') return problemAnswer(context, 'forbidden');
    if (id === 'slow')
      return new Promise((resolve) => context.signal.addEventListener('abort', () => resolve('')));
    return answer(context, {});
  }

  @Post('checks')
  @Allow('check eligibility')
  check(@Ctx() context: RequestContext): string {
    return answer(context, {});
  }

  @Get('stream')
  @Allow('read everything')
  stream(@Ctx() context: RequestContext): unknown {
    const events = async function* (): AsyncGenerator<string> {
      while (!context.signal.aborted) {
        yield serverSentEvent({});
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    return streamed(context, 'text/event-stream; charset=utf-8', events());
  }
}
@Module({ controllers: [SampleController] })
class SampleModule {}

const key = (id: string, roles: ApiKey['roles'], more: Partial<ApiKey> = {}): ApiKey => ({
  id,
  sha256: digestOfKey(`${id}-secret`),
  roles,
  ...more,
});
const all = [
  key('shop', ['order-entry']),
  key('audit', ['auditor']),
  key('root', ['operator']),
  key('scoped', ['auditor'], { partnerIds: ['p'] }),
  key('expired', ['operator'], { expiresOn: '2020-01-01' }),
];
/** Keys that the test may change while the service runs. */
let ring: KeyRing = new ApiKeys(all);
const keys: KeyRing = {
  principalOf: (secret, today) => ring.principalOf(secret, today),
  expiredId: (secret, today) => ring.expiredId(secret, today),
};
const tokens = {
  principalOf: () =>
    Promise.reject(new SigningKeysUnavailable('no keys', { cause: new Error('ECONNREFUSED') })),
};

let lines: Record<string, unknown>[] = [];
const logger = createLogger('info', {
  write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>),
});
const metrics = new Metrics();
let service: HttpService;
let base: string;
beforeAll(async () => {
  const authenticator = new BearerAuthenticator(keys, tokens);
  const proxies = { trusted: ['loopback'], header: 'x-forwarded-for' } as const;
  service = await createHttp(SampleModule, { authenticator, logger, metrics, proxies });
  base = await service.listen('127.0.0.1', 0);
});
afterAll(() => service.close());
beforeEach(() => {
  lines = [];
  ring = new ApiKeys(all);
});

const call = async (
  method: string,
  path: string,
  id?: string,
  headers: Record<string, string> = {},
): Promise<number> => {
  const authorization: Record<string, string> =
    id === undefined ? {} : { authorization: `Bearer ${id}` };
  const response = await fetch(base + path, {
    method,
    headers: { ...authorization, 'x-forwarded-for': '192.0.2.7', ...headers },
  });
  await response.text();
  return response.status;
};
const events = (kind?: string) =>
  lines.filter(
    ({ msg, kind: of }) => msg === 'security event' && (kind === undefined || of === kind),
  );
const until = async (isTrue: () => boolean): Promise<void> => {
  for (const end = Date.now() + 5_000; !isTrue() && Date.now() < end;)
    await new Promise((done) => setTimeout(done, 10));
};

describe('the log of security events', () => {
  it.each<[string, string, string, string | undefined, object]>([
    [
      'no credential',
      'GET',
      '/v1/things/secret-id',
      undefined,
      { kind: 'unauthorized', key: 'unknown', status: 401 },
    ],
    [
      'an unknown key',
      'GET',
      '/v1/things/secret-id',
      'shop-secret-x',
      { kind: 'unauthorized', key: 'unknown', status: 401 },
    ],
    [
      'an expired key',
      'GET',
      '/v1/things/secret-id',
      'expired-secret',
      { kind: 'unauthorized', key: 'key:expired', status: 401 },
    ],
    [
      'a role that is not enough',
      'GET',
      '/v1/things/secret-id',
      'shop-secret',
      { kind: 'forbidden', key: 'key:shop', status: 403 },
    ],
    [
      'a scope that is not enough',
      'GET',
      '/v1/things/secret-id',
      'scoped-secret',
      { kind: 'forbidden', key: 'key:scoped', status: 403 },
    ],
    [
      'a refusal by the decision',
      'PUT',
      '/v1/things/scoped',
      'root-secret',
      { kind: 'forbidden', key: 'key:root', method: 'PUT' },
    ],
    [
      'an issuer that is away',
      'GET',
      '/v1/things/secret-id',
      'a.b.c',
      { kind: 'credentials-unverifiable', key: 'unknown' },
    ],
  ])('has %s', async (_what, method, path, secret, expected) => {
    await call(
      method,
      method === 'GET' && secret !== 'scoped-secret' ? `${path}?token=query-secret` : path,
      secret,
    );
    const found = events().filter(
      ({ kind }) => kind !== 'first-use' && kind !== 'operator-command',
    );
    expect(found).toMatchObject([
      { route: '/v1/things/:id', method, peer: '192.0.2.7', ...expected },
    ]);
    for (const secretText of ['secret-id', 'query-secret', 'Bearer', '-secret', 'a.b.c'])
      expect(JSON.stringify(lines)).not.toContain(secretText);
  });

  it('has the first use of a key each day, and each command of an operator with its outcome', async () => {
    ring = new ApiKeys([...all, key('new-root', ['operator'])]);
    for (const path of ['/v1/things/a', '/v1/things/refused'])
      await call('PUT', path, 'new-root-secret');
    await call('POST', '/v1/checks', 'new-root-secret');
    await until(() => events('operator-command').length >= 2);
    expect(events('first-use')).toMatchObject([
      { level: 'info', key: 'key:new-root', peer: '192.0.2.7' },
    ]);
    expect(events('operator-command')).toMatchObject([
      {
        level: 'info',
        command: 'Sample.change',
        outcome: 'done',
        status: 200,
        key: 'key:new-root',
      },
      { command: 'Sample.change', outcome: 'refused', status: 422 },
    ]);
  });

  it('has a command whose client disconnects before the answer, with the client’s address', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1');
    socket.write(
      `PUT /v1/things/slow HTTP/1.1\r\nHost: ${new URL(base).host}\r\nAuthorization: Bearer root-secret\r\nContent-Length: 0\r\n\r\n`,
    );
    await new Promise((done) => setTimeout(done, 100));
    socket.resetAndDestroy();
    await until(() => events('operator-command').length > 0);
    expect(events('operator-command')).toMatchObject([
      { outcome: 'client-left', peer: '127.0.0.1' },
    ]);
  });

  it('is bounded in a flood, which the metric counts completely', async () => {
    const counted = async () =>
      Number(/events_total\{kind="unauthorized"\} (\d+)/.exec((await metrics.text()).body)?.[1]);
    const before = await counted();
    for (let index = 0; index < 40; index++) await call('GET', '/v1/stream', 'wrong');
    expect([events('unauthorized').length, (await counted()) - before]).toEqual([10, 40]);
  });

  it('cannot get a forged line from a header', async () => {
    await call('GET', '/v1/things/x', undefined, {
      'x-forwarded-for': '192.0.2.7, evil" }',
      'x-correlation-id': 'a"b',
    });
    expect(events()).toMatchObject([
      { peer: '127.0.0.1', correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
  });
});

describe('a live stream', () => {
  it('is cut when its credential is withdrawn, expires or loses a role; other streams continue', async () => {
    const changes: Readonly<Record<string, (one: ApiKey) => readonly ApiKey[]>> = {
      stays: (one) => [one],
      withdrawn: () => [],
      expires: (one) => [{ ...one, expiresOn: '2020-01-01' }],
      'other-role': (one) => [{ ...one, roles: ['reporting'] }],
      limited: (one) => [{ ...one, partnerIds: [] }],
      'more-roles': (one) => [{ ...one, roles: ['auditor', 'operator'] }],
    };
    const before = Object.keys(changes).map((id) => key(id, ['auditor']));
    ring = new ApiKeys(before);
    const gone = new AbortController();
    const cut = new Set<string>();
    const streams = before.map(async ({ id }) => {
      const response = await fetch(`${base}/v1/stream`, {
        headers: { authorization: `Bearer ${id}-secret` },
        signal: gone.signal,
      });
      const reader = response.body!.getReader();
      expect((await reader.read()).done).toBe(false);
      const read = async (): Promise<void> => {
        while (!(await reader.read()).done);
      };
      return { ended: read().catch(() => !gone.signal.aborted && cut.add(id)) };
    });
    const open = await Promise.all(streams);
    ring = new ApiKeys(before.flatMap((one) => changes[one.id]!(one)));
    await until(() => cut.size >= 4);
    await new Promise((done) => setTimeout(done, 100));
    expect([...cut].sort()).toEqual(['expires', 'limited', 'other-role', 'withdrawn']);
    expect(events('credentials-ended')).toHaveLength(4);
    gone.abort();
    await Promise.all(open.map(({ ended }) => ended));
  });
});
