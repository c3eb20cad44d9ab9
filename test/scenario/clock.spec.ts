import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { OrderAnswer, Problem } from '../support/answers.js';
import { addDays, monthOf } from '../support/calendar.js';
import type { Answer, Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, LONG_AGO, orderOf, World } from '../support/world.js';

/**
 * Days on the system's clock and on a manual clock, and the cancellation windows that depend on
 * them.
 */
const problem = ({ status, body }: Answer<unknown>): readonly [number, string] => [
  status,
  (body as Problem).type.replace('/problems/', ''),
];
const daysStarted = async (client: Client): Promise<readonly unknown[]> =>
  (await wholeLog(client, '&type=DayStarted')).map(({ data }) => data['date']);

describe('a log on the system’s clock', () => {
  let service: Service;
  beforeAll(async () => {
    service = await Service.start();
  }, 90_000);
  afterAll(async () => {
    await service.stop();
    service.remove();
  });

  it('starts each due day once and by itself, none before its time, and refuses ticks', async () => {
    const operator = service.as('operator');
    const today = new Date().toISOString().slice(0, 10);
    const tick = (body: object) => operator.post('/v1/clock/ticks', body);
    const ahead = await tick({ on: addDays(today, 2) });
    expect([400, 422]).toContain(ahead.status);
    expect((await tick({ on: today, at: `${today}T00:00:00Z` })).status).toBe(422);
    expect((await tick({ on: addDays(today, -1) })).status).toBe(200);
    expect((await tick({ on: today })).status).toBe(200);
    expect(await daysStarted(operator)).toEqual([today]);
    for (const body of [
      {},
      { on: 'today' },
      { on: '2026-02-30' },
      { on: null },
      { on: today, at: 'noon' },
    ])
      expect((await tick(body)).status).toBe(400);
  });
});

describe('a log with a manual clock', () => {
  let service: Service;
  let operator: Client;
  let clerk: Client;
  let world: World;
  const real = new Date().toISOString().slice(0, 10);
  const first = addDays(`${monthOf(addDays(`${monthOf(real)}-28`, 40))}-01`, 4);
  const day = (days: number): string => addDays(first, days);
  const tick = (body: object) => operator.post<{ now: string }>('/v1/clock/ticks', body);

  beforeAll(async () => {
    service = await Service.start({ env: { CLOCK: 'manual' } });
    operator = service.as('operator');
    clerk = service.as('order-entry');
    world = new World(operator, first);
  }, 90_000);
  afterAll(async () => {
    await service.stop();
    service.remove();
  });

  it('does not move between ticks, does not go back, and starts every day that it passes', async () => {
    expect((await wholeLog(operator)).slice(0, 9).map(({ type }) => type)).toContain('ClockSet');
    expect((await tick({ on: first, at: `${first}T09:00:00Z` })).status).toBe(201);
    const days = await daysStarted(operator);
    expect([days[0], days.at(-1)]).toEqual([real, first]);
    expect(days).toEqual(days.map((_date, index) => addDays(real, index)));
    expect(problem(await tick({ on: first, at: `${first}T08:59:59.999Z` }))).toEqual([
      422,
      'clock-goes-back',
    ]);
    expect(problem(await tick({ on: day(-1) }))).toEqual([422, 'clock-goes-back']);
    expect((await tick({ on: first, at: `${first}T09:00:00Z` })).status).toBe(200);
    const asked = async () =>
      (
        await operator.post<{ decision: { judgedAt: string } }>(
          '/v1/eligibility-checks',
          orderOf('nobody', randomUUID()),
        )
      ).body.decision.judgedAt;
    expect([await asked(), await asked()]).toEqual([
      `${first}T09:00:00.000Z`,
      `${first}T09:00:00.000Z`,
    ]);
    expect((await tick({ on: day(1) })).body).toMatchObject({ now: `${day(1)}T00:00:00.000Z` });
  });

  it('records no event with an earlier time than the one before', async () => {
    await world.customer();
    const instants = (await wholeLog(operator)).map(({ recordedAt }) => recordedAt);
    expect(instants).toEqual([...instants].sort());
    for (const instant of instants)
      expect(instant).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });

  it('allows cancellation until the last day of the shortest window of the order’s lines', async () => {
    const list = priceList('JP', 'JPY', [
      { ProductId: 'CLOUD' },
      {
        ProductId: 'SOFTWARE',
        TermDuration: '',
        BillingPlan: 'OneTime',
        Family: 'Perpetual-Software',
      },
    ]);
    for (const month of new Set([first, day(40)].map(monthOf)))
      await world.say('PUT', `/v1/price-lists/JP/${month}`, list);
    const seller = await world.reseller(await world.provider());
    const tenantId = await world.readyCustomer();
    const cloud = line('CLOUD:0001');
    const software = line('SOFTWARE:0001', 1, 'none', 'one_time');
    const order = async (...lines: readonly object[]) => {
      const { status, body } = await clerk.order<OrderAnswer>(orderOf(seller, tenantId, ...lines));
      expect(status).toBe(201);
      return body.orderId;
    };
    const cancel = async (orderId: string) =>
      clerk.post(`/v1/orders/${orderId}/cancellation`, { reason: 'x' });
    await tick({ on: day(2), at: `${day(2)}T23:59:59.999Z` });
    const [early, late, mixed, perpetual, lasting] = [
      await order(cloud),
      await order(cloud),
      await order(cloud, software),
      await order(software),
      await order(software),
    ];

    await tick({ on: day(9), at: `${day(9)}T23:59:59.999Z` });
    expect((await cancel(early)).status).toBeLessThan(300);
    await tick({ on: day(10) });
    for (const orderId of [late, mixed])
      expect(problem(await cancel(orderId))).toEqual([422, 'cancellation-window-closed']);
    await tick({ on: day(32), at: `${day(32)}T23:59:59.999Z` });
    expect((await cancel(perpetual)).body).toMatchObject({
      cancellation: { on: day(32), reason: 'x' },
    });
    await tick({ on: day(33) });
    expect(problem(await cancel(lasting))).toEqual([422, 'cancellation-window-closed']);
    expect((await clerk.get(`/v1/orders/${late}`)).body).toMatchObject({ status: 'placed' });
  });

  it('keeps its time over a restart, and shares it with another process on the same log', async () => {
    const beside = await Service.start({ dataDir: service.dataDir, env: { CLOCK: 'system' } });
    const now = async (client: Client) =>
      (
        await client.post<{ decision: { judgedAt: string } }>(
          '/v1/eligibility-checks',
          orderOf('nobody', randomUUID()),
        )
      ).body.decision.judgedAt;
    expect(await now(beside.as('auditor'))).toBe(`${day(33)}T00:00:00.000Z`);
    await tick({ on: day(34) });
    expect(await now(beside.as('auditor'))).toBe(`${day(34)}T00:00:00.000Z`);
    const placed = await beside
      .as('order-entry')
      .order<OrderAnswer>(orderOf('nobody', randomUUID()));
    expect(placed.body.decision.judgedAt).toBe(`${day(34)}T00:00:00.000Z`);
    await tick({ on: day(35) });
    const later = await beside
      .as('order-entry')
      .order<OrderAnswer>(orderOf('nobody', randomUUID()));
    expect(later.body.decision.judgedAt).toBe(`${day(35)}T00:00:00.000Z`);
    const before = await beside
      .as('operator')
      .post('/v1/clock/ticks', { on: day(36), at: `${day(35)}T00:00:00Z` });
    expect(before.status).toBe(400);
    expect((await beside.stop()).code).toBe(0);
  }, 90_000);

  it('judges membership on the clock’s day', async () => {
    const seller = await world.reseller(await world.provider());
    const tenantId = await world.readyCustomer();
    await world.observe(tenantId, false, day(35));
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${monthOf(day(60))}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
    await world.say('POST', `/v1/partners/${seller}/memberships/end`, { on: day(61), reason: 'x' });
    await tick({ on: day(60), at: `${day(60)}T23:59:59.999Z` });
    expect((await clerk.order(orderOf(seller, tenantId))).status).toBe(201);
    await tick({ on: day(61) });
    const { body } = await clerk.order<OrderAnswer>(orderOf(seller, tenantId));
    expect(body.reasons?.[0]).toBe('seller-membership-inactive');
    await world.fact(seller, 'memberships', { from: LONG_AGO });
  });
});
