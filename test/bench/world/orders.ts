import { CURRENCY, OFFERS, offerId } from './price-list.js';
import { seeded } from './random.js';
import { resellerOf, tenantOf } from './world.js';

/** One order for each customer, in random order, with one to three lines of offers on the list. */
export function orderBodies(customers: number): readonly string[] {
  const random = seeded(20_261_122);
  const turns = Array.from({ length: customers }, (_, number) => ({ number, at: random() })).sort(
    (a, b) => a.at - b.at,
  );
  return turns.map(({ number }) => orderBody(number, random));
}

export function orderBody(customer: number, random: () => number): string {
  const whole = (below: number): number => Math.floor(random() * below);
  const lines = Array.from({ length: 1 + whole(3) }, () => {
    const yearly = random() < 0.5;
    return {
      offerId: offerId(whole(OFFERS)),
      quantity: 1 + whole(50),
      term: yearly ? 'P1Y' : 'P1M',
      billingPlan: yearly ? 'annual' : 'monthly',
    };
  });
  return JSON.stringify({
    partnerId: resellerOf(customer),
    tenantId: tenantOf(customer),
    currency: CURRENCY,
    lines,
    reference: `PO-${customer}`,
  });
}
