import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LogEvent, OrderAnswer, Page } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import { priceList } from '../support/price-lists.js';
import { backend } from '../support/backend.js';
import { Random } from '../support/random.js';
import { newDataDir, Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, orderOf, World } from '../support/world.js';
import { repeats } from '../support/repeats.js';

/**
 * Kills the service repeatedly during its work, on one data directory. What it acknowledged is
 * stored once. What it did not acknowledge may be stored or not, and the same key returns the
 * decision.
 */
const KILLS = repeats('SEKISHO_KILLS', { usual: 2, full: 10 });
const CONNECTIONS = 16;
const SEED = 20261122;

interface Asked {
  readonly order: object;
  readonly key: string;
  /** Absent if the connection broke before the answer. */
  answer?: { readonly status: number; readonly body: OrderAnswer };
}

const today = new Date().toISOString().slice(0, 10);

describe(`the service killed ${KILLS} times under load`, () => {
  const dataDir = newDataDir();
  const random = new Random(SEED);
  const asked: Asked[] = [];
  let service: Service | undefined;

  afterAll(async () => {
    await service?.stop();
    service?.remove();
  });

  it('loses nothing that it acknowledged, and does nothing twice', async () => {
    service = await Service.start({ dataDir });
    const sellable = await prepare(service);
    for (let kill = 0; kill < KILLS; kill++) {
      const load = Array.from({ length: CONNECTIONS }, () => orderUntilKilled(service!, sellable));
      await untilAnswered(
        answeredSoFar() + (backend === 'embedded' ? CONNECTIONS : 1) + random.below(CONNECTIONS),
      );
      await service.kill();
      await Promise.all(load);
      service = await Service.start({ dataDir });
      await expectAnswersAgain(service, kill);
    }
    expect(asked.filter(({ answer }) => answer).length).toBeGreaterThanOrEqual(
      backend === 'embedded' ? KILLS * CONNECTIONS : KILLS,
    );
    expect(asked.filter(({ answer }) => !answer).length).toBeGreaterThan(KILLS);
  }, 240_000);

  it('has each acknowledged decision in the log, and each key at most once', async () => {
    const recorded = await decisions();
    const byKey = Map.groupBy(recorded, ({ data }) => data['reference']);
    for (const { key, answer } of asked) {
      const events = byKey.get(key) ?? [];
      expect(events.length).toBeLessThanOrEqual(1);
      if (!answer) continue;
      expect(events.map(({ type, data }) => [type, data['orderId']])).toEqual([
        [answer.status === 201 ? 'OrderPlaced' : 'OrderRefused', answer.body.orderId],
      ]);
    }
    expect(recorded.length).toBeLessThanOrEqual(asked.length);
  }, 90_000);

  it('gives an unanswered request its first decision, or decides it now', async () => {
    const before = new Map(
      (await decisions()).map(({ data }) => [data['reference'], data['orderId']]),
    );
    const clerk = service!.as('order-entry');
    const unanswered = asked.filter(({ answer }) => !answer);
    for (const { order, key } of unanswered) {
      const { status, body, replayed } = await settled(() =>
        clerk.order<OrderAnswer>(order, { key }),
      );
      expect([201, 422]).toContain(status);
      expect(replayed).toBe(before.has(key));
      if (before.has(key)) expect(body.orderId).toBe(before.get(key));
    }
    const after = await decisions();
    expect(after).toHaveLength(asked.length);
    expect(new Set(after.map(({ data }) => data['orderId'])).size).toBe(asked.length);
  }, 90_000);

  it('lists exactly the orders of the log', async () => {
    const recorded = await decisions();
    const listed = await allOrders(recorded.at(-1)?.position ?? '0');
    const sorted = (rows: readonly (readonly unknown[])[]) =>
      rows.map((row) => row.join(' ')).sort();
    expect(
      sorted(
        listed.map(({ orderId, status, tenantId, position }) => [
          orderId,
          status,
          tenantId,
          position,
        ]),
      ),
    ).toEqual(
      sorted(
        recorded.map(({ type, data, stream, position }) => [
          data['orderId'],
          type === 'OrderPlaced' ? 'placed' : 'refused',
          stream.replace('customer-', ''),
          position,
        ]),
      ),
    );
  }, 90_000);

  /**
   * Another process takes over a killed process's idempotency claim after half a minute. Until then
   * the service answers 409.
   */
  async function settled<Answer extends { readonly status: number }>(
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const until = Date.now() + 45_000;
    for (;;) {
      const answer = await ask();
      if (answer.status !== 409 || backend === 'embedded' || Date.now() > until) return answer;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Sellers and customers, some of which may not order. */
  async function prepare(running: Service): Promise<readonly (readonly [string, string])[]> {
    const world = new World(running.as('operator'), today);
    for (const month of new Set([today, addDays(today, 1)].map(monthOf)))
      await world.say(
        'PUT',
        `/v1/price-lists/JP/${month}`,
        priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
      );
    const seller = await world.reseller(await world.provider());
    const customers = await Promise.all(Array.from({ length: 8 }, () => world.readyCustomer()));
    return [
      ...customers.map((tenantId) => [seller, tenantId] as const),
      [seller, await world.customer()],
      ['nobody', randomUUID()],
    ];
  }

  const answeredSoFar = (): number => asked.filter(({ answer }) => answer).length;

  /**
   * Waits until the service is in the middle of its work, on any machine: for this many answers and
   * a random delay.
   */
  async function untilAnswered(count: number): Promise<void> {
    const until = Date.now() + 20_000;
    while (answeredSoFar() < count && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, random.below(100)));
  }

  async function orderUntilKilled(
    running: Service,
    sellable: readonly (readonly [string, string])[],
  ): Promise<void> {
    const clerk = running.as('order-entry');
    for (;;) {
      const key = randomUUID();
      const [seller, tenantId] = random.of(sellable);
      const one: Asked = {
        key,
        order: {
          ...orderOf(seller, tenantId, line('BASIC:0001', 1 + random.below(9))),
          reference: key,
        },
      };
      asked.push(one);
      try {
        const { status, body } = await clerk.order<OrderAnswer>(one.order, { key });
        one.answer = { status, body };
      } catch {
        return; // killed: this order has no answer
      }
    }
  }

  /**
   * After each restart, sends some answered requests again: they get the same answer as a replay,
   * and the order reads the same.
   */
  async function expectAnswersAgain(running: Service, kill: number): Promise<void> {
    const clerk = running.as('order-entry');
    const answered = asked.filter(({ answer }) => answer);
    for (let sample = 0; sample < 5; sample++) {
      const { order, key, answer } =
        sample === 0 ? answered.at(-1)! : answered[(kill * 31 + sample * 17) % answered.length]!;
      const again = await clerk.order<OrderAnswer>(order, { key });
      expect(again).toMatchObject({ status: answer!.status, replayed: true });
      expect(again.body.decision).toEqual(answer!.body.decision);
      const read = await clerk.get<OrderAnswer>(`/v1/orders/${answer!.body.orderId}`);
      expect(read.body).toMatchObject({
        orderId: answer!.body.orderId,
        decision: answer!.body.decision,
      });
    }
  }

  const decisions = async (): Promise<readonly LogEvent[]> =>
    (await wholeLog(service!.as('auditor'))).filter(
      ({ type }) => type === 'OrderPlaced' || type === 'OrderRefused',
    );

  /** Lists follow the log asynchronously, so the request waits for the position. */
  async function allOrders(minPosition: string): Promise<readonly Record<string, string>[]> {
    const auditor = service!.as('auditor');
    const orders: Record<string, string>[] = [];
    for (let cursor = ''; ;) {
      const { body } = await auditor.get<Page<Record<string, string>>>(
        `/v1/orders?limit=500${cursor}&minPosition=${minPosition}`,
      );
      orders.push(...body.items);
      if (body.nextCursor === null) return orders;
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
  }
});
