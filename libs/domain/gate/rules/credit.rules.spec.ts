import { describe, expect, it } from '@jest/globals';
import type { AccountEvent } from '../../billing/account/account-events.js';
import { invoiceOf } from '../../billing/account/testing/issued-invoice.js';
import type { BillingEntityEvent } from '../../billing/parties/billing-entity.js';
import type { CustomerEvent, OrderDecided } from '../../customer/customer.js';
import type { Proposed } from '../../shared/event.js';
import { orderId, partnerId, subscriptionId } from '../../shared/ids.js';
import { billingEntityStream, billingProfileStream, taxRatesStream } from '../../shared/streams.js';
import { offerId, resellerId, row, today } from '../testing/accepted-order.js';
import {
  account,
  billedOrder,
  entityId,
  entityRegistered,
  limitedOrder,
  limitSet,
  payer,
} from '../testing/limited-order.js';
import type { World } from '../testing/world.js';

/** The order is for 10 × 72.00 euro, with 20 % tax 864.00. */
const verdict = (world: World): string => world.verdict('CREDIT-1');
const exceeded = 'credit-limit-exceeded';
const factsOf = (world: World) => world.checks('CREDIT-1')[0]?.[4];

const issued = (net: string, currency = 'EUR'): readonly Proposed<AccountEvent>[] =>
  invoiceOf({ entityId, payer, documentId: `d-${net}`, net, issuedOn: '2026-10-01', currency });
const billed = (world: World, ...events: readonly Proposed<AccountEvent>[]): World =>
  world.billing<AccountEvent>(account, ...events);
const paid = (amount: string, currency = 'EUR'): Proposed<AccountEvent> => ({
  type: 'PaymentReceived',
  data: { entityId, currency, paymentId: 'p', amount, receivedOn: '2026-10-02', reference: 'r' },
});
/** A charge of the account; `source` is of the first line of the order `o-1`. */
const charged = (amount: string, changes: object = {}): Proposed<AccountEvent> => ({
  type: 'ChargesRecorded',
  data: {
    entityId,
    currency: 'EUR',
    partnerId: resellerId,
    charges: [
      {
        chargeId: `c-${amount}`,
        type: 'new',
        half: 'charge',
        source: { subscriptionId: 'subscription of o-1 0' },
        description: 'x',
        family: 'cloud',
        from: today,
        to: today,
        date: today,
        quantity: 1,
        unitPrice: amount,
        amount,
        taxCategory: 'standard',
        ...changes,
      },
    ],
  },
});
const placed = (changes: Partial<OrderDecided> = {}): Proposed<CustomerEvent> => {
  const { decision, lines } = billedOrder.judge();
  return {
    type: 'OrderPlaced',
    data: {
      orderId: orderId('o-1'),
      kind: 'new',
      partnerId: resellerId,
      currency: 'EUR',
      lines,
      decision,
      ...changes,
    },
  };
};

describe('CREDIT-1: the customer stays within its credit limit', () => {
  it.each<[string, World, string]>([
    ['no limit', billedOrder, 'not-applicable'],
    ['a cleared limit', limitedOrder('1').customer({ type: 'CustomerDetailsChanged', data: { creditLimit: null } }), 'not-applicable'],
    ['a seller without a billing entity', limitedOrder('1').without(billingEntityStream(resellerId)), 'not-applicable'],
    ['an offer that is not on the list', limitedOrder('1').orderingLine({ offerId: 'NONE:0001' }), 'not-applicable'],
    ['net and tax of the order exactly', limitedOrder('864.00'), 'pass'],
    ['a cent less', limitedOrder('863.99'), exceeded],
    ['an open invoice and the order', billed(limitedOrder('974.00'), ...issued('100.00')), 'pass'],
    ['a cent less than both', billed(limitedOrder('973.99'), ...issued('100.00')), exceeded],
    ['credit balance', billed(limitedOrder('854.00'), paid('10.00')), 'pass'],
    ['a cent less than that', billed(limitedOrder('853.99'), paid('10.00')), exceeded],
    ['an unbilled charge', billed(limitedOrder('876.00'), charged('10.00')), 'pass'],
    ['a cent less than with it', billed(limitedOrder('875.99'), charged('10.00')), exceeded],
    ['a charge of a later day', billed(limitedOrder('864.00'), charged('10.00', { date: '2026-11-23' })), 'pass'],
    ['a credit', billed(limitedOrder('852.00'), charged('-10.00', { half: 'credit' })), 'pass'],
    ['what the customer owes others', billed(limitedOrder('864.00'), ...issued('100.00').map((event) => ({ ...event, data: { ...event.data, entityId: 'other' } }) as Proposed<AccountEvent>)), 'pass'],
  ])('%s', (_what, world, expected) => {
    expect(verdict(world)).toBe(expected);
  }); // prettier-ignore

  it('rounds the tax of all charges once', () => {
    // Three charges of 0.03 have 0.018 tax together, 0.02; each alone has 0.006, 0.01.
    const three = [1, 2, 3].map((n) => charged('0.03', { chargeId: `c-${n}` }));
    expect(verdict(billed(limitedOrder('864.11'), ...three))).toBe('pass');
    expect(verdict(billed(limitedOrder('864.10'), ...three))).toBe(exceeded);
  });

  it('counts a draft until it is issued, and the invoice from then on', () => {
    const events = issued('100.00');
    const exposures = [1, 3, 4].map((count) =>
      factsOf(billed(limitedOrder('1000.00'), ...events.slice(0, count))),
    );
    // The sample document has 10 % tax.
    expect(exposures).toMatchObject(
      ['984.00 EUR', '974.00 EUR', '974.00 EUR'].map((exposure) => ({ exposure })),
    );
  });

  it('states the limit, the exposure and the order', () => {
    expect(factsOf(limitedOrder('863.99'))).toEqual({
      limit: '863.99 EUR',
      exposure: '864.00 EUR',
      order: '720.00 EUR',
    });
  });
});

describe('placed orders', () => {
  const before = limitedOrder('1728.00').customer(placed());

  it.each<[string, World, string]>([
    ['are counted before they are charged', before, 'pass'],
    ['to the cent', limitedOrder('1727.99').customer(placed()), exceeded],
    ['are not counted twice', billed(before, charged('720.00')), 'pass'],
    ['are not counted after their invoice', billed(before, ...issued('720.00')), exceeded],
    ['of another seller are not', limitedOrder('864.00').customer(placed({ partnerId: partnerId('other') })), 'pass'],
    ['that were cancelled are not', limitedOrder('864.00').customer(placed(), { type: 'OrderCancelled', data: { orderId: orderId('o-1'), on: today, reason: 'x' } }), 'pass'],
    ['from before the limit are', billedOrder.customer(placed(), limitSet('1727.99')), exceeded],
  ])('%s', (_what, world, expected) => {
    expect(verdict(world)).toBe(expected);
  }); // prettier-ignore

  it('of more seats count the charge that was judged, until it is on the account', () => {
    const { decision, lines } = limitedOrder('1000.00').judge();
    const seats = placed({ kind: 'add-quantity', subscriptionId: subscriptionId('s'), decision, lines });
    const world = limitedOrder('1728.00').customer(seats);
    expect(verdict(world)).toBe('pass');
    expect(verdict(limitedOrder('1727.99').customer(seats))).toBe(exceeded);
    const halves = ['-720.00', '1440.00'].map((amount) =>
      charged(amount, {
        type: 'addQuantity',
        half: amount.startsWith('-') ? 'credit' : 'charge',
        source: { subscriptionId: 's' },
      }),
    );
    expect(factsOf(billed(world, ...halves))).toMatchObject({ exposure: '1728.00 EUR' });
  }); // prettier-ignore

  it('that are too many to know fail', () => {
    const many = Array.from({ length: 256 }, (_order, n) => placed({ orderId: orderId(`o-${n}`) }));
    expect(factsOf(limitedOrder('9999999.00').customer(...many))).toMatchObject({
      unknown: 'orders-not-activated',
    });
  });
});

describe('prices of the seller', () => {
  const selling = { offerId, term: 'P1Y', billingPlan: 'annual', currency: 'EUR', segment: 'commercial', sellingPrice: '50.00', row: 1 } as const; // prettier-ignore

  it.each<[string, World, string]>([
    ['the selling price', limitedOrder('600.00').pricing(selling), 'pass'],
    ['a cent less than the selling price', limitedOrder('599.99').pricing(selling), exceeded],
    ['one twelfth in a monthly plan', limitedOrder('72.00').selling(row({ billingPlan: 'monthly' })).orderingLine({ billingPlan: 'monthly' }), 'pass'],
    ['all of a one-time purchase', limitedOrder('864.00').selling(row({ term: 'none', billingPlan: 'one_time' })).orderingLine({ term: 'none', billingPlan: 'one_time' }), 'pass'],
    ['the tax category of the row', limitedOrder('792.00').selling(row({ taxCategory: 'reduced' })), 'pass'],
  ])('%s', (_what, world, expected) => {
    expect(verdict(world)).toBe(expected);
  }); // prettier-ignore

  it('take the pricing of the entity without a selling price', () => {
    const costly = limitedOrder('807.84')
      .without(billingEntityStream(resellerId))
      .billing<BillingEntityEvent>(
        billingEntityStream(resellerId),
        entityRegistered({ pricing: { basis: 'unit-price', adjustmentPercent: '10' } }),
      );
    expect(verdict(costly)).toBe('pass'); // 61.20 + 10 % is 67.32
  });
});

describe('what cannot be computed', () => {
  it.each<[string, World, string]>([
    ['without a price', limitedOrder('9999.00').selling({ ...row(), erpPrice: undefined } as unknown as ReturnType<typeof row>), 'price-missing'],
    ['without a billing profile', limitedOrder('9999.00').without(billingProfileStream(payer)), 'billing-profile-missing'],
    ['without a tax rate', limitedOrder('9999.00').without(taxRatesStream('FR')), 'tax-rate-missing'],
  ])('fails %s', (_what, world, unknown) => {
    expect(verdict(world)).toBe(exceeded);
    expect(factsOf(world)).toMatchObject({ unknown });
  }); // prettier-ignore

  it('needs the rates of the month for another currency', () => {
    const rates = (usdPerUnit: Readonly<Record<string, string>>, month = '2026-11') =>
      limitedOrder('933.12', 'USD').program({
        type: 'ExchangeRatesPublished',
        data: { month, usdPerUnit },
      });
    expect(verdict(limitedOrder('9999.00', 'USD'))).toBe('exchange-rate-missing');
    expect(verdict(rates({ EUR: '1.08' }, '2026-10'))).toBe('exchange-rate-missing');
    expect(verdict(rates({ EUR: '1.08' }))).toBe('pass');
    expect(verdict(rates({ EUR: '1.09' }))).toBe(exceeded);
    const yen = billed(limitedOrder('9999.00'), ...issued('100', 'JPY'));
    expect(factsOf(yen)).toEqual({ currency: 'JPY', month: '2026-11' });
  });
});

describe('earlier rulesets', () => {
  it('do not judge the limit', () => {
    for (const ruleset of ['2026-11', '2026-12'])
      expect(
        limitedOrder('1')
          .judge(ruleset)
          .decision.checks.find(([id]) => id === 'CREDIT-1')?.[1],
      ).toBe('n');
  });
});
