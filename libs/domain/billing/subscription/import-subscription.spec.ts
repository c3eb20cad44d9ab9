import { describe, expect, it } from '@jest/globals';
import { assumed } from '../../shared/event.js';
import { partnerId, subscriptionId, tenantId } from '../../shared/ids.js';
import {
  decideSubscriptionImport,
  type SubscriptionImportFacts,
  type SubscriptionToImport,
} from './import-subscription.decide.js';
import {
  chargesThrough,
  evolveSubscription,
  noSubscription,
  type SubscriptionState,
} from './subscription-record.js';

const id = subscriptionId('00000000-0000-4000-8000-000000000001');
const money = (amount: string, currency = 'EUR') => ({ amount, currency });
const running: SubscriptionToImport = {
  tenantId: tenantId('6f1d3c52-7f0e-4b6e-9a58-0d0f5f4c1a01'),
  partnerId: partnerId('adopter'),
  offerId: 'CFQ7TTC0LH18:0001',
  quantity: 25,
  term: 'P1Y',
  billingPlan: 'monthly',
  termStart: '2026-06-15',
  termEnd: '2027-06-14',
  billedThrough: '2026-11-14',
  cost: money('201.60'),
  prices: { customer: money('259.20') },
  atTermEnd: 'renew',
};
const facts: SubscriptionImportFacts = {
  today: '2026-11-30',
  customer: { market: 'DE' },
  isSellerRegistered: true,
  isProviderRegistered: true,
};

const decide = (
  change: Partial<SubscriptionToImport> = {},
  given: Partial<SubscriptionImportFacts> = {},
  before: SubscriptionState = noSubscription,
) => decideSubscriptionImport({ ...running, ...change }, id, before, { ...facts, ...given });
const reasonOf = (decided: ReturnType<typeof decide>): string | undefined => {
  if (decided.ok) return undefined;
  return decided.refusal.code === 'malformed' ? decided.refusal.path : decided.refusal.code;
};
const importedState = (change: Partial<SubscriptionToImport> = {}): SubscriptionState => {
  const decided = decide(change);
  if (!decided.ok) throw new Error(decided.refusal.code);
  return decided.value.map((event) => assumed(event)).reduce(evolveSubscription, noSubscription);
};

describe('the import of a running subscription', () => {
  it.each<[string, Partial<SubscriptionToImport>, string | undefined]>([
    [
      'a term that starts today',
      { termStart: '2026-11-30', billedThrough: '2026-11-29' },
      undefined,
    ],
    ['a term that starts tomorrow', { termStart: '2026-12-01' }, '/termStart'],
    ['a term that ends today', { termEnd: '2026-11-30' }, undefined],
    ['a term that ended yesterday', { termEnd: '2026-11-29' }, '/termEnd'],
    ['nothing billed yet', { billedThrough: '2026-06-14' }, undefined],
    ['billed to a day before the term', { billedThrough: '2026-06-13' }, '/billedThrough'],
    ['billed to the end', { billedThrough: '2027-06-14' }, undefined],
    ['billed past the end', { billedThrough: '2027-06-15' }, '/billedThrough'],
    ['a price of zero', { cost: money('0') }, undefined],
    ['a negative cost', { cost: money('-0.01') }, '/cost/amount'],
    ['an unknown currency', { cost: money('1', 'XXY') }, '/cost/currency'],
    ['too many digits', { prices: { customer: money('1.001') } }, '/prices/customer/amount'],
    ['two currencies', { prices: { customer: money('1', 'USD') } }, '/prices/customer/currency'],
    ["a reseller's price alone", { prices: { reseller: money('1') } }, 'provider-missing'],
    [
      "a reseller's price and a provider",
      { prices: { reseller: money('1') }, providerId: partnerId('provider') },
      undefined,
    ],
  ])('judges %s', (_what, change, reason) => {
    expect(reasonOf(decide(change))).toBe(reason);
  });

  it.each<[string, Partial<SubscriptionImportFacts>]>([
    ['customer-unknown', { customer: undefined }],
    ['partner-unknown', { isSellerRegistered: false }],
    ['provider-unknown', { isProviderRegistered: false }],
  ])('is refused as %s', (reason, given) => {
    expect(reasonOf(decide({ providerId: partnerId('provider') }, given))).toBe(reason);
  });

  it('has no open window, and charges from the day after billedThrough', () => {
    const { record } = importedState();
    expect(record?.subscription.batches).toEqual([]);
    expect(
      chargesThrough(record!, '2026-12-31').map(({ charge }) => [charge.from, charge.to]),
    ).toEqual([
      ['2026-11-15', '2026-12-14'],
      ['2026-12-15', '2027-01-14'],
    ]);
  });

  it('changes nothing when it is repeated, and never changes what was imported', () => {
    const before = importedState();
    expect(decide({}, {}, before)).toEqual({ ok: true, value: [] });
    expect(reasonOf(decide({ quantity: 26 }, {}, before))).toBe('subscription-exists');
    expect(reasonOf(decide({ cost: money('1') }, {}, before))).toBe('subscription-exists');
  });
});
