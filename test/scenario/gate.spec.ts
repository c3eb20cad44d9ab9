// Longer than 300 lines: every reason code on both sides of its boundary, over one service
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Check, Decision, OrderAnswer } from '../support/answers.js';
import { addDays, monthOf, stillNoon } from '../support/calendar.js';
import type { Client } from '../support/client.js';
import { priceList, type Row } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, orderOf, World } from '../support/world.js';

/**
 * Every reason of the order gate over HTTP, on both sides of its boundary. The manual clock is at
 * noon of one day, so that "the day before" and "the day" are fixed; `asOf` checks other days.
 */
const { date: today, instant } = stillNoon();
const month = monthOf(today);
const yesterday = addDays(today, -1);
const tomorrow = addDays(today, 1);

const offers: readonly Row[] = [
  { ProductId: 'BASIC', UnitPrice: '4500' },
  { ProductId: 'BASIC', UnitPrice: '54000', TermDuration: 'P1Y', BillingPlan: 'Annual' },
  { ProductId: 'BASIC', UnitPrice: '31.25', Currency: 'USD' },
  { ProductId: 'LIMITED', MinQuantity: '5', MaxQuantity: '10' },
  { ProductId: 'TIERED', UnitPrice: '100', PricingTierRangeMin: '1', PricingTierRangeMax: '9' },
  { ProductId: 'TIERED', UnitPrice: '80', PricingTierRangeMin: '10', PricingTierRangeMax: '99' },
  { ProductId: 'UNTIL', EffectiveEndDate: today },
  { ProductId: 'ENDED', EffectiveEndDate: yesterday },
  { ProductId: 'SINCE', EffectiveStartDate: today },
  { ProductId: 'COMING', EffectiveStartDate: tomorrow },
  {
    ProductId: 'PERPETUAL',
    TermDuration: '',
    BillingPlan: 'OneTime',
    Family: 'perpetual-software',
  },
  { ProductId: 'SCHOOL', Segment: 'Education', UnitPrice: '10' },
  { ProductId: 'CHARITY', Segment: 'Nonprofit' },
  { ProductId: 'GOV', Segment: 'GCC' },
];
const rulebook = [
  'SELLER-1', 'SELLER-2', 'SELLER-3', 'SELLER-4', 'SELLER-5', 'SELLER-6', 'MARKET-1', 'MARKET-2', 'CUSTOMER-1', 'AGREEMENT-1', 'TENANT-1',
  'TENANT-2', 'RELATIONSHIP-1', 'OFFER-1', 'OFFER-2', 'OFFER-3', 'CREDIT-1',
]; // prettier-ignore

let service: Service;
let world: World;
let clerk: Client;
let provider: string;
let reseller: string;
let directBill: string;

beforeAll(async () => {
  service = await Service.start({ env: { CLOCK: 'manual' } });
  const operator = service.as('operator');
  clerk = service.as('order-entry');
  world = new World(operator, today);
  await world.say('POST', '/v1/clock/ticks', { on: today, at: instant });
  await world.say('PUT', `/v1/price-lists/JP/${month}`, priceList('JP', 'JPY', offers));
  provider = await world.provider();
  reseller = await world.reseller(provider);
  directBill = await world.directBill();
}, 90_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

type Order = ReturnType<typeof orderOf> & {
  readonly providerId?: string;
  readonly currency?: string;
};

const check = async (order: object, asOf?: string): Promise<Decision> => {
  const { status, body, text } = await clerk.post<{ decision: Decision }>(
    '/v1/eligibility-checks',
    {
      ...order,
      ...(asOf ? { asOf } : {}),
    },
  );
  if (status !== 200) throw new Error(text);
  return body.decision;
};
const place = (order: object): Promise<{ readonly status: number; readonly body: OrderAnswer }> =>
  clerk.order<OrderAnswer>(order);
const reasonsOf = ({ checks }: Decision): readonly string[] => [
  ...new Set(checks.flatMap(({ reason }) => reason ?? [])),
];
const ofRule = ({ checks }: Decision, rule: string): readonly Check[] =>
  checks.filter((one) => one.rule === rule);

/** Places and checks one order. Both answers must give exactly these reasons (none: accepted). */
async function expectReasons(order: object, expected: readonly string[]): Promise<OrderAnswer> {
  const asked = await check(order);
  const { status, body } = await place(order);
  expect({ asked: reasonsOf(asked), reasons: body.reasons ?? [], status }).toEqual({
    asked: expected,
    reasons: expected,
    status: expected.length === 0 ? 201 : 422,
  });
  expect(body.decision.outcome).toBe(expected.length === 0 ? 'accepted' : 'refused');
  expect({ ...body.decision, judgedAt: '' }).toEqual({ ...asked, judgedAt: '' });
  if (expected.length > 0)
    expect(body).toMatchObject({ type: '/problems/order-refused', status: 422 });
  return body;
}

/**
 * Two orders that differ in one day, limit or text: the first is refused for the reason, the second
 * is not.
 */
type Sides = readonly [
  reason: string,
  name: string,
  fails: () => Promise<Order>,
  passes: () => Promise<Order>,
  also?: readonly string[],
];

const bare = (model: 'indirect-reseller' | 'direct-bill') => world.partner(model);
const ready = (details: object = {}, agreement: object = {}) =>
  world.readyCustomer(details, agreement);
const end = (partnerId: string, kind: string, on: string) =>
  world.say('POST', `/v1/partners/${partnerId}/${kind}/end`, { on, reason: 'x' });
const sold = async (partnerId: string | Promise<string>, tenantId?: string): Promise<Order> =>
  orderOf(await partnerId, tenantId ?? (await ready()));
const bought = async (...lines: readonly object[]): Promise<Order> =>
  orderOf(reseller, await ready(), ...lines);

/** A seller with all facts. One kind of fact is valid only from, or only until, one day. */
async function sellerWith(
  missing: string,
  body: object | undefined,
  endedOn?: string,
): Promise<string> {
  const seller = await bare('indirect-reseller');
  const facts: Record<string, object> = {
    memberships: {},
    locations: { partnerLocationId: 'L1', country: 'JP' },
    'signing-authority': { name: 'Hanako', title: 'CEO' },
    'provider-relationships': { providerId: provider },
  };
  for (const [kind, usual] of Object.entries(facts)) {
    if (kind !== missing) await world.fact(seller, kind, usual);
    else if (body) await world.fact(seller, kind, { ...usual, ...body });
  }
  if (endedOn !== undefined) await end(seller, missing, endedOn);
  return seller;
}

async function directBillWith(
  missing: string,
  body: object | undefined,
  endedOn?: string,
): Promise<string> {
  const seller = await bare('direct-bill');
  await world.equip(seller);
  const facts: Record<string, object> = {
    'support-plans': { plan: 'premier' },
    'direct-bill-authorization': { evidence: 'letter' },
  };
  for (const [kind, usual] of Object.entries(facts)) {
    if (kind !== missing) await world.fact(seller, kind, usual);
    else if (body) await world.fact(seller, kind, { ...usual, ...body });
  }
  if (endedOn !== undefined) await end(seller, missing, endedOn);
  return seller;
}

async function directBillAfter(change: string, on: string): Promise<string> {
  const seller = await world.directBill();
  await world.say('POST', `/v1/partners/${seller}/direct-bill-authorization/${change}`, {
    on,
    reason: 'x',
  });
  return seller;
}

async function throughProvider(
  prepare: (providerId: string) => Promise<unknown>,
  country = 'JP',
): Promise<string> {
  const providerId = await world.partner('indirect-provider', country);
  await prepare(providerId);
  return sellerWith('provider-relationships', { providerId });
}

const from = (day: string) => ({ from: day });
const agreed = (details: object) => async (): Promise<Order> =>
  sold(reseller, await ready({}, details));

const sides: readonly Sides[] = [
  ['seller-unknown', 'a partner never registered', () => sold(`nobody-${randomUUID()}`), () => sold(reseller)],
  ['seller-membership-inactive', 'no membership', () => sold(sellerWith('memberships', undefined)), () => sold(sellerWith('memberships', {}))],
  ['seller-membership-inactive', 'a membership from tomorrow', () => sold(sellerWith('memberships', from(tomorrow))), () => sold(sellerWith('memberships', from(today)))],
  ['seller-membership-inactive', 'a membership that ends today', () => sold(sellerWith('memberships', {}, today)), () => sold(sellerWith('memberships', {}, tomorrow))],
  ['seller-location-missing', 'no location', () => sold(sellerWith('locations', undefined)), () => sold(sellerWith('locations', { from: undefined }))],
  ['seller-location-missing', 'a location from tomorrow', () => sold(sellerWith('locations', from(tomorrow))), () => sold(sellerWith('locations', from(today)))],
  ['seller-location-missing', 'a location that ends today', () => sold(sellerWith('locations', {}, today)), () => sold(sellerWith('locations', {}, tomorrow))],
  ['seller-location-missing', 'a location in another region', () => sold(sellerWith('locations', { country: 'FR' })), () => sold(sellerWith('locations', { country: 'JP' }))],
  ['seller-signing-authority-missing', 'no signatory', () => sold(sellerWith('signing-authority', undefined)), () => sold(sellerWith('signing-authority', {}))],
  ['seller-signing-authority-missing', 'a signatory from tomorrow', () => sold(sellerWith('signing-authority', from(tomorrow))), () => sold(sellerWith('signing-authority', from(today)))],
  ['seller-signing-authority-missing', 'a signatory until today', () => sold(sellerWith('signing-authority', {}, today)), () => sold(sellerWith('signing-authority', {}, tomorrow))],
  ['provider-relationship-missing', 'no relationship', () => sold(sellerWith('provider-relationships', undefined)), () => sold(sellerWith('provider-relationships', {}))],
  ['provider-relationship-missing', 'a relationship from tomorrow', () => sold(sellerWith('provider-relationships', from(tomorrow))), () => sold(sellerWith('provider-relationships', from(today)))],
  ['provider-relationship-missing', 'a relationship that ends today', () => sold(sellerWith('provider-relationships', {}, today)), () => sold(sellerWith('provider-relationships', {}, tomorrow))],
  ['provider-relationship-missing', 'a provider of another region', () => sold(throughProvider((id) => world.fact(id, 'provider-authorization'), 'FR')), () => sold(throughProvider((id) => world.fact(id, 'provider-authorization')))],
  ['provider-relationship-missing', 'another provider than its own named', async () => ({ ...(await sold(reseller)), providerId: await world.provider() }), async () => ({ ...(await sold(reseller)), providerId: provider })],
  ['provider-not-authorized', 'a provider without authorization', () => sold(throughProvider(() => Promise.resolve())), () => sold(throughProvider((id) => world.fact(id, 'provider-authorization')))],
  ['provider-not-authorized', 'an authorization from tomorrow', () => sold(throughProvider((id) => world.fact(id, 'provider-authorization', from(tomorrow)))), () => sold(throughProvider((id) => world.fact(id, 'provider-authorization', from(today))))],
  ['provider-not-authorized', 'an authorization that ends today', () => sold(throughProvider(async (id) => { await world.fact(id, 'provider-authorization'); await end(id, 'provider-authorization', today); })), () => sold(throughProvider(async (id) => { await world.fact(id, 'provider-authorization'); await end(id, 'provider-authorization', tomorrow); }))],
  ['provider-ambiguous', 'two authorized providers and none named', twoProviders, async () => { const order = await twoProviders(); return { ...order, providerId: provider }; }],
  ['provider-ambiguous', 'a second provider until today', async () => twoProviders(tomorrow), async () => twoProviders(today)],
  ['direct-bill-not-authorized', 'no authorization', () => sold(directBillWith('direct-bill-authorization', undefined)), () => sold(directBill)],
  ['direct-bill-not-authorized', 'an authorization from tomorrow', () => sold(directBillWith('direct-bill-authorization', from(tomorrow))), () => sold(directBillWith('direct-bill-authorization', from(today)))],
  ['direct-bill-restricted', 'restricted today', () => sold(directBillAfter('restriction', today)), () => sold(directBillAfter('restriction', tomorrow))],
  ['direct-bill-suspended', 'suspended today', () => sold(directBillAfter('suspension', today)), () => sold(directBillAfter('suspension', tomorrow))],
  ['direct-bill-revoked', 'revoked today', () => sold(directBillAfter('revocation', today)), () => sold(directBillAfter('revocation', tomorrow))],
  ['direct-bill-restricted', 'restored tomorrow', () => sold(restored(tomorrow)), () => sold(restored(today))],
  ['support-plan-inactive', 'no support plan', () => sold(directBillWith('support-plans', undefined)), () => sold(directBillWith('support-plans', {}))],
  ['support-plan-inactive', 'a plan whose last day was yesterday', () => sold(directBillWith('support-plans', { to: yesterday })), () => sold(directBillWith('support-plans', { to: today }))],
  ['support-plan-inactive', 'a plan from tomorrow', () => sold(directBillWith('support-plans', from(tomorrow))), () => sold(directBillWith('support-plans', from(today)))],
  ['support-plan-inactive', 'a plan that ends today', () => sold(directBillWith('support-plans', {}, today)), () => sold(directBillWith('support-plans', {}, tomorrow))],
  ['seller-is-provider', 'an indirect provider', () => sold(equipped('indirect-provider')), () => sold(directBill)],
  ['seller-is-provider', 'a provider from today', () => sold(turned('indirect-provider', today)), () => sold(turned('indirect-provider', tomorrow))],
  ['currency-not-allowed', 'a currency of neither', async () => ({ ...(await bought()), currency: 'USD' }), async () => ({ ...(await sold(dollarSeller())), currency: 'USD' })],
  ['customer-closed', 'closed today', () => closed(today), () => closed(tomorrow)],
  ['agreement-missing', 'no agreement', async () => sold(reseller, await observed(await world.customer())), () => sold(reseller)],
  ['agreement-withdrawn', 'withdrawn today', () => withdrawnOn(today), () => withdrawnOn(tomorrow)],
  ['agreement-withdrawn', 'withdrawn, not signed again', () => withdrawnOn(today), async () => { const order = await withdrawnOn(today); await world.sign(order.tenantId, { signedOn: today }); return order; }],
  ['agreement-version-superseded', 'a version accepted until yesterday', agreed({ version: 'until-yesterday' }), agreed({ version: 'until-today' })],
  ['agreement-wrong-market', 'for the country that the customer has left', () => moved('KR', 'ko-KR'), () => moved('JP', 'ja-JP')],
  ['tenant-csp-associated', 'an observation says so', () => associatedOn(today, true), () => associatedOn(today, false)],
  ['tenant-csp-associated', 'on a tie "associated" wins', () => observedTwice(today, today), () => observedTwice(yesterday, today)],
  ['tenant-csp-associated', 'a registered CSP tenant until tomorrow', () => registeredUntil(tomorrow), () => registeredUntil(today)],
  ['tenant-association-unverified', 'never looked up', async () => { const tenantId = await world.customer(); await world.sign(tenantId); return sold(reseller, tenantId); }, () => sold(reseller)],
  ['tenant-association-unverified', 'looked up 366 days ago', () => lookedUp(366), () => lookedUp(365)],
  ['offer-not-on-price-list', 'an unknown offer', () => bought(line('NOTHING:0001')), () => bought(line('BASIC:0001'))],
  ['offer-not-on-price-list', 'an offer until yesterday', () => bought(line('ENDED:0001')), () => bought(line('UNTIL:0001'))],
  ['offer-not-on-price-list', 'an offer from tomorrow', () => bought(line('COMING:0001')), () => bought(line('SINCE:0001'))],
  ['offer-not-on-price-list', 'not in the order’s currency', async () => ({ ...orderOf(await dollarSeller(), await ready(), line('LIMITED:0001')), currency: 'USD' }), async () => ({ ...orderOf(await dollarSeller(), await ready()), currency: 'USD' })],
  ['offer-term-not-available', 'another term', () => bought(line('BASIC:0001', 1, 'P3Y', 'annual')), () => bought(line('BASIC:0001', 1, 'P1Y', 'annual'))],
  ['offer-term-not-available', 'another billing plan', () => bought(line('BASIC:0001', 1, 'P1Y', 'monthly')), () => bought(line('BASIC:0001', 1, 'P1M', 'monthly'))],
  ['offer-term-not-available', 'a one-time offer by the month', () => bought(line('PERPETUAL:0001')), () => bought(line('PERPETUAL:0001', 1, 'none', 'one_time'))],
  ['offer-quantity-out-of-range', 'one below the least', () => bought(line('LIMITED:0001', 4)), () => bought(line('LIMITED:0001', 5))],
  ['offer-quantity-out-of-range', 'one above the most', () => bought(line('LIMITED:0001', 11)), () => bought(line('LIMITED:0001', 10))],
  ['offer-quantity-out-of-range', 'beyond the last tier', () => bought(line('TIERED:0001', 100)), () => bought(line('TIERED:0001', 99))],
  ['offer-segment-not-eligible', 'a school’s offer for a company', () => bought(line('SCHOOL:0001')), async () => orderOf(reseller, await ready({ segment: 'education' }), line('SCHOOL:0001'))],
  ['offer-segment-not-eligible', 'a commercial offer for gcc', async () => orderOf(reseller, await ready({ segment: 'gcc' })), async () => orderOf(reseller, await ready({ segment: 'gcc' }), line('GOV:0001'))],
  ['offer-segment-not-eligible', 'a charity’s offer for a school', async () => orderOf(reseller, await ready({ segment: 'education' }), line('CHARITY:0001')), async () => orderOf(reseller, await ready({ segment: 'nonprofit' }), line('CHARITY:0001'))],
  ['offer-segment-not-eligible', 'a school’s offer for a state-owned entity', async () => orderOf(reseller, await ready({ qualifications: ['stateOwnedEntity'] }), line('SCHOOL:0001')), async () => orderOf(reseller, await ready({ qualifications: ['stateOwnedEntity', 'education'] }), line('SCHOOL:0001'))],
]; // prettier-ignore

async function twoProviders(secondUntil = tomorrow): Promise<Order> {
  const seller = await world.reseller(provider);
  await world.fact(seller, 'provider-relationships', { providerId: await world.provider() });
  const second = (
    await service
      .as('operator')
      .get<{ providerRelationships: { factId: string }[] }>(`/v1/partners/${seller}`)
  ).body.providerRelationships[1];
  await world.say('POST', `/v1/partners/${seller}/provider-relationships/end`, {
    factId: second?.factId,
    on: secondUntil,
    reason: 'x',
  });
  return sold(seller);
}
async function restored(on: string): Promise<string> {
  const seller = await directBillAfter('restriction', yesterday);
  await world.say('POST', `/v1/partners/${seller}/direct-bill-authorization/restoration`, {
    on,
    reason: 'x',
  });
  return seller;
}
async function equipped(model: 'indirect-provider' | 'direct-bill'): Promise<string> {
  const seller = await world.partner(model);
  await world.equip(seller);
  return seller;
}
async function turned(model: string, day: string): Promise<string> {
  const seller = await world.reseller(provider);
  await world.say('POST', `/v1/partners/${seller}/models`, { model, from: day });
  return seller;
}
/** A seller in Japan with a second location in the US, so that it may order in dollars. */
async function dollarSeller(): Promise<string> {
  const seller = await world.reseller(provider);
  await world.fact(seller, 'locations', { partnerLocationId: 'US1', country: 'US' });
  return seller;
}
async function closed(on: string): Promise<Order> {
  const order = await sold(reseller);
  await world.say('POST', `/v1/customers/${order.tenantId}/closure`, { on, reason: 'x' });
  return order;
}
async function observed(tenantId: string): Promise<string> {
  await world.observe(tenantId);
  return tenantId;
}
async function withdrawnOn(on: string): Promise<Order> {
  const order = await sold(reseller);
  await world.withdraw(order.tenantId, on);
  return order;
}
async function moved(country: string, language: string): Promise<Order> {
  return sold(reseller, await ready({}, { country, language }));
}
async function associatedOn(on: string, associated: boolean): Promise<Order> {
  const order = await sold(reseller, await ready());
  await world.observe(order.tenantId, associated, on);
  return order;
}
/** Observed as associated on one day and as not associated on another. */
async function observedTwice(associated: string, not: string): Promise<Order> {
  const tenantId = await world.customer();
  await world.sign(tenantId);
  await world.observe(tenantId, true, associated);
  await world.observe(tenantId, false, not);
  return sold(reseller, tenantId);
}
async function registeredUntil(on: string): Promise<Order> {
  const order = await sold(reseller);
  const other = `buyer-${randomUUID()}`;
  const details = {
    legalName: 'Buyer',
    country: 'JP',
    model: 'indirect-reseller',
    cspTenantIds: [order.tenantId],
  };
  await world.say('PUT', `/v1/partners/${other}`, details);
  await world.say('POST', `/v1/partners/${other}/csp-tenants/${order.tenantId}/end`, {
    on,
    reason: 'x',
  });
  return order;
}
async function lookedUp(daysAgo: number): Promise<Order> {
  const tenantId = await world.customer();
  await world.sign(tenantId);
  await world.observe(tenantId, false, addDays(today, -daysAgo));
  return sold(reseller, tenantId);
}

describe('every reason on both sides of its boundary', () => {
  beforeAll(async () => {
    // Published first, so that each agreement finds its version. None of them is the default
    // version.
    await world.say('PUT', '/v1/agreement-versions/until-yesterday', {
      from: '0001-01-01',
      acceptedUntil: yesterday,
    });
    await world.say('PUT', '/v1/agreement-versions/until-today', {
      from: '0001-01-01',
      acceptedUntil: today,
    });
    await world.say('PUT', '/v1/agreement-versions/default', { from: '0001-01-02' });
  });

  it.each(sides)('%s: %s', async (reason, _name, fails, passes, also = []) => {
    await expectReasons(await fails(), [reason, ...also]);
    await expectReasons(await passes(), []);
  });
});

describe('several reasons at once, in rulebook order', () => {
  it('reports an unknown seller and an unknown customer, and checks the tenant too', async () => {
    const order = orderOf(`nobody-${randomUUID()}`, randomUUID());
    const { decision } = await expectReasons(order, [
      'seller-unknown',
      'customer-unknown',
      'tenant-association-unverified',
    ]);
    const outcomes = Object.fromEntries(
      decision.checks.map(({ rule, outcome }) => [rule, outcome]),
    );
    for (const rule of rulebook) {
      const judged = ['SELLER-1', 'CUSTOMER-1', 'TENANT-2'].includes(rule)
        ? 'fail'
        : rule === 'TENANT-1'
          ? 'pass'
          : 'not-applicable';
      expect({ rule, outcome: outcomes[rule] }).toEqual({ rule, outcome: judged });
    }
  });

  it('judges TENANT-1 for a tenant that is not a customer', async () => {
    const tenantId = randomUUID();
    await world.observe(tenantId, true);
    await expectReasons(orderOf(reseller, tenantId), ['customer-unknown', 'tenant-csp-associated']);
  });

  it('reports every reason at once, line by line for the rules of lines', async () => {
    const seller = await bare('indirect-reseller');
    const tenantId = await world.readyCustomer(
      {},
      { country: 'KR', language: 'ko-KR', version: 'until-yesterday' },
    );
    await world.withdraw(tenantId);
    await world.observe(tenantId, true, today);
    await world.say('POST', `/v1/customers/${tenantId}/closure`, { on: today, reason: 'x' });
    const lines = [
      line('NOTHING:0001'),
      line('BASIC:0001', 1, 'P3Y', 'triennial'),
      line('LIMITED:0001', 11),
      line('SCHOOL:0001'),
      line('BASIC:0001'),
      line('NOTHING:0001'),
      line('SCHOOL:0001', 1, 'P1Y', 'annual'),
    ];
    const { decision } = await expectReasons(
      { ...orderOf(seller, tenantId, ...lines), currency: 'JPY' },
      [
        'seller-membership-inactive',
        'seller-location-missing',
        'seller-signing-authority-missing',
        'provider-relationship-missing',
        'customer-closed',
        'agreement-withdrawn',
        'agreement-version-superseded',
        'agreement-wrong-market',
        'tenant-csp-associated',
        'offer-not-on-price-list',
        'offer-term-not-available',
        'offer-quantity-out-of-range',
        'offer-segment-not-eligible',
      ],
    );
    const failed = decision.checks.filter(({ outcome }) => outcome === 'fail');
    expect(
      failed
        .filter(({ lineIndex }) => lineIndex !== undefined)
        .map(({ reason, lineIndex }) => [reason, lineIndex]),
    ).toEqual([
      ['offer-not-on-price-list', 0],
      ['offer-not-on-price-list', 5],
      ['offer-term-not-available', 1],
      ['offer-quantity-out-of-range', 2],
      ['offer-term-not-available', 6],
      ['offer-segment-not-eligible', 3],
      ['offer-segment-not-eligible', 6],
    ]);
    expect(decision.checks.map(({ rule }) => rulebook.indexOf(rule))).toEqual(
      decision.checks.map(({ rule }) => rulebook.indexOf(rule)).sort((a, b) => a - b),
    );
  });

  it('reports a country without a market and one without an agreement template', async () => {
    const seller = await world.directBill();
    const cuba = await observed(await world.customer({ country: 'CU' }));
    const reasons = reasonsOf(await check(orderOf(seller, cuba)));
    expect(reasons).toContain('market-unknown');
    expect(reasons).not.toContain('market-outside-region');

    const china = await observed(await world.customer({ country: 'CN' }));
    expect(reasonsOf(await check(orderOf(seller, china)))).toContain(
      'agreement-not-offered-in-market',
    );
  });

  it('reports a customer of another region whose price list is not published', async () => {
    const france = await world.readyCustomer(
      { country: 'FR' },
      { country: 'FR', language: 'fr-FR' },
    );
    await expectReasons(orderOf(reseller, france), [
      'seller-location-missing',
      'market-outside-region',
      'price-list-missing',
    ]);
    await expectReasons({ ...orderOf(reseller, france), currency: 'EUR' }, [
      'seller-location-missing',
      'market-outside-region',
      'price-list-missing',
    ]);
    await expectReasons({ ...orderOf(reseller, france), currency: 'USD' }, [
      'seller-location-missing',
      'market-outside-region',
      'currency-not-allowed',
      'price-list-missing',
    ]);
  });

  it('uses the registered country for MARKET-1 and a location for SELLER-2', async () => {
    const seller = await sellerWith('locations', undefined);
    const checks = (await check(orderOf(seller, await ready()))).checks;
    expect(
      checks
        .filter(({ rule }) => rule === 'SELLER-2' || rule === 'MARKET-1')
        .map(({ outcome }) => outcome),
    ).toEqual(['fail', 'pass']);
  });

  it('never passes TENANT-1 for the seller’s own CSP tenant, whatever was observed', async () => {
    const tenantId = await ready();
    const seller = await world.reseller(provider);
    const { body } = await service
      .as('operator')
      .get<{ legalName: string }>(`/v1/partners/${seller}`);
    await world.say('PUT', `/v1/partners/${seller}`, {
      legalName: body.legalName,
      country: 'JP',
      model: 'indirect-reseller',
      cspTenantIds: [tenantId.toUpperCase()],
    });
    await world.observe(tenantId, false, today);
    await expectReasons(orderOf(seller, tenantId), ['tenant-csp-associated']);
    await expectReasons(orderOf(reseller, tenantId), ['tenant-csp-associated']);
  });
});

describe('days other than today', () => {
  it('checks any day from the past to one year ahead', async () => {
    const order = orderOf(reseller, await ready());
    const { status, body } = await clerk.post('/v1/eligibility-checks', {
      ...order,
      asOf: '0001-01-01',
    });
    expect({ status, body }).toMatchObject({ status: 200 });
    const year = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`;
    expect((await clerk.post('/v1/eligibility-checks', { ...order, asOf: year })).status).toBe(200);
    expect(
      (await clerk.post('/v1/eligibility-checks', { ...order, asOf: addDays(year, 1) })).status,
    ).toBe(400);
    expect(
      (await clerk.post('/v1/eligibility-checks', { ...order, asOf: '2026-02-30' })).status,
    ).toBe(400);
  });

  it.each([
    [
      'agreement-not-yet-effective',
      (tenantId: string) => world.sign(tenantId, { signedOn: today }),
    ],
    ['tenant-association-unverified', (tenantId: string) => world.observe(tenantId, false, today)],
  ])('does not count a customer’s action before its day: %s', async (reason, last) => {
    const tenantId = await world.customer();
    if (reason === 'agreement-not-yet-effective')
      await world.observe(tenantId, false, addDays(today, -9));
    else await world.sign(tenantId);
    await last(tenantId);
    const order = orderOf(reseller, tenantId);
    expect(reasonsOf(await check(order, yesterday))).toEqual([reason]);
    expect(reasonsOf(await check(order, today))).toEqual([]);
  });

  it('counts an observation from its day on', async () => {
    const tenantId = await world.customer();
    await world.sign(tenantId);
    await world.observe(tenantId, false, addDays(today, -9));
    await world.observe(tenantId, true, today);
    const order = orderOf(reseller, tenantId);
    expect(reasonsOf(await check(order, yesterday))).toEqual([]);
    expect(reasonsOf(await check(order, today))).toEqual(['tenant-csp-associated']);
    await world.observe(tenantId, false, addDays(today, -1));
    expect(reasonsOf(await check(order, today))).toEqual(['tenant-csp-associated']);
  });

  it('uses that day’s policy for the age of tenant checks and for the relationship rule', async () => {
    const day = (days: number) => addDays(today, days);
    await world.say('PUT', `/v1/policies/${day(5)}`, { customerRelationshipRequired: true });
    await world.say('PUT', `/v1/policies/${day(7)}`, {
      customerRelationshipRequired: false,
      tenantCheckMaxAgeDays: 16,
    });
    await world.say('PUT', `/v1/policies/${day(9)}`, { tenantCheckRequired: false });
    await world.say('PUT', `/v1/policies/${day(10)}`, {
      tenantCheckRequired: true,
      tenantCheckMaxAgeDays: 0,
      supportPlans: ['premier'],
    });
    await world.say('PUT', `/v1/policies/${day(11)}`, {
      tenantCheckMaxAgeDays: 365,
      supportPlans: ['advanced', 'premier'],
    });
    const tenantId = await world.customer();
    await world.sign(tenantId);
    await world.observe(tenantId, false, day(-9));
    const order = orderOf(reseller, tenantId);
    const answers = await Promise.all(
      [4, 5, 6, 7, 8, 9, 10].map(async (days) => reasonsOf(await check(order, day(days)))),
    );
    expect(answers).toEqual([
      [],
      ['customer-relationship-missing'],
      ['customer-relationship-missing'],
      [],
      ['tenant-association-unverified'],
      [],
      ['tenant-association-unverified'],
    ]);

    await world.say('POST', `/v1/customers/${tenantId}/partner-relationships`, {
      partnerId: reseller,
      from: day(6),
    });
    expect(reasonsOf(await check(order, day(5)))).toEqual(['customer-relationship-missing']);
    const inForce = await check(order, day(6));
    expect(reasonsOf(inForce)).toEqual([]);
    expect(inForce.policyVersion).toMatch(new RegExp(`^${day(5)}@\\d+$`));
    expect(ofRule(inForce, 'RELATIONSHIP-1').map(({ outcome }) => outcome)).toEqual(['pass']);
    expect(reasonsOf(await check(orderOf(directBill, tenantId), day(9)))).toEqual([]);
    expect(reasonsOf(await check(orderOf(directBill, tenantId), day(10)))).toContain(
      'support-plan-inactive',
    );
  });

  it('accepts a SkuId without leading zeros and returns it with them', async () => {
    const order = await bought(line('BASIC:1'));
    expect(reasonsOf(await check(order))).toEqual([]);
    const placed = await clerk.order(order);
    expect([placed.status, placed.body]).toEqual([
      201,
      expect.objectContaining({ lines: [expect.objectContaining({ offerId: 'BASIC:0001' })] }),
    ]);
  });

  it('uses only the price list of the order’s month', async () => {
    const order = orderOf(reseller, await ready());
    expect(reasonsOf(await check(order, addDays(`${month}-01`, -1)))).toEqual(
      expect.arrayContaining(['price-list-missing']),
    );
    expect(reasonsOf(await check(order, addDays(`${month}-01`, 31)))).toEqual([
      'price-list-missing',
    ]);
  });

  it('uses only what the log contained at the requested position', async () => {
    const tenantId = await ready();
    const order = orderOf(reseller, tenantId);
    const before = (await place(order)).body;
    const { position } = await clerk.order(order);
    await world.withdraw(tenantId);
    expect(reasonsOf(await check(order))).toEqual(['agreement-withdrawn']);
    const known = await clerk.post<{ decision: Decision; knownAt: string }>(
      '/v1/eligibility-checks',
      { ...order, knownAt: position },
    );
    expect(known.body.knownAt).toBe(position);
    expect({ ...known.body.decision, judgedAt: '' }).toEqual({ ...before.decision, judgedAt: '' });
    // The service activates the orders at the same time.
    const withdrawn = (await wholeLog(service.as('auditor'))).find(
      ({ type, stream }) => type === 'CustomerAgreementWithdrawn' && stream.endsWith(tenantId),
    );
    const later = await clerk.post<{ decision: Decision }>('/v1/eligibility-checks', {
      ...order,
      knownAt: withdrawn?.position,
    });
    expect(reasonsOf(later.body.decision)).toEqual(['agreement-withdrawn']);
  });
});

describe('a decision', () => {
  it('has every rule with its outcome in rulebook order, the time, the policy version and the ruleset', async () => {
    const { decision, ...answer } = await expectReasons(await bought(), []);
    expect(decision.checks.map(({ rule }) => rule)).toEqual(rulebook);
    expect(decision).toMatchObject({
      judgedAt: instant,
      policyVersion: expect.stringMatching(/^0001-01-01@\d+$/),
      ruleset: expect.any(String),
    });
    expect(answer).toMatchObject({
      orderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'placed',
      total: { amount: '22500', currency: 'JPY' },
    });
    for (const { outcome, ...rest } of decision.checks) {
      expect(['pass', 'not-applicable']).toContain(outcome);
      expect(rest).not.toHaveProperty('reason');
      expect(rest).not.toHaveProperty('partnerCenterCode');
      expect(rest.facts).toEqual(expect.any(Object));
      expect(rest.evidence).toEqual(expect.any(Array));
    }
    const notApplicable = decision.checks
      .filter(({ outcome }) => outcome === 'not-applicable')
      .map(({ rule }) => rule);
    expect(notApplicable).toEqual(['SELLER-5', 'RELATIONSHIP-1', 'CREDIT-1']);
    expect(
      decision.checks.filter(
        ({ outcome, evidence }) => outcome === 'pass' && evidence.length === 0,
      ),
    ).toEqual([]);
  });

  it.each([
    ['of a tier', () => [line('TIERED:0001', 9)], '900'],
    ['of the next tier', () => [line('TIERED:0001', 10)], '800'],
    [
      'of several lines and terms',
      () => [
        line('BASIC:0001', 3),
        line('BASIC:0001', 2, 'P1Y', 'annual'),
        line('PERPETUAL:0001', 1, 'none', 'one_time'),
      ],
      '121600',
    ],
    ['of a million', () => [line('BASIC:0001', 1_000_000)], '4500000000'],
  ])('multiplies the list’s unit price: %s', async (_name, lines, amount) => {
    const { total } = await expectReasons(await bought(...lines()), []);
    expect(total).toEqual({ amount, currency: 'JPY' });
  });

  it('has a total in the order’s currency, rounded to its minor unit, at the price for the customer’s segment', async () => {
    const seller = await dollarSeller();
    const dollars = { ...orderOf(seller, await ready(), line('BASIC:0001', 3)), currency: 'USD' };
    expect((await expectReasons(dollars, [])).total).toEqual({ amount: '93.75', currency: 'USD' });
    const school = await expectReasons(
      orderOf(reseller, await ready({ segment: 'education' }), line('SCHOOL:0001', 7)),
      [],
    );
    expect(school.total).toEqual({ amount: '70', currency: 'JPY' });
  });

  it('names events that are in the log, and the events that decided it', async () => {
    const tenantId = await ready();
    const placed = await expectReasons(orderOf(reseller, tenantId), []);
    await world.withdraw(tenantId);
    const refused = await expectReasons(orderOf(reseller, tenantId), ['agreement-withdrawn']);

    const log = await wholeLog(service.as('auditor'));
    const byId = new Map(log.map((event) => [event.id, event]));
    const decisions = log
      .filter(({ type }) => type === 'OrderPlaced' || type === 'OrderRefused')
      .map(({ data }) => data['orderId']);
    expect(decisions).toEqual(expect.arrayContaining([placed.orderId, refused.orderId]));
    for (const { decision } of [placed, refused]) {
      for (const { evidence } of decision.checks) {
        for (const { eventId, stream, revision } of evidence)
          expect(byId.get(eventId)).toMatchObject({ stream, revision });
      }
    }
    const proofs = (decision: Decision, rule: string) =>
      ofRule(decision, rule)[0]?.evidence.map(({ eventId }) => byId.get(eventId)?.type);
    expect(proofs(placed.decision, 'SELLER-4')).toEqual(
      expect.arrayContaining([
        'PartnerProviderRelationshipStarted',
        'PartnerProviderAuthorizationStarted',
      ]),
    );
    expect(proofs(placed.decision, 'OFFER-1')).toEqual(['PriceListPublished']);
    expect(proofs(refused.decision, 'AGREEMENT-1')).toEqual([
      'CustomerAgreementSigned',
      'CustomerAgreementWithdrawn',
    ]);
  });

  it('has texts in English and Japanese, and Microsoft’s own code where there is one', async () => {
    const order = orderOf(
      `nobody-${randomUUID()}`,
      await observed(await world.customer()),
      line('NOTHING:0001'),
    );
    const refusedIn = async (language: string) => {
      const { body, headers } = await clerk.order<OrderAnswer & { title: string; detail: string }>(
        order,
        { language },
      );
      const failed = body.decision.checks.filter(({ outcome }) => outcome === 'fail');
      return { body, headers, failed };
    };
    const english = await refusedIn('en');
    const japanese = await refusedIn('ja');
    expect(
      english.failed.map(({ reason, partnerCenterCode }) => [reason, partnerCenterCode]),
    ).toEqual([
      ['seller-unknown', '800015'],
      ['agreement-missing', '13605'],
      ['offer-not-on-price-list', '400019'],
    ]);
    for (const { message } of english.failed) expect(message).toMatch(/^[\x20-\u2019]+$/);
    for (const { message } of japanese.failed) expect(message).toMatch(/[\u3040-\u30ff]/);
    expect(japanese.body.title).toMatch(/[\u3040-\u30ff]/);
    expect(english.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(
      (
        await expectReasons(await associatedOn(today, true), ['tenant-csp-associated'])
      ).decision.checks.find(({ reason }) => reason),
    ).not.toHaveProperty('partnerCenterCode');
  });

  it('reads the same later, in the order and in its explanation with each rule’s text and evidence types', async () => {
    const order = await sold(sellerWith('memberships', {}, today));
    const { orderId, decision } = await expectReasons(order, ['seller-membership-inactive']);
    const read = await clerk.get<OrderAnswer & { tenantId: string }>(`/v1/orders/${orderId}`);
    expect(read.body).toMatchObject({
      orderId,
      status: 'refused',
      tenantId: order.tenantId,
      decision,
    });
    const { body } = await clerk.get<{ decision: { checks: (Check & { source: string })[] } }>(
      `/v1/orders/${orderId}/explanation`,
      {
        language: 'ja',
      },
    );
    for (const { source } of body.decision.checks) expect(source).toMatch(/[\u3040-\u30ff]/);
    const membership = body.decision.checks.find(({ rule }) => rule === 'SELLER-1');
    expect(membership?.evidence.map((proof) => (proof as { type?: string }).type)).toEqual([
      'PartnerMembershipStarted',
      'PartnerMembershipEnded',
    ]);
  });
});

/**
 * Moves the clock forward for the rest of the file. A date that the customer states may be today in
 * the time zone where the date is latest (UTC+14).
 */
describe('the latest date on earth', () => {
  const next = addDays(today, 1);
  const dayAfter = addDays(today, 2);

  it('is accepted for a customer’s date from the instant when that day begins at UTC+14', async () => {
    const tenantId = await world.customer();
    const sign = (signedOn: string) =>
      clerk.post(`/v1/customers/${tenantId}/agreements`, {
        signedOn,
        country: 'JP',
        language: 'ja-JP',
        signatory: { firstName: 'Taro', lastName: 'Suzuki', email: 'taro@kobe.example' },
        method: 'customer-accepted',
      });
    const observe = (observedOn: string) =>
      clerk.post(`/v1/customers/${tenantId}/csp-association`, {
        associated: false,
        observedOn,
        source: 'x',
      });

    await world.say('POST', '/v1/clock/ticks', { on: next, at: `${next}T09:59:59.999Z` });
    expect([(await sign(dayAfter)).status, (await observe(dayAfter)).status]).toEqual([400, 400]);
    await world.say('POST', '/v1/clock/ticks', { on: next, at: `${next}T10:00:00.000Z` });
    expect([(await sign(dayAfter)).status, (await observe(dayAfter)).status]).toEqual([201, 201]);
    expect([
      (await sign(addDays(dayAfter, 1))).status,
      (await observe(addDays(dayAfter, 1))).status,
    ]).toEqual([400, 400]);
    await expectToday(orderOf(reseller, tenantId), next);
  });

  /** The order's own date is the day in UTC. */
  async function expectToday(order: object, date: string): Promise<void> {
    const { status, body } = await place(order);
    expect(status).toBe(201);
    expect((await clerk.get(`/v1/orders/${body.orderId}`)).body).toMatchObject({
      date,
      placedAt: `${date}T10:00:00.000Z`,
    });
  }
});
