import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Post, Put } from '@nestjs/common';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiKeys, digestOfKey } from '../../../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../../../libs/platform/authentication/authenticator.js';
import { usualLimits } from '../../../../libs/platform/limit-settings.js';
import { createLogger } from '../../../../libs/platform/logging.js';
import { Metrics } from '../../../../libs/platform/metrics.js';
import { Ctx, StreamedUpload, Upload } from '../routing/request-decorators.js';
import { Allow, CountsRefusals } from '../routing/route-declaration.js';
import { createHttp, type HttpService } from '../bootstrap.js';
import { answer, problemAnswer } from '../response/answer.js';
import { RequestContext } from '../request/request-context.js';
import { streamed } from '../response/stream.js';
import { UploadStream } from '../request/upload-stream.js';
import { openLiveStream } from './http-limits.js';

const MOST = {
  requestsInFlight: 3,
  liveStreams: 2,
  uploads: 1,
  uploadsInAll: 2,
  refusedOrdersPerMinute: 2,
  unauthorizedPerMinute: 4,
};
/** Requests that wait until the test releases them. */
let waiting: (() => void)[] = [];
const ended: string[] = [];

@Controller()
class SampleController {
  @Get('health/live')
  @Allow('everyone')
  live(@Ctx() ctx: RequestContext): string {
    return answer(ctx, {});
  }

  @Get('v1/wait')
  @Allow('read everything')
  async wait(@Ctx() ctx: RequestContext): Promise<string> {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return answer(ctx, {});
  }

  @Get('v1/quick')
  @Allow('read everything')
  quick(@Ctx() ctx: RequestContext): string {
    return answer(ctx, {});
  }

  @Get('v1/live')
  @Allow('read everything')
  stream(@Ctx() ctx: RequestContext): unknown {
    openLiveStream(ctx.request);
    const until = new Promise<void>((resolve) =>
      ctx.signal.addEventListener('abort', () => resolve()),
    );
    const chunks = async function* (): AsyncGenerator<string> {
      yield ': \n\n';
      await until;
    };
    return streamed(ctx, 'text/event-stream; charset=utf-8', chunks());
  }

  /** An answer that does not end by itself. */
  @Get('v1/endless')
  @Allow('read everything')
  endless(@Ctx() ctx: RequestContext): unknown {
    const chunks = async function* (): AsyncGenerator<string> {
      try {
        for (;;) yield 'x'.repeat(65_536);
      } finally {
        ended.push('endless');
      }
    };
    return streamed(ctx, 'text/plain; charset=utf-8', chunks());
  }

  @Put('v1/list')
  @Allow('operate')
  list(@Ctx() ctx: RequestContext, @Upload('text/csv') bytes: Buffer): string {
    return answer(ctx, { bytes: bytes.length });
  }

  @Post('v1/file')
  @Allow('operate')
  async file(
    @Ctx() ctx: RequestContext,
    @StreamedUpload(['text/csv'], 1_000_000) upload: UploadStream,
  ): Promise<string> {
    let bytes = 0;
    try {
      for await (const piece of upload) bytes += piece.length;
    } finally {
      upload.end();
    }
    return answer(ctx, { bytes });
  }

  @Post('v1/orders')
  @Allow('enter orders')
  @CountsRefusals()
  order(@Ctx() ctx: RequestContext): string {
    ctx.request.admission?.orderRefused();
    return problemAnswer(ctx, 'order-refused', {}, { position: 1 });
  }
}
@Module({ controllers: [SampleController] })
class SampleModule {}

const names = ['a', 'b', 'c'];
const authenticator = new BearerAuthenticator(
  new ApiKeys(names.map((id) => ({ id, sha256: digestOfKey(id), roles: ['operator' as const] }))),
  undefined,
);
const metrics = new Metrics();
let service: HttpService;
let base: string;
beforeAll(async () => {
  service = await createHttp(SampleModule, {
    authenticator,
    logger: createLogger('silent'),
    metrics,
    limits: {
      ...usualLimits,
      ...MOST,
      stalledClientMs: 250,
      uploadFloor: { bytes: 100, windowMs: 500 },
    },
  });
  base = await service.listen('127.0.0.1', 0);
});
afterAll(() => service.close());

const as = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
const get = (path: string, key: string, signal?: AbortSignal): Promise<Response> =>
  fetch(base + path, { headers: as(key), ...(signal ? { signal } : {}) });
const until = async (met: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 300 && !(await met()); tries++) await sleep(10);
};
/** A connection on which the test writes raw requests. */
function raw(...lines: readonly string[]): Socket & { text: string } {
  const socket = Object.assign(connect(Number(new URL(base).port), '127.0.0.1'), { text: '' });
  socket.setEncoding('latin1').on('data', (part: string) => (socket.text += part));
  socket.on('error', () => undefined);
  socket.write([...lines, '', ''].join('\r\n'));
  return socket;
}
const head = (line: string, key: string, ...more: readonly string[]): readonly string[] => [
  `${line} HTTP/1.1`,
  'Host: 127.0.0.1',
  `Authorization: Bearer ${key}`,
  ...more,
];
const release = async (): Promise<void> => {
  for (const resolve of waiting) resolve();
  waiting = [];
};
const countOf = async (name: string, label: string): Promise<number> =>
  Number(
    new RegExp(`^${name}\\{\\w+="${label}"\\} (\\d+)`, 'm').exec(
      (await metrics.text()).body,
    )?.[1] ?? 0,
  );

describe('a request above a limit', () => {
  it('is answered 429 with Retry-After, the limit and its text in both languages', async () => {
    const under = [1, 2, 3].map(() => get('/v1/wait', 'a'));
    await until(() => waiting.length === 3);
    const refused = await get('/v1/quick', 'a');
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      refused.headers.get('content-type'),
    ]).toEqual([429, '1', 'application/problem+json; charset=utf-8']);
    expect(await refused.json()).toMatchObject({
      type: '/problems/too-many-requests',
      status: 429,
      limit: 'requests-in-flight',
      most: 3,
      detail: 'This caller has 3 requests in progress, which is the maximum at a time.',
    });
    const japanese = await fetch(`${base}/v1/quick`, {
      headers: { ...as('a'), 'accept-language': 'ja' },
    });
    expect(((await japanese.json()) as { detail: string }).detail).toContain('上限');
    expect([
      (await get('/v1/quick', 'b')).status,
      (await fetch(`${base}/health/live`)).status,
    ]).toEqual([200, 200]);
    await release();
    for (const { status } of await Promise.all(under)) expect(status).toBe(200);
    await until(async () => (await get('/v1/quick', 'a')).status === 200);
    expect(
      await countOf('sekisho_limit_reached_total', 'requests-in-flight'),
    ).toBeGreaterThanOrEqual(2);
  });

  it('counts until its work is done, even if its client disconnects and reconnects', async () => {
    for (let number = 0; number < 3; number++)
      raw(...head('GET /v1/wait', 'a')).on('connect', () => undefined);
    await until(() => waiting.length === 3);
    const leaver = raw(...head('GET /v1/quick', 'a'));
    await until(() => leaver.text.includes('HTTP/1.1 429'));
    leaver.destroy();
    await release();
    await until(async () => (await get('/v1/quick', 'a')).status === 200);
  });

  it('releases the places of pipelined requests when their connection ends', async () => {
    const pipelined = raw(
      ...head('GET /v1/wait', 'a'),
      '',
      ...head('GET /v1/wait', 'a'),
      '',
      ...head('GET /v1/wait', 'a'),
    );
    await until(() => waiting.length === 3);
    pipelined.destroy();
    await sleep(30);
    await release();
    await until(() => waiting.length === 0);
    const again = [1, 2, 3].map(() => get('/v1/wait', 'a'));
    await until(() => waiting.length === 3);
    expect(waiting).toHaveLength(3);
    await release();
    expect((await Promise.all(again)).map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('may be a third live stream, until another one has ended', async () => {
    const leaving = [new AbortController(), new AbortController()];
    for (const { signal } of leaving) expect((await get('/v1/live', 'b', signal)).status).toBe(200);
    const refused = await get('/v1/live', 'b');
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { limit: 'live-streams', most: 2 },
    ]);
    expect([
      (await get('/v1/quick', 'b')).status,
      (await metrics.text()).body.includes('sekisho_live_streams 2'),
    ]).toEqual([200, true]);
    for (const controller of leaving) controller.abort();
    await until(async () => (await metrics.text()).body.includes('sekisho_live_streams 0'));
    const last = new AbortController();
    expect((await get('/v1/live', 'b', last.signal)).status).toBe(200);
    last.abort();
  });

  it('may be an order after too many refusals, and is stopped before its body is read', async () => {
    const order = (): Promise<Response> =>
      fetch(`${base}/v1/orders`, { method: 'POST', headers: as('c') });
    expect([(await order()).status, (await order()).status]).toEqual([422, 422]);
    const unread = raw(
      ...head('POST /v1/orders', 'c', 'Content-Type: application/json', 'Content-Length: 1000'),
    );
    await until(() => unread.text.includes('refused-orders-per-minute'));
    expect(unread.text).toMatch(/^HTTP\/1\.1 429[^]*retry-after: \d\d\r\n/i);
    unread.destroy();
    expect((await get('/v1/quick', 'c')).status).toBe(200);
  });

  it('may lack a valid credential, while valid ones from the same address are answered', async () => {
    const statuses: number[] = [];
    for (let number = 0; number < 6; number++)
      statuses.push((await get('/v1/quick', 'nobody')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await get('/v1/quick', 'a')).status).toBe(200);
  });
});

describe('a slow client', () => {
  it('is disconnected when it reads nothing, and its answer is not continued', async () => {
    const unread = raw(...head('GET /v1/endless', 'a')).pause();
    await until(() => ended.length === 1);
    expect(ended).toEqual(['endless']);
    expect(await countOf('sekisho_clients_disconnected_total', 'stalled')).toBe(1);
    unread.destroy();
  });

  it.each([
    ['PUT /v1/list', 'is read completely'],
    ['POST /v1/file', 'is read while it arrives'],
  ])('gets 408 and releases its place when its upload is too slow (%s, which %s)', async (line) => {
    const drip = raw(...head(line, 'b', 'Content-Type: text/csv', 'Content-Length: 500'));
    const dripping = setInterval(() => drip.write('x'), 20);
    const gone = once(drip, 'close');
    const upload = (): Promise<Response> =>
      fetch(`${base}/v1/file`, {
        method: 'POST',
        headers: { ...as('b'), 'content-type': 'text/csv' },
        body: 'x',
      });
    await until(async () => (await upload()).status === 429);
    const second = await upload();
    expect([second.status, await second.json()]).toMatchObject([429, { limit: 'uploads' }]);
    await gone;
    clearInterval(dripping);
    expect(drip.text).toMatch(
      /^HTTP\/1\.1 408[^]*connection: close[^]*\/problems\/request-timeout/i,
    );
    await until(async () => (await upload()).status === 200);
    expect((await upload()).status).toBe(200);
  });

  it.each(['PUT /v1/list', 'POST /v1/file'])(
    'is read to the end when it uploads steadily (%s)',
    async (line) => {
      const steady = raw(...head(line, 'b', 'Content-Type: text/csv', 'Content-Length: 2000'));
      for (let number = 0; number < 10; number++) {
        steady.write('x'.repeat(200));
        await sleep(60);
      }
      await until(() => steady.text.includes('"bytes":2000'));
      expect(steady.text).toMatch(/^HTTP\/1\.1 200/);
      steady.destroy();
    },
  );
});
