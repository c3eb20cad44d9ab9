import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiModule } from '../../apps/api/api.module.js';
import { createHttp, type HttpService } from '../../apps/api/http/bootstrap.js';
import { ApplicationModule } from '../../libs/application/application.module.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { context, seller, tenant } from '../../libs/application/testing/application.js';
import { MemoryProcessCheckpoints } from '../../libs/application/testing/memory-process-checkpoints.js';
import { tmpdir } from 'node:os';
import type { ProcessCheckpoints } from '../../libs/read-models/opened-stores.js';
import { streamName } from '../../libs/domain/shared/ids.js';
import { OutcomeUnknown } from '../../libs/event-log/errors.js';
import { newEventId, randomCommandId } from '../../libs/event-log/identity.js';
import { ApiKeys, digestOfKey } from '../../libs/platform/authentication/api-keys.js';
import { BearerAuthenticator } from '../../libs/platform/authentication/authenticator.js';
import { createLogger } from '../../libs/platform/logging.js';
import { openLocalReadModels } from '../../libs/read-models/composition/open-read-models.js';
import { order, today, World } from './decision-world.js';
import { ProcessLog } from './process-log.js';

const keys = {
  root: { roles: ['operator' as const] },
  scoped: { roles: ['order-entry' as const], partnerIds: [String(seller)] },
};
const authenticator = new BearerAuthenticator(
  new ApiKeys(Object.entries(keys).map(([id, key]) => ({ id, sha256: digestOfKey(id), ...key }))),
  { principalOf: () => Promise.resolve({ id: 'jwt:i|s', roles: ['auditor'] as const }) },
);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

/** An API process on a log without guards, assembled as the service does. */
class Api {
  private constructor(
    readonly log: ProcessLog,
    private readonly http: HttpService,
    private readonly closeReadModels: () => Promise<void>,
  ) {}

  static async open(
    { log: shared, keys: keyStore, clock }: World,
    processCheckpoints?: ProcessCheckpoints,
  ): Promise<Api> {
    const log = await ProcessLog.open(shared);
    const { readModels, close } = openLocalReadModels({
      log: log.forProjector(),
      report: () => undefined,
      project: true,
    });
    const infrastructure = {
      log,
      keys: keyStore,
      clock,
      readModels,
      snapshots: undefined,
      processCheckpoints,
      spoolFolder: tmpdir(),
      documentFolder: tmpdir(),
    };
    const logger = createLogger('silent');
    return new Api(
      log,
      await createHttp(ApiModule.on(ApplicationModule.on(infrastructure)), {
        authenticator,
        logger,
      }),
      close,
    );
  }

  async ask(
    method: 'GET' | 'POST',
    url: string,
    { key, body, as = 'root' }: { key?: string; body?: object; as?: string } = {},
  ): Promise<Answer> {
    const { statusCode, headers, payload } = await this.http.app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${as}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body ? { payload: body } : {}),
    });
    return {
      status: statusCode,
      headers,
      body: payload === '' ? {} : (JSON.parse(payload) as Answer['body']),
    };
  }

  place(key: string, as?: string): Promise<Answer> {
    return this.ask('POST', '/v1/orders', {
      key,
      body: { ...order, lines: [...order.lines] },
      ...(as ? { as } : {}),
    });
  }

  async close(): Promise<void> {
    await this.http.close();
    await this.closeReadModels();
  }
}

describe('orders over HTTP, on a log without guards', () => {
  let world: World;
  let first: Api;
  let second: Api;
  beforeEach(async () => {
    world = await World.open('none');
    first = await Api.open(world);
    second = await Api.open(world);
  });
  afterEach(async () => {
    await first.close();
    await second.close();
    await world.close();
  });

  const statuses = async (api: Api, query = '') => {
    const { body } = await api.ask('GET', `/v1/orders${query}`);
    return (body['items'] as { status: string }[]).map(({ status }) => status);
  };

  it('are pending after the checkpoint of the order validator, in single reads, lists and filters', async () => {
    second.log.subscribedThrough = world.head;
    const placed = await first.place('order-1');
    expect(placed).toMatchObject({ status: 201, body: { status: 'placed' } });
    const { orderId } = placed.body;
    expect((await first.ask('GET', `/v1/orders/${orderId}`)).body).toMatchObject({
      status: 'placed',
    });

    expect((await second.ask('GET', `/v1/orders/${orderId}`)).body).toMatchObject({
      status: 'pending',
    });
    expect((await second.ask('GET', `/v1/orders/${orderId}/explanation`)).body).toMatchObject({
      status: 'pending',
    });
    expect([
      await statuses(second),
      await statuses(second, '?status=pending'),
      await statuses(second, '?status=placed'),
    ]).toEqual([['pending'], ['pending'], []]);
    second.log.resume();
    await second.ask(
      'GET',
      `/v1/orders/${orderId}?minPosition=${String(placed.headers['log-position'])}`,
    );
    expect([
      await statuses(second),
      await statuses(second, '?status=pending'),
      await statuses(second, '?status=placed'),
    ]).toEqual([['placed'], [], ['placed']]);
  });

  it.each([
    [
      'a single read',
      (orderId: unknown, position: string) =>
        `/v1/orders/${String(orderId)}?minPosition=${position}`,
    ],
    ['a list', (_orderId: unknown, position: string) => `/v1/orders?minPosition=${position}`],
  ])(
    'are never pending for a client that was answered 201 and asks for that position: %s waits',
    async (_what, url) => {
      second.log.subscribedThrough = world.head;
      const { body, headers } = await first.place('order-1');
      let answered = false;
      const reading = second
        .ask('GET', url(body['orderId'], String(headers['log-position'])))
        .finally(() => (answered = true));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(answered).toBe(false);
      second.log.resume();
      expect(JSON.stringify((await reading).body)).toMatch(/"status":"placed"/);
    },
  );

  it('that are invalid get the answer of the same order judged in time, also when the key is repeated, and are shown as voided', async () => {
    const changing = await world.process({ isStarted: false });
    first.log.barrier = async ({ name, moment, append }) => {
      if (name !== 'append' || moment !== 'before' || append?.events[0]?.type !== 'OrderPlaced')
        return;
      const lapse = { type: 'end-fact', kind: 'membership', on: today, reason: 'lapsed' } as const;
      await changing.app.changePartner.execute(new ChangePartner(context(), seller, lapse));
    };
    first.log.lags = true;
    const refused = await first.place('order-1');
    const withinReadinessDeadline = await second.place('order-2');
    expect(refused).toMatchObject({
      status: 422,
      body: { type: '/problems/order-refused', reasons: ['seller-membership-inactive'] },
    });
    expect(Object.keys(refused.body)).toEqual(Object.keys(withinReadinessDeadline.body));
    expect(refused.body['reasons']).toEqual(withinReadinessDeadline.body['reasons']);
    expect(refused.body['decision']).toMatchObject({ outcome: 'refused' });

    const repeated = await second.place('order-1');
    expect(repeated).toMatchObject({
      status: 422,
      body: refused.body,
      headers: { 'idempotency-replayed': 'true' },
    });
    const { body } = await second.ask('GET', `/v1/orders/${String(refused.body['orderId'])}`);
    expect(body).toMatchObject({ status: 'voided', voidedBy: { outcome: 'refused' } });
    expect(await statuses(first, `?minPosition=${world.head}`)).toEqual(['voided', 'refused']);
    const cancel = { key: 'cancel-1', body: { reason: 'mistake' } };
    expect(
      await second.ask(
        'POST',
        `/v1/orders/${String(refused.body['orderId'])}/cancellation`,
        cancel,
      ),
    ).toMatchObject({ status: 422 });
  });

  it('whose outcome is unknown say so, and can safely be repeated with the same key', async () => {
    first.log.barrier = ({ name, moment }) => {
      if (name !== 'append' || moment !== 'after') return;
      first.log.barrier = undefined;
      throw new OutcomeUnknown('no reply');
    };
    const unknown = await first.place('order-1');
    expect(unknown).toMatchObject({ status: 503, body: { type: '/problems/outcome-unknown' } });
    expect(unknown.headers['retry-after']).toBeDefined();
    expect(JSON.stringify(unknown.body)).toMatch(/same Idempotency-Key/);
    expect(await first.place('order-1')).toMatchObject({
      status: 201,
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(await statuses(first, `?minPosition=${world.head}`)).toEqual(['placed']);
  });

  it('with a key in use on another process are answered 409; with another request’s key 422', async () => {
    let answer: Answer | undefined;
    first.log.barrier = async ({ name, moment }) => {
      if (name === 'append' && moment === 'before' && !answer)
        answer = await second.place('order-1');
    };
    expect(await first.place('order-1')).toMatchObject({ status: 201 });
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/request-in-flight' } });
    const other = await second.ask('POST', '/v1/orders', {
      key: 'order-1',
      body: { ...order, reference: 'another' },
    });
    expect(other).toMatchObject({
      status: 422,
      body: { type: '/problems/idempotency-key-reused' },
    });
  });

  it.each(['root', 'scoped'])(
    'with a new key take a claim and an append, and no read; key of %s',
    async (as) => {
      const related = { partnerId: seller, from: '2020-01-01' };
      await first.ask('POST', `/v1/customers/${String(tenant)}/partner-relationships`, {
        body: related,
      });
      await first.place('warm', as);
      first.log.calls.length = 0;
      expect(await first.place('order-1', as)).toMatchObject({ status: 201 });
      expect(first.log.calls).toEqual(['claim', 'append']);
    },
  );

  it('leave a checkpoint when the service closes and ends the order validator', async () => {
    const checkpoints = new MemoryProcessCheckpoints();
    const third = await Api.open(world, checkpoints);
    await third.place('order-1');
    await third.close();
    expect((await checkpoints.get('standing'))?.position).toBe(world.head);
  });

  it('are accepted while the service is ready, and refused once it meets an unknown event', async () => {
    expect(await first.ask('GET', '/health/ready')).toMatchObject({ status: 200 });
    const commandId = randomCommandId();
    const stream = streamName('subscription-1');
    const unknown = { type: 'SubscriptionImagined', version: 1, data: {} };
    await world.log.append({
      stream,
      expectedRevision: -1,
      events: [
        {
          ...unknown,
          id: newEventId({ commandId, index: 0, stream, ...unknown }),
          metadata: { commandId, index: 0, actor: 'test', correlationId: 'test' },
        },
      ],
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const refused = { status: 503, body: { type: '/problems/ruleset-not-supported' } };
    expect(await first.ask('GET', '/health/ready')).toMatchObject(refused);
    expect(await first.place('order-1')).toMatchObject(refused);
    expect(await first.ask('GET', '/health/live')).toMatchObject({ status: 200 });
  });
});

describe('reads of orders over HTTP, on one process of a log without guards', () => {
  let world: World;
  let first: Api;
  let orderId: string;
  beforeAll(async () => {
    world = await World.open('none');
    first = await Api.open(world);
    orderId = String((await first.place('order-1')).body['orderId']);
    await first.ask('GET', `/v1/orders?minPosition=${world.head}`);
  });
  afterAll(async () => {
    await first.close();
    await world.close();
  });

  it.each(['/v1/orders', '/v1/orders/00000000-0000-5000-8000-000000000000'])(
    'report at once that a position is after the end of the log: %s',
    async (url) => {
      const { status, body } = await first.ask('GET', `${url}?minPosition=${world.head + 1}`);
      expect([status, body['type']]).toEqual([400, '/problems/position-not-reached']);
    },
  );

  it.each([
    ['an order', '/v1/orders/:id'],
    ['its explanation', '/v1/orders/:id/explanation'],
    ['a customer', `/v1/customers/${String(tenant)}`],
    ['a partner', `/v1/partners/${String(seller)}`],
    ['policies', '/v1/policies'],
    ['events', '/v1/events'],
  ])('look up the end of the log once: %s', async (_what, url) => {
    first.log.calls.length = 0;
    expect(await first.ask('GET', url.replace(':id', orderId))).toMatchObject({
      status: 200,
    });
    expect(first.log.calls.filter((name) => name === 'head')).toHaveLength(1);
  });
});
