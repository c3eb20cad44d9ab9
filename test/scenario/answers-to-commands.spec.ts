import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { OrderAnswer } from '../support/answers.js';
import type { Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, orderOf, World } from '../support/world.js';

/**
 * What a client uses from an answer in its next request: the position to wait for, and the id of
 * the record.
 */
let service: Service;
let operator: Client;
let world: World;
const today = new Date().toISOString().slice(0, 10);

beforeAll(async () => {
  // With its own clock the service would start days by itself and move the log's head. Here only
  // the tests append.
  service = await Service.start({ env: { CLOCK: 'manual' } });
  operator = service.as('operator');
  world = new World(operator, today);
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

const head = async (): Promise<string> => String((await wholeLog(operator)).at(-1)?.position);

describe('the log position of an answer', () => {
  it('is the position of the last event, also when the command ends in another stream', async () => {
    const tenantId = randomUUID();
    const partnerId = await world.partner('direct-bill');
    await world.say('PUT', `/v1/partners/${partnerId}`, {
      legalName: 'K',
      country: 'JP',
      model: 'direct-bill',
      cspTenantIds: [tenantId],
    });
    const end = () =>
      operator.post(
        `/v1/partners/${partnerId}/csp-tenants/${tenantId}/end`,
        { on: today, reason: 'sold' },
        { key: 'end-1' },
      );
    const ended = await end();
    expect([ended.status, ended.position]).toEqual([201, await head()]);
    expect([(await end()).replayed, (await end()).position]).toEqual([true, ended.position]);
  });

  it('is also sent with refusals, failed preconditions, reused keys and malformed requests', async () => {
    const partnerId = await world.partner('direct-bill');
    const put = (body: object, options = {}) =>
      operator.put(`/v1/partners/${partnerId}`, body, options);
    const details = { legalName: 'K', country: 'JP', model: 'direct-bill' };
    await put(details, { key: `used-${partnerId}` });
    const answers = [
      await put({ ...details, model: 'indirect-reseller' }),
      await put(details, { ifMatch: '"99"' }),
      await put({ ...details, legalName: 'L' }, { key: `used-${partnerId}` }),
      await put({}),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 412, 422, 400]);
    expect(new Set(answers.map(({ position }) => position))).toEqual(new Set([await head()]));
  });

  it('can be waited for by an eligibility check, which refuses a position that the log has not reached', async () => {
    const order = orderOf('nobody', randomUUID());
    expect(
      (await operator.post(`/v1/eligibility-checks?minPosition=${await head()}`, order)).status,
    ).toBe(200);
    const ahead = await operator.post<{ type: string }>(
      '/v1/eligibility-checks?minPosition=999999',
      order,
    );
    expect([ahead.status, ahead.body.type]).toEqual([400, '/problems/position-not-reached']);
  });
});

describe('a tick repeated with the same key', () => {
  it('gets the first answer again, including the time of day', async () => {
    const tick = () => operator.post('/v1/clock/ticks', { on: today }, { key: 'tick-1' });
    const [first, again] = [await tick(), await tick()];
    expect([first.status, again.status, again.replayed]).toEqual([201, 201, true]);
    expect(again.body).toEqual(first.body);
  });
});

describe('a direct-bill authorization that is stated twice', () => {
  it('gets the existing id', async () => {
    const partnerId = await world.partner('direct-bill');
    const state = (change: string, body: object) =>
      operator.post(`/v1/partners/${partnerId}/direct-bill-authorization${change}`, body);
    for (const [change, body] of [
      ['', { from: today, evidence: 'letter' }],
      ['/restriction', { on: today, reason: 'review' }],
    ] as const) {
      const [first, again] = [await state(change, body), await state(change, body)];
      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body).toEqual(first.body);
    }
  });
});

describe('an order under Prefer: return=minimal', () => {
  it('is answered without the checks of its decision, whether placed or refused, first or repeated', async () => {
    await world.say(
      'PUT',
      `/v1/price-lists/JP/${today.slice(0, 7)}`,
      priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
    );
    const placed = orderOf(
      await world.reseller(await world.provider()),
      await world.readyCustomer(),
      line('BASIC:0001'),
    );
    const refused = orderOf('nobody', randomUUID());
    for (const [order, status] of [
      [placed, 201],
      [refused, 422],
    ] as const) {
      const ask = (prefer?: string) =>
        operator.order<OrderAnswer>(order, {
          key: `minimal-${status}`,
          ...(prefer === undefined ? {} : { headers: { prefer } }),
        });
      const minimal = await ask('respond-async, return=minimal');
      expect([minimal.status, minimal.headers.get('preference-applied')]).toEqual([
        status,
        'return=minimal',
      ]);
      const whole = await ask();
      expect([whole.replayed, whole.headers.get('preference-applied')]).toEqual([true, null]);
      const { checks, ...decision } = whole.body.decision;
      expect(checks.length).toBeGreaterThan(10);
      expect(minimal.body).toEqual({ ...whole.body, decision });
      expect((await ask('return=minimal')).body).toEqual(minimal.body);
    }
  });
});
