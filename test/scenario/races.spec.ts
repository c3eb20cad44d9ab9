import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LogEvent, OrderAnswer } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Answer, Client } from '../support/client.js';
import { backend } from '../support/backend.js';
import { Oracle, recordedReasons } from '../support/oracle.js';
import { priceList } from '../support/price-lists.js';
import { Random } from '../support/random.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, LONG_AGO, orderOf, World } from '../support/world.js';
import { repeats } from '../support/repeats.js';

/**
 * Orders in parallel with changes that forbid them, in two processes on one data directory.
 * Afterwards an oracle reads the log and checks each order against the events before it.
 */
type Decided = Parameters<typeof recordedReasons>[0];

const SEED = Number(process.env['SEKISHO_SEED'] ?? 20261122);
const HISTORIES = repeats('SEKISHO_HISTORIES', { usual: 24, full: 200 });
const AT_ONCE = 6;

const today = new Date().toISOString().slice(0, 10);
const months = [...new Set([today, addDays(today, 1)].map(monthOf))];
const STEADY = { ProductId: 'BASIC' };
const FLICKERING = { ProductId: 'FLICKER' };

let first: Service;
let second: Service;
let world: World;
let provider: string;

beforeAll(async () => {
  first = await Service.start();
  second = await Service.start({ dataDir: first.dataDir });
  world = new World(first.as('operator'), today);
  await publish([STEADY, FLICKERING]);
  provider = await world.provider();
}, 240_000);
afterAll(async () => {
  const ended = [await first.stop(), await second.stop()];
  first.remove();
  for (const { code, tookMs } of ended) expect([code, tookMs < 5_000]).toEqual([0, true]);
});

async function publish(rows: readonly object[]): Promise<void> {
  for (const month of months)
    await world.say('PUT', `/v1/price-lists/JP/${month}`, priceList('JP', 'JPY', rows));
}

interface Asked {
  readonly reference: string;
  readonly answers: readonly Answer<OrderAnswer & { type?: string }>[];
}
const asked: Asked[] = [];

/** Sends one order once or several times with the same key, to one or both processes. */
async function ask(
  partnerId: string,
  tenantId: string,
  offerId: string,
  clients: readonly Client[],
): Promise<void> {
  const reference = randomUUID();
  const order = { ...orderOf(partnerId, tenantId, line(offerId)), reference };
  asked.push({
    reference,
    answers: await Promise.all(
      clients.map((client) => client.order<OrderAnswer>(order, { key: reference })),
    ),
  });
}

/** Sends a few orders and changes at the same time, in an order that the seed decides. */
async function history(seed: number): Promise<void> {
  const random = new Random(seed);
  const seller = await world.reseller(provider);
  const tenantId = await world.readyCustomer();
  const clients = [first.as('order-entry'), second.as('order-entry')];
  const change = changes(seller, tenantId, random.of([first, second]).as('operator'));
  const steps: (() => Promise<unknown>)[] = [];
  for (let orders = 0; orders < 5; orders++) {
    const repeated = random.below(4) === 0 ? [random.of(clients)] : [];
    steps.push(() =>
      ask(seller, tenantId, random.of(['BASIC:0001', 'BASIC:0001', 'FLICKER:0001']), [
        random.of(clients),
        ...repeated,
      ]),
    );
  }
  for (let changed = 0; changed < 2; changed++)
    steps.splice(random.below(steps.length), 0, random.of(change));
  await Promise.all(steps.map((step) => step()));
}

/**
 * Changes that forbid an order, and changes that allow it again. A refusal or a conflict is a valid
 * answer and changes nothing.
 */
function changes(
  seller: string,
  tenantId: string,
  operator: Client,
): readonly (() => Promise<unknown>)[] {
  const partner = `/v1/partners/${seller}`;
  const customer = `/v1/customers/${tenantId}`;
  const say = async (
    path: string,
    body: object,
    method: 'POST' | 'PUT' = 'POST',
  ): Promise<void> => {
    const { status, text } = await operator.call(method, path, body);
    if (status >= 500) throw new Error(`${path}: ${status} ${text}`);
  };
  const withdraw = () => say(`${customer}/agreements/withdrawal`, { on: today, reason: 'x' });
  const associate = () =>
    say(`${customer}/csp-association`, { associated: true, observedOn: today, source: 'x' });
  const loseMembership = () => say(`${partner}/memberships/end`, { on: today, reason: 'x' });
  const loseProvider = () =>
    say(`${partner}/provider-relationships/${provider}/end`, { on: today, reason: 'x' });
  return [
    withdraw,
    async () => {
      await withdraw();
      await new World(operator, today).sign(tenantId, { signedOn: today }).catch(() => undefined);
    },
    associate,
    () =>
      say(
        `/v1/partners/buyer-${tenantId}`,
        { legalName: 'Buyer', country: 'JP', model: 'direct-bill', cspTenantIds: [tenantId] },
        'PUT',
      ),
    loseMembership,
    async () => {
      await loseMembership();
      await say(`${partner}/memberships`, { from: today });
    },
    loseProvider,
    () => say(`${partner}/signing-authority/end`, { on: today, reason: 'x' }),
    () => say(`${customer}/closure`, { on: today, reason: 'x' }),
    () => say(`${customer}/partner-relationships`, { partnerId: seller, from: LONG_AGO }),
  ];
}

/** Changes what every order depends on while the histories run. */
async function changeSharedState(isOver: () => boolean): Promise<void> {
  const clients = [first.as('operator'), second.as('operator')];
  const { factId } = (
    await clients[0]!.post<{ factId: string }>(`/v1/partners/${provider}/provider-authorization`, {
      from: LONG_AGO,
    })
  ).body;
  const provided = `/v1/partners/${provider}/provider-authorization/correction`;
  const acts: readonly ((operator: Client) => Promise<unknown>)[] = [
    (operator) => operator.put(`/v1/policies/${LONG_AGO}`, { customerRelationshipRequired: true }),
    (operator) => operator.put(`/v1/policies/${LONG_AGO}`, { customerRelationshipRequired: false }),
    (operator) =>
      operator.put(`/v1/price-lists/JP/${months[0]!}`, priceList('JP', 'JPY', [STEADY])),
    (operator) =>
      operator.put(
        `/v1/price-lists/JP/${months[0]!}`,
        priceList('JP', 'JPY', [STEADY, FLICKERING]),
      ),
    (operator) => operator.post(provided, { factId, reason: 'x', retracted: true }),
    (operator) => operator.post(provided, { factId, reason: 'x', value: { from: LONG_AGO } }),
  ];
  for (let turn = 0; !isOver(); turn++) {
    await acts[turn % acts.length]!(clients[turn % 2]!);
    // A change that forbids orders lasts a moment; one that allows them lasts longer.
    await new Promise((resolve) => setTimeout(resolve, turn % 2 === 0 ? 10 : 60));
  }
}

async function runHistories(): Promise<void> {
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    while (next < HISTORIES) {
      await history(SEED + next++);
      done++;
    }
  };
  await Promise.all([
    ...Array.from({ length: AT_ONCE }, lane),
    changeSharedState(() => done >= HISTORIES),
  ]);
}

describe(`${HISTORIES} histories of orders and of changes that forbid them (seed ${SEED})`, () => {
  let log: readonly LogEvent[];
  let oracle: Oracle;
  const events = new Map<unknown, LogEvent[]>();
  const voided = new Map<unknown, readonly LogEvent[]>();
  const voidReasons = ({ data }: LogEvent): readonly string[] =>
    (voided.get(data['orderId']) ?? []).flatMap(({ data: voiding }) =>
      recordedReasons(voiding['decision'] as Decided),
    );

  beforeAll(async () => {
    await runHistories();
    log = await wholeLog(second.as('auditor'));
    oracle = new Oracle().read(log);
    for (const [orderId, voids] of Map.groupBy(
      log.filter(({ type }) => type === 'OrderVoided'),
      ({ data }) => data['orderId'],
    ))
      voided.set(orderId, voids);
    for (const { event } of oracle.orders) {
      const reference = event.data['reference'];
      events.set(reference, [...(events.get(reference) ?? []), event]);
    }
  }, 240_000);

  it('give one dense, ordered log in both processes', async () => {
    expect(log.map(({ position }) => Number(position))).toEqual(log.map((_event, index) => index));
    const revisions = new Map<string, number>();
    for (const { stream, revision } of log) {
      expect(revision).toBe((revisions.get(stream) ?? -1) + 1);
      revisions.set(stream, revision);
    }
    const ids = (events: readonly LogEvent[]) => events.map(({ id }) => id);
    // The services may have activated more orders since the log was read.
    expect(ids(await wholeLog(first.as('auditor'))).slice(0, log.length)).toEqual(ids(log));
  });

  it('have no accepted order after an event that forbids it, and no refusal without a reason in the log', () => {
    expect(oracle.orders.length).toBeGreaterThan(HISTORIES * 4);
    for (const { event, expected, recorded, staleReads } of oracle.orders) {
      const decidedOnLess = staleReads.length > 0 && backend === 'cluster';
      // On a cluster, a process may decide before it has read every event that precedes its own.
      // Its refusal is valid; its acceptance must be voided if the log's order forbids it.
      if (decidedOnLess && event.type === 'OrderRefused') continue;
      if (decidedOnLess) {
        expect({ position: event.position, voidedFor: voidReasons(event) }).toEqual({
          position: event.position,
          voidedFor: expected,
        });
        continue;
      }
      expect({ position: event.position, type: event.type, reasons: recorded, staleReads }).toEqual(
        {
          position: event.position,
          type: expected.length === 0 ? 'OrderPlaced' : 'OrderRefused',
          reasons: expected,
          staleReads: [],
        },
      );
    }
  });

  it('void an order at most once, and never one that was answered with 201', () => {
    const placed = new Set(
      asked.flatMap(({ answers }) =>
        answers.filter(({ status }) => status === 201).map(({ body }) => body.orderId),
      ),
    );
    // prettier-ignore
    for (const [orderId, voids] of voided) expect({ orderId, voids: voids.length, answered: placed.has(String(orderId)) }).toEqual({ orderId, voids: 1, answered: false });
    if (backend === 'embedded') expect(voided.size).toBe(0);
  });

  it('do race: they have accepted orders, and refusals for every reason that the changes cause', () => {
    const reasons = new Set(oracle.orders.flatMap(({ recorded }) => recorded));
    for (const reason of [
      'agreement-withdrawn',
      'tenant-csp-associated',
      'seller-membership-inactive',
      'customer-relationship-missing',
      'customer-closed',
      'offer-not-on-price-list',
      'provider-not-authorized',
      'provider-relationship-missing',
    ])
      expect(reasons).toContain(reason);
    expect(
      oracle.orders.filter(({ event }) => event.type === 'OrderPlaced').length,
    ).toBeGreaterThan(HISTORIES / 2);
  });

  it('give each request one decision and each repeated key one order', () => {
    let contended = 0;
    for (const { reference, answers } of asked) {
      const decided = answers.filter(
        ({ status, body }) => status === 201 || body.type === '/problems/order-refused',
      );
      const conflicts = answers.filter(({ status }) => status === 409);
      expect(
        answers.filter(({ status }) => ![201, 409, 422].includes(status)).map(({ text }) => text),
      ).toEqual([]);
      expect(decided.length + conflicts.length).toBe(answers.length);
      const recorded = events.get(reference) ?? [];
      if (decided.length === 0) contended++;
      expect(recorded).toHaveLength(decided.length === 0 ? 0 : 1);
      for (const { status, body } of decided) {
        const { type, data } = recorded[0]!;
        const isPlaced = type === 'OrderPlaced' && !voided.has(data['orderId']);
        expect([status, body.orderId]).toEqual([isPlaced ? 201 : 422, data['orderId']]);
      }
      // One answer is the first; the others replay it.
      if (decided.length > 0) expect(decided.filter(({ replayed }) => !replayed)).toHaveLength(1);
    }
    // A conflict is rare: it needs eight changes in a row during one order.
    expect(contended / asked.length).toBeLessThan(0.01);
  });
});

describe('many requests at once', () => {
  it('decide fifty parallel orders of one customer', async () => {
    await publish([STEADY, FLICKERING]);
    await world.say('PUT', `/v1/policies/${LONG_AGO}`, { customerRelationshipRequired: false });
    const seller = await world.reseller(await world.provider());
    const tenantId = await world.readyCustomer();
    const clerk = second.as('order-entry');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => clerk.order<OrderAnswer>(orderOf(seller, tenantId))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 201));
    expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(50);
  });

  it('place an order once, however often and to whichever process a key is sent at the same time', async () => {
    const seller = await world.reseller(await world.provider());
    const tenantId = await world.readyCustomer();
    const order = orderOf(seller, tenantId);
    const key = randomUUID();
    const clerks = [first.as('order-entry'), second.as('order-entry')];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        clerks[index % 2]!.order<OrderAnswer>(order, { key }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const orderIds = new Set(
      answers.filter(({ status }) => status === 201).map(({ body }) => body.orderId),
    );
    expect(orderIds.size).toBe(1);
    expect(answers.filter(({ status, replayed }) => status === 201 && !replayed)).toHaveLength(1);
    expect(
      await wholeLog(first.as('auditor'), `&stream=customer-${tenantId}&type=OrderPlaced`),
    ).toHaveLength(1);
    const other = await clerks[1]!.order({ ...order, reference: 'another' }, { key });
    expect(other.status).toBe(422);
  });

  it('register a partner once', async () => {
    const id = `partner-${randomUUID()}`;
    const body = { legalName: 'Race KK', country: 'JP', model: 'direct-bill' };
    const operators = [first.as('operator'), second.as('operator')];
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        operators[index % 2]!.put(`/v1/partners/${id}`, body),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 9 }, () => 200),
      201,
    ]);
  });

  it('read in one process what the other wrote, also without a position', async () => {
    const tenantId = await world.readyCustomer();
    const seller = await world.reseller(await world.provider());
    for (let turn = 0; turn < 10; turn++) {
      await world.observe(tenantId, turn % 2 === 0, today);
      await world.observe(tenantId, false, today);
      const { body } = await second
        .as('auditor')
        .post<{ decision: OrderAnswer['decision'] }>(
          '/v1/eligibility-checks',
          orderOf(seller, tenantId),
        );
      expect(body.decision.outcome).toBe('refused');
      const closed = await world.customer();
      expect((await second.as('order-entry').get(`/v1/customers/${closed}`)).status).toBe(200);
    }
    const placed = await first.as('order-entry').order<OrderAnswer>(orderOf(seller, tenantId));
    expect((await second.as('order-entry').get(`/v1/orders/${placed.body.orderId}`)).status).toBe(
      200,
    );
  });
});
