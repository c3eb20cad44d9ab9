import { describe, expect, it } from '@jest/globals';
import {
  PublishTaxRates,
  SetBillingEntity,
  SetCustomerBillingProfile,
} from '../../libs/application/billing/parties/billing.commands.js';
import { SetCustomerBillingProfileHandler } from '../../libs/application/billing/parties/billing-profile.handlers.js';
import { PublishTaxRatesHandler } from '../../libs/application/billing/parties/billing.module.js';
import {
  CorrectPayment,
  ReceivePayment,
} from '../../libs/application/billing/payments/payment.commands.js';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { PastView } from '../../libs/application/engine/states/view.js';
import {
  type OrderDecidedEvent,
  reproduceDecision,
  validateOrder,
} from '../../libs/application/gate/order-judgement.js';
import { PriceRows } from '../../libs/application/gate/price-rows.js';
import {
  type Application,
  context,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { customerPayer } from '../../libs/domain/billing/parties/billing-profile.js';
import { billingEntityId } from '../../libs/domain/shared/ids.js';
import { accountStream } from '../../libs/domain/shared/streams.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { paymentIdOf, subscriptionIdOf } from '../../libs/event-log/identity.js';
import { appendAtOnce } from '../../libs/read-models/testing/sample-log.js';
import { type Guards, orderOf, place, today, World } from './decision-world.js';

/** A customer never owes more than its credit limit, whatever is done in parallel. */
const entityId = billingEntityId('e-1');
const payer = customerPayer(tenant);
/** 5 × 5,400 yen with 10 % tax. */
const ORDER = 29_700;
const yen = (amount: number) => ({ amount: String(amount), currency: 'JPY' });

async function limitedWorld(guards: Guards, limit: number): Promise<World> {
  const world = await World.open(guards);
  const { app } = await world.process();
  await app.setBillingEntity.execute(
    new SetBillingEntity(context('entity'), {
      entityId,
      partnerId: seller,
      legalName: 'Kansai Cloud KK',
      address: { lines: ['1-1 Marunouchi'], country: 'JP' },
      currency: 'JPY',
      language: 'ja',
      numberPrefix: 'KC-',
      timeZone: 'Asia/Tokyo',
      taxRounding: 'truncate',
      pricing: { basis: 'erp-price', adjustmentPercent: '0' },
    }),
  );
  await new SetCustomerBillingProfileHandler(app.decisions, app.states, world.clock).execute(
    new SetCustomerBillingProfile(context('profile'), tenant, {
      address: { lines: ['2-2 Umeda'], country: 'JP' },
    }),
  );
  await new PublishTaxRatesHandler(app.decisions).execute(
    new PublishTaxRates(context('rates'), {
      country: 'JP',
      from: '2019-10-01',
      rates: { standard: '0.10' },
    }),
  );
  await app.changeCustomer.execute(
    new ChangeCustomer(context('limit'), tenant, {
      type: 'register-customer',
      legalName: 'Kobe Foods',
      country: 'JP',
      creditLimit: yen(limit),
    }),
  );
  return world;
}

const pay = (app: Application, amount: number) =>
  app.receivePayment.execute(
    new ReceivePayment(context('pay'), {
      entityId,
      payer,
      amount: yen(amount),
      receivedOn: today,
      reference: 'bank 1',
      allocations: [],
    }),
  );
const reverse = (app: Application) =>
  app.correctPayment.execute(
    new CorrectPayment(context('reverse'), paymentIdOf(entityId, 'bank 1'), {
      kind: 'reversal',
      on: today,
      reason: 'bounced',
    }),
  );

const isPlaced = (outcome: Outcome<never>): boolean =>
  outcome.kind === 'committed' && outcome.events.at(-1)?.type === 'OrderPlaced';

/** The charge of a placed order, as the process of subscriptions records it. */
function charge(outcome: Outcome<never>): object {
  const orderId = String(orderOf(outcome));
  return {
    entityId,
    currency: 'JPY',
    partnerId: seller,
    relation: 'customer',
    charges: [
      {
        chargeId: orderId,
        type: 'new',
        half: 'charge',
        source: { subscriptionId: subscriptionIdOf(orderId as never, 0) },
        tenantId: tenant,
        description: 'Microsoft 365 E3',
        family: 'cloud',
        from: today,
        to: today,
        date: today,
        quantity: 5,
        unitPrice: '5400',
        amount: '27000',
        cost: '22500',
        taxCategory: 'standard',
      },
    ],
  };
}

/**
 * Every decision can be reproduced, an order that is not voided is within the limit on the events
 * before it, and a voided one is not.
 */
async function check(world: World): Promise<{ readonly placed: number; readonly voided: number }> {
  await world.settled();
  const events = await world.events();
  const voided = new Set(
    events
      .filter(({ type }) => type === 'OrderVoided')
      .map(({ data }) => (data as { orderId: string }).orderId),
  );
  const priceRows = new PriceRows(world.log);
  const decided = events.filter(({ type }) => type === 'OrderPlaced' || type === 'OrderRefused');
  for (const event of decided as (LoggedEvent & OrderDecidedEvent)[]) {
    expect((await reproduceDecision(event, world.log, priceRows)).holds).toBe(true);
    if (event.type !== 'OrderPlaced') continue;
    const before = new PastView(world.log, event.position - 1);
    const { outcome } = await validateOrder(event, before, priceRows);
    expect(outcome).toBe(voided.has(event.data.orderId) ? 'refused' : 'accepted');
  }
  const placed = decided.filter(({ type }) => type === 'OrderPlaced').length - voided.size;
  return { placed, voided: voided.size };
}

describe.each<Guards>(['none', 'atomic'])('a credit limit on a log with guards: %s', (guards) => {
  it('is used up by sequential orders, charged or not, to the yen', async () => {
    for (const isCharged of [false, true]) {
      const world = await limitedWorld(guards, 3 * ORDER);
      const { app } = await world.process();
      const outcomes: boolean[] = [];
      for (let n = 0; n < 4; n += 1) {
        const outcome = await place(app, `order ${n}`);
        outcomes.push(isPlaced(outcome));
        if (isCharged && isPlaced(outcome))
          await appendAtOnce(world.log, [
            { stream: accountStream(payer), type: 'ChargesRecorded', data: charge(outcome) },
          ]);
      }
      expect(outcomes).toEqual([true, true, true, false]);
      expect(await check(world)).toEqual({ placed: 3, voided: 0 });
      await world.close();
    }
  }, 60_000);

  it('holds under twenty parallel orders in two processes while they are being charged', async () => {
    const world = await limitedWorld(guards, 10 * ORDER);
    const [one, another] = [await world.process(), await world.process()];
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_order, n) => {
        const outcome = await place((n % 2 === 0 ? one : another).app, `order ${n}`);
        if (isPlaced(outcome))
          await appendAtOnce(world.log, [
            { stream: accountStream(payer), type: 'ChargesRecorded', data: charge(outcome) },
          ]).catch(() => undefined); // another order's charge came first
        return isPlaced(outcome);
      }),
    );
    expect(outcomes.filter(Boolean)).toHaveLength(10);
    expect((await check(world)).placed).toBe(10);
    await world.close();
  }, 60_000);

  it('holds when a payment is reversed while an order is decided, wherever it comes in', async () => {
    for (let call = 1, interfered = true; interfered; call += 1) {
      const world = await limitedWorld(guards, ORDER - 1);
      const [one, another] = [await world.process(), await world.process()];
      await pay(another.app, 1);
      let calls = 0;
      interfered = false;
      one.log.barrier = async ({ moment, name }) => {
        if (moment !== 'before' || name === 'readAll' || ++calls !== call) return;
        interfered = true;
        await reverse(another.app);
      };
      const outcome = await place(one.app, 'order');
      const { placed } = await check(world);
      expect(placed).toBe(isPlaced(outcome) ? 1 : 0);
      await world.close();
      expect(call).toBeLessThan(60);
    }
  }, 60_000);
});
