import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { tenantId } from '../../domain/shared/ids.js';
import { catalogue } from '../../event-log/catalogue/catalogue.js';
import type { CatalogueEntry } from '../../event-log/catalogue/entry.js';
import type { EventLog } from '../../event-log/event-log.js';
import { ChangeCustomer, SignAgreement } from '../customers/customer.commands.js';
import { PlaceOrder } from '../orders/order.commands.js';
import { PublishPriceList } from '../price-lists/price-list.command.js';
import { ChangeProgram } from '../program/program.commands.js';
import { ChangeRevenue, RecordRevenue } from '../revenue/revenue.commands.js';
import { reseller, revenueApplication } from '../revenue/testing/revenue-application.js';
import { believableWorld, context, seller, tenant } from './application.js';
import { opened, TODAY } from './opened.js';

/**
 * Runs generated commands with extreme values through the real handlers, and checks every event
 * against its published schema.
 */
const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true });
const validators = new Map(
  Object.entries(catalogue as Record<string, CatalogueEntry>).map(([type, { schema }]) => [
    type,
    ajv.compile(schema),
  ]),
);

async function unfitEvents(log: EventLog): Promise<readonly string[]> {
  const unfit: string[] = [];
  for await (const { events } of log.readAll({ after: -1 })) {
    for (const { type, data } of events) {
      const validate = validators.get(type);
      if (!validate?.(data)) unfit.push(`${type} ${JSON.stringify(validate?.errors?.[0])}`);
    }
  }
  return unfit;
}

const digits = (most: number) =>
  fc.integer({ min: 1, max: most }).map((count) => '9'.repeat(count));
const decimal = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '0.01',
    '1000000000',
    '999999999999999',
    '999999999999999.99',
    '999999999999999.995',
    '1000000000000000',
  ),
  fc
    .tuple(digits(17), fc.option(digits(21), { nil: '' }))
    .map(([whole, part]) => (part === '' ? whole : `${whole}.${part}`)),
);
const money = fc.record({
  amount: fc.tuple(fc.constantFrom('', '-'), decimal).map((parts) => parts.join('')),
  currency: fc.constantFrom('USD', 'JPY', 'KWD'),
});
const date = fc.constantFrom('0001-01-01', '2026-11-01', TODAY, '2026-11-23', '9999-12-31');
const generated = <Value>(arbitrary: fc.Arbitrary<Value>, count: number): readonly Value[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 9 });

describe('a generated log fits the published schemas', () => {
  it('after commands on orders, customers, agreements and the program', async () => {
    const { app, log } = await opened();
    await believableWorld(app, { month: TODAY.slice(0, 7), today: TODAY });
    const program = (change: ChangeProgram['change']) =>
      app.changeProgram.execute(new ChangeProgram(context(), change));
    for (const [from, acceptedUntil, signedOn] of generated(fc.tuple(date, date, date), 15)) {
      await program({ type: 'publish-agreement-version', version: 'v2', from, acceptedUntil });
      const agreement = {
        signedOn,
        country: 'JP',
        language: 'ja-JP',
        method: 'partner-attested',
        version: 'v2',
      } as const;
      await app.signAgreement.execute(
        new SignAgreement(context(), tenant, agreement, {
          firstName: 'A',
          lastName: 'B',
          email: 'a@b.example',
        }),
      );
    }
    for (const trailingRevenueThreshold of generated(decimal, 15)) {
      await program({
        type: 'publish-policy',
        effectiveFrom: '2030-01-01',
        changes: { trailingRevenueThreshold },
      });
      await program({
        type: 'publish-exchange-rates',
        month: '2030-01',
        usdPerUnit: { JPY: trailingRevenueThreshold },
      });
    }
    for (const creditLimit of generated(money, 15))
      await app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, {
          type: 'register-customer',
          legalName: 'Kobe Foods',
          country: 'JP',
          creditLimit,
        }),
      );

    const outcomes = new Set<string>();
    for (const [unitPrice, quantities] of generated(
      fc.tuple(decimal, fc.array(fc.constantFrom(1, 7, 1_000_000), { minLength: 1, maxLength: 3 })),
      30,
    )) {
      await app.publishPriceList.execute(
        new PublishPriceList(context(), 'JP', TODAY.slice(0, 7), Buffer.from(listAt(unitPrice))),
      );
      const lines = quantities.map(
        (quantity) =>
          ({ offerId: 'BIG:0001', quantity, term: 'P1M', billingPlan: 'monthly' }) as const,
      );
      const order = { partnerId: seller, tenantId: tenant, currency: 'JPY', lines };
      const outcome = await app.placeOrder.execute(new PlaceOrder(context(), order));
      outcomes.add(outcome.kind === 'committed' ? (outcome.events[0]?.type ?? '') : outcome.kind);
    }
    expect([...outcomes].sort()).toEqual(['OrderPlaced', 'OrderRefused']);
    expect(await unfitEvents(log)).toEqual([]);
  });

  it('after revenue, reversals and payments at extreme rates', async () => {
    const world = await revenueApplication();
    try {
      let entries = 0;
      for (const [amount, part, rate] of generated(fc.tuple(money, money, decimal), 40)) {
        await world.rates('2026-11', rate);
        const reference = String(entries);
        const statement = {
          partnerId: reseller,
          tenantId: tenantId(tenant),
          amount,
          recognizedOn: TODAY,
          family: 'cloud',
          soldAs: 'indirect-reseller',
          source: 's',
          reference,
        } as const;
        const { entry } = await world.record.execute(new RecordRevenue(context(), statement));
        if (!entry) continue;
        entries += 1;
        const change = (one: ChangeRevenue['change']) =>
          world.change.execute(new ChangeRevenue(context(), entry.revenueId, one));
        await change({ type: 'pay', amount: part, paidOn: TODAY });
        await change({ type: 'pay', amount, paidOn: TODAY });
        await change({
          type: 'reverse',
          on: TODAY,
          reason: 'x',
          ...(entries % 2 === 0 ? {} : { amount: part }),
        });
      }
      expect(entries).toBeGreaterThan(5);
      expect(await unfitEvents(world.log)).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

const listAt = (unitPrice: string): string =>
  [
    'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price',
    `Big,BIG,0001,Big,Microsoft,,,P1M,Monthly,JP,JPY,${unitPrice},,,,,,${unitPrice}`,
  ].join('\n');
