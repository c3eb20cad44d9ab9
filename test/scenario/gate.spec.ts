import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Check, Decision, OrderAnswer } from '../support/answers.js';
import { addDays, monthOf, stillNoon } from '../support/calendar.js';
import type { Client } from '../support/client.js';
import { priceList, type Row } from '../support/price-lists.js';
import { Service } from '../support/service.js';
import { wholeLog } from '../support/whole-log.js';
import { line, LONG_AGO, orderOf, World } from '../support/world.js';

/**
 * Every reason of the order gate, over HTTP, on both sides of its boundary. A log with a clock of its own stands at noon of one
 * day, so that "the day before" and "the day" are what the test says; `asOf` asks about other days.
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
  { ProductId: 'PERPETUAL', TermDuration: '', BillingPlan: 'OneTime', Family: 'perpetual-software' },
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
}, 40_000);
afterAll(async () => {
  await service.stop();
  service.remove();
});

type Order = ReturnType<typeof orderOf> & { readonly providerId?: string; readonly currency?: string };

const check = async (order: object, asOf?: string): Promise<Decision> => {
  const { status, body, text } = await clerk.post<{ decision: Decision }>('/v1/eligibility-checks', { ...order, ...(asOf ? { asOf } : {}) });
  if (status !== 200) throw new Error(text);
  return body.decision;
};
const place = (order: object): Promise<{ readonly status: number; readonly body: OrderAnswer }> => clerk.order<OrderAnswer>(order);
const reasonsOf = ({ checks }: Decision): readonly string[] => [...new Set(checks.flatMap(({ reason }) => reason ?? []))];
const ofRule = ({ checks }: Decision, rule: string): readonly Check[] => checks.filter((one) => one.rule === rule);

/** Ordered and asked about: the answers are the same, and are these reasons (none: accepted). */
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
  if (expected.length > 0) expect(body).toMatchObject({ type: '/problems/order-refused', status: 422 });
  return body;
}

/** Two worlds that differ in one day, limit or word: the one that is refused for a reason, the one that is not. */
type Sides = readonly [reason: string, name: string, fails: () => Promise<Order>, passes: () => Promise<Order>, also?: readonly string[]];

const bare = (model: 'indirect-reseller' | 'direct-bill') => world.partner(model);
const ready = (details: object = {}, agreement: object = {}) => world.readyCustomer(details, agreement);
const end = (partnerId: string, kind: string, on: string) => world.say('POST', `/v1/partners/${partnerId}/${kind}/end`, { on, reason: 'x' });
const sold = async (partnerId: string | Promise<string>, tenantId?: string): Promise<Order> => orderOf(await partnerId, tenantId ?? (await ready()));
const bought = async (...lines: readonly object[]): Promise<Order> => orderOf(reseller, await ready(), ...lines);

/** A seller with everything but one kind of fact, which it has from one day on, or until another. */
async function sellerWith(missing: string, body: object | undefined, endedOn?: string): Promise<string> {
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

async function directBillWith(missing: string, body: object | undefined, endedOn?: string): Promise<string> {
  const seller = await bare('direct-bill');
  await world.equip(seller);
  const facts: Record<string, object> = { 'support-plans': { plan: 'premier' }, 'direct-bill-authorization': { evidence: 'letter' } };
  for (const [kind, usual] of Object.entries(facts)) {
    if (kind !== missing) await world.fact(seller, kind, usual);
    else if (body) await world.fact(seller, kind, { ...usual, ...body });
  }
  if (endedOn !== undefined) await end(seller, missing, endedOn);
  return seller;
}

async function directBillAfter(change: string, on: string): Promise<string> {
  const seller = await world.directBill();
  await world.say('POST', `/v1/partners/${seller}/direct-bill-authorization/${change}`, { on, reason: 'x' });
  return seller;
}

async function throughProvider(prepare: (providerId: string) => Promise<unknown>, country = 'JP'): Promise<string> {
  const providerId = await world.partner('indirect-provider', country);
  await prepare(providerId);
  return sellerWith('provider-relationships', { providerId });
}

const from = (day: string) => ({ from: day });
const agreed = (details: object) => async (): Promise<Order> => sold(reseller, await ready({}, details));

const sides: readonly Sides[] = [
  ['seller-unknown', 'a partner never registered', () => sold(`nobody-${randomUUID()}`), () => sold(reseller)],
  ['seller-membership-inactive', 'no membership', () => sold(sellerWith('memberships', undefined)), () => sold(sellerWith('memberships', {}))],
  ['seller-membership-inactive', 'a membership from tomorrow', () => sold(sellerWith('memberships', from(tomorrow))), () => sold(sellerWith('memberships', from(today)))],
  ['seller-membership-inactive', 'a membership that ends today', () => sold(sellerWith('memberships', {}, today)), () => sold(sellerWith('memberships', {}, tomorrow))],
  ['seller-location-missing', 'no location', () => sold(sellerWith('locations', undefined)), () => sold(sellerWith('locations', { from: undefined }))],
  ['seller-location-missing', 'a location from tomorrow', () => sold(sellerWith('locations', from(tomorrow))), () => sold(sellerWith('locations', from(today)))],
  ['seller-location-missing', 'a location that ends today', () => sold(sellerWith('locations', {}, today)), () => sold(sellerWith('locations', {}, tomorrow))],
  ['seller-location-missing', 'a location in another region', () => sold(sellerWith('locations', { country: 'FR' })), () => sold(sellerWith('locations', { country: 'JP' }))],
  ['seller-signing-authority-missing', 'nobody who may sign', () => sold(sellerWith('signing-authority', undefined)), () => sold(sellerWith('signing-authority', {}))],
  ['seller-signing-authority-missing', 'somebody from tomorrow', () => sold(sellerWith('signing-authority', from(tomorrow))), () => sold(sellerWith('signing-authority', from(today)))],
  ['seller-signing-authority-missing', 'somebody until today', () => sold(sellerWith('signing-authority', {}, today)), () => sold(sellerWith('signing-authority', {}, tomorrow))],
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
  const second = (await service.as('operator').get<{ providerRelationships: { factId: string }[] }>(`/v1/partners/${seller}`)).body
    .providerRelationships[1];
  await world.say('POST', `/v1/partners/${seller}/provider-relationships/end`, { factId: second?.factId, on: secondUntil, reason: 'x' });
  return sold(seller);
}
async function restored(on: string): Promise<string> {
  const seller = await directBillAfter('restriction', yesterday);
  await world.say('POST', `/v1/partners/${seller}/direct-bill-authorization/restoration`, { on, reason: 'x' });
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
/** A seller with a second location whose currency is the dollar: Afghanistan counts into APAC's neighbourhood or not, the seller is there. */
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
/** "associated" on one day, "not associated" on another. */
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
  const details = { legalName: 'Buyer', country: 'JP', model: 'indirect-reseller', cspTenantIds: [order.tenantId] };
  await world.say('PUT', `/v1/partners/${other}`, details);
  await world.say('POST', `/v1/partners/${other}/csp-tenants/${order.tenantId}/end`, { on, reason: 'x' });
  return order;
}
async function lookedUp(daysAgo: number): Promise<Order> {
  const tenantId = await world.customer();
  await world.sign(tenantId);
  await world.observe(tenantId, false, addDays(today, -daysAgo));
  return sold(reseller, tenantId);
}

describe('every reason, on both sides of its boundary', () => {
  beforeAll(async () => {
    // Published first, so that each agreement finds its version; none of them is the one to sign by default.
    await world.say('PUT', '/v1/agreement-versions/until-yesterday', { from: '0001-01-01', acceptedUntil: yesterday });
    await world.say('PUT', '/v1/agreement-versions/until-today', { from: '0001-01-01', acceptedUntil: today });
    await world.say('PUT', '/v1/agreement-versions/default', { from: '0001-01-02' });
  });

  it.each(sides)('%s: %s', async (reason, _name, fails, passes, also = []) => {
    await expectReasons(await fails(), [reason, ...also]);
    await expectReasons(await passes(), []);
  });
});
