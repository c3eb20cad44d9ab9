// Longer than 300 lines: a table with a row for each operation
import { billingEntityId } from '../../libs/domain/shared/ids.js';
import { paymentIdOf } from '../../libs/event-log/identity.js';
import { priceList } from '../support/price-lists.js';
import type { Operation } from './api-document.js';

/**
 * The ids that a request of the matrix names. `factId`: the relationship of the key's own partner
 * with the customer.
 */
export interface Subject {
  readonly tenantId: string;
  readonly partnerId: string;
  readonly orderId: string;
  readonly applicationId: string;
  readonly revenueId: string;
  readonly factId: string;
}
export const kinds = ['own', 'shared', 'foreign', 'unknown'] as const;
export type Kind = (typeof kinds)[number];
type Expected = 'open' | 'closed';

export interface MatrixLine {
  readonly operations: RegExp;
  /**
   * The kind of resource that the row varies; `everything` and `list` name no resource of one
   * partner.
   */
  readonly about:
    'customer' | 'order' | 'partner' | 'application' | 'revenue' | 'everything' | 'list';
  readonly own: Expected;
  readonly shared: Expected;
  readonly body?: (subject: Subject, today: string) => object | string;
  /** What an operator states before, for a subject that exists: its address and its body. */
  readonly before?: (subject: Subject) => readonly [address: string, body: object | string];
}

const ending = (_subject: Subject, today: string) => ({ on: today, reason: 'x' });
const corrected = ({ factId }: Subject, value: object) => ({ factId, reason: 'x', value });
const from = '2020-01-01';
const fact = (value: object) => () => ({ from, ...value });
const order = ({ partnerId, tenantId }: Subject) => ({
  partnerId,
  tenantId,
  currency: 'JPY',
  lines: [{ offerId: 'A:0001', quantity: 1, term: 'P1M', billingPlan: 'monthly' }],
});
const agreement = (_subject: Subject, signedOn: string) => ({
  signedOn,
  country: 'JP',
  language: 'ja-JP',
  signatory: { firstName: 'T', lastName: 'S', email: 't@s.example' },
  method: 'partner-attested',
});
const revenue = ({ partnerId, tenantId }: Subject, recognizedOn: string) => ({
  partnerId,
  tenantId,
  amount: { amount: '1.00', currency: 'USD' },
  recognizedOn,
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: 's',
  reference: tenantId,
});
const revenueFile = (subject: Subject, today: string): string => {
  const { amount, ...rest } = revenue(subject, today);
  const cells = { ...rest, ...amount, reference: `${rest.reference}-file` };
  return `${Object.keys(cells).join(',')}\n${Object.values(cells).join(',')}\n`;
};
const address = { lines: ['1'], country: 'JP' };
const profile = () => ({ address });
const entityIdOf = (partner: string): string => `entity-of-${partner}`;
const entity = ({ partnerId }: Pick<Subject, 'partnerId'>) => ({
  partnerId,
  legalName: 'Mine',
  address,
  currency: 'JPY',
  language: 'ja',
  numberPrefix: 'M-',
  timeZone: 'Asia/Tokyo',
  taxRounding: 'truncate',
  pricing: { basis: 'erp-price', adjustmentPercent: '0' },
});
const yen = (amount: string) => ({ amount, currency: 'JPY' });
const paymentOf = (partnerId: string, receivedOn: string, reference: string) => ({
  entityId: entityIdOf(partnerId),
  payer: `partner:${partnerId}`,
  amount: yen('5'),
  receivedOn,
  reference,
});
/** The entity of a partner and a payment to it, with the payment's id. */
export const entityWithPayment = (partnerId: string, today: string) => ({
  entity: [`/v1/billing-entities/${entityIdOf(partnerId)}`, entity({ partnerId })] as const,
  payment: paymentOf(partnerId, today, 'recorded'),
});
const paymentId = (partnerId: string): string =>
  paymentIdOf(billingEntityId(entityIdOf(partnerId)), 'recorded');
/** A line of Microsoft's file for the CSP tenant of a partner. */
export const reconciliationFile = (partnerId: string): string =>
  `PartnerId,CustomerId,ProductId,SkuId,ChargeType,Subtotal,Currency\n${cspTenantOf(partnerId)},c,p,1,new,1.00,USD\n`;
export const cspTenantOf = (partnerId: string): string =>
  `0b6c5fb0-0000-4000-8000-${Buffer.from(partnerId).toString('hex').padStart(12, '0').slice(-12)}`;
export const reconciliationOf = (partnerId: string): string => `R-${partnerId}`;
const correction = (_subject: Subject, on: string) => ({ on, amount: yen('1'), reason: 'x' });
const sellingPrices = (): string =>
  'ProductId,SkuId,TermDuration,BillingPlan,Currency,SellingPrice\nA,1,P1M,Monthly,JPY,100\n';
const taxRates = () => ({ rates: { standard: '0.10' } });
const customer = { about: 'customer', own: 'open', shared: 'open' } as const;
const partner = { about: 'partner', own: 'open', shared: 'open' } as const;
const application = { about: 'application', own: 'open', shared: 'open' } as const;
const closed = { own: 'closed', shared: 'closed' } as const;
const facts =
  'locations|memberships|signing-authority|provider-authorization|provider-relationships|support-plans|services';

/**
 * Every operation under /v1 for a key with a partner scope
 * (docs/decisions/0039).
 */
export const matrix: readonly MatrixLine[] = [
  { ...customer, operations: /^GET \/v1\/customers\/\{tenantId\}(\/eligibility)?$/ },
  {
    ...customer,
    shared: 'closed',
    operations: /^PUT \/v1\/customers\/\{tenantId\}$/,
    body: () => ({ legalName: 'Renamed', country: 'JP' }),
  },
  { ...customer, operations: /^POST \/v1\/customers\/\{tenantId\}\/agreements$/, body: agreement },
  {
    ...customer,
    ...closed,
    operations: /^POST \/v1\/customers\/\{tenantId\}\/(agreements\/withdrawal|closure)$/,
    body: ending,
  },
  {
    ...customer,
    operations: /^POST \/v1\/customers\/\{tenantId\}\/csp-association$/,
    body: (_subject, observedOn) => ({ associated: true, observedOn, source: 's' }),
  },
  {
    ...customer,
    operations: /^POST \/v1\/customers\/\{tenantId\}\/partner-relationships$/,
    body: ({ partnerId }, today) => ({ partnerId, from: today }),
  },
  {
    ...customer,
    operations:
      /^POST \/v1\/customers\/\{tenantId\}\/partner-relationships(\/\{partnerId\})?\/end$/,
    body: ending,
  },
  {
    ...customer,
    operations: /^POST \/v1\/customers\/\{tenantId\}\/partner-relationships\/correction$/,
    body: (subject) => corrected(subject, { partnerId: subject.partnerId, from: '2021-01-01' }),
  },
  { ...customer, ...closed, operations: /^DELETE \/v1\/customers\/\{tenantId\}\/personal-data$/ },
  { ...customer, operations: /^POST \/v1\/(orders|eligibility-checks)$/, body: order },

  {
    about: 'order',
    own: 'open',
    shared: 'open',
    operations: /^GET \/v1\/orders\/\{orderId\}(\/explanation)?$/,
  },
  {
    about: 'order',
    own: 'open',
    shared: 'open',
    operations: /^POST \/v1\/orders\/\{orderId\}\/cancellation$/,
    body: () => ({ reason: 'x' }),
  },

  {
    ...customer,
    operations: /^GET \/v1\/customers\/\{tenantId\}\/billing-profile$/,
    before: ({ tenantId }) => [`/v1/customers/${tenantId}/billing-profile`, profile()],
  },
  {
    ...customer,
    shared: 'closed',
    operations: /^PUT \/v1\/customers\/\{tenantId\}\/billing-profile$/,
    body: profile,
  },

  {
    ...partner,
    operations: /^GET \/v1\/partners\/\{partnerId\}\/billing-profile$/,
    before: ({ partnerId }) => [`/v1/partners/${partnerId}/billing-profile`, profile()],
  },
  {
    ...partner,
    operations: /^PUT \/v1\/partners\/\{partnerId\}\/billing-profile$/,
    body: profile,
  },
  {
    ...partner,
    operations: /^GET \/v1\/billing-entities\/\{entityId\}$/,
    before: (subject) => [`/v1/billing-entities/${entityIdOf(subject.partnerId)}`, entity(subject)],
  },
  {
    ...partner,
    operations: /^PUT \/v1\/billing-entities\/\{entityId\}$/,
    body: entity,
  },
  {
    ...partner,
    operations: /^POST \/v1\/payments$/,
    body: ({ partnerId, tenantId }, today) => paymentOf(partnerId, today, tenantId),
  },
  { ...partner, operations: /^GET \/v1\/reconciliations\/\{invoiceNumber\}$/ },
  {
    ...partner,
    operations: /^POST \/v1\/reconciliations\/\{invoiceNumber\}$/,
    body: ({ partnerId }) => reconciliationFile(partnerId),
  },
  {
    ...partner,
    operations: /^POST \/v1\/charges$/,
    body: ({ partnerId, tenantId }, date) => ({
      entityId: entityIdOf(partnerId),
      payer: `partner:${partnerId}`,
      description: 'Setup',
      amount: yen('5'),
      taxCategory: 'standard',
      date,
      reference: tenantId,
    }),
  },
  { ...partner, ...closed, operations: /^GET \/v1\/subscriptions\/\{subscriptionId\}$/ },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/subscriptions\/\{subscriptionId\}\/quantity$/,
    body: () => ({ quantity: 1 }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/subscriptions\/.+\/(suspension|resumption|cancellation)$/,
    body: () => ({ reason: 'x' }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/subscriptions\/\{subscriptionId\}\/at-term-end$/,
    body: () => ({ action: 'renew' }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^PUT \/v1\/subscriptions\/\{subscriptionId\}\/vendor-id$/,
    body: () => ({ vendorId: 'x' }),
  },
  { ...partner, operations: /^GET \/v1\/payments\/\{paymentId\}$/ },
  {
    ...partner,
    operations: /^POST \/v1\/payments\/\{paymentId\}\/(reversal|refund)$/,
    body: correction,
  },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/invoices\/\{invoiceId\}\/write-off$/,
    body: correction,
  },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/invoices\/\{invoiceId\}\/credit-notes$/,
    body: () => ({ all: true, reason: 'x' }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/billing-runs$/,
    body: () => ({ period: '2020-01' }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^GET \/v1\/billing-runs(\/.+)?$/,
  },
  { ...partner, ...closed, operations: /^GET \/v1\/invoices\/\{invoiceId\}$/ },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/invoices\/\{invoiceId\}\/payments$/,
    body: (_subject, receivedOn) => ({ amount: yen('1'), receivedOn, reference: 'r' }),
  },
  {
    ...partner,
    operations: /^GET \/v1\/selling-prices\/.+$/,
    before: ({ partnerId }) => [`/v1/selling-prices/${partnerId}/JP/2026-11`, sellingPrices()],
  },
  { ...partner, operations: /^PUT \/v1\/selling-prices\/.+$/, body: sellingPrices },
  {
    ...partner,
    operations: /^PUT \/v1\/partners\/\{partnerId\}\/offers\/\{month\}$/,
    body: () => priceList('JP', 'JPY', [{ ProductId: 'OWN' }]),
  },
  { ...partner, operations: /^GET \/v1\/partners\/\{partnerId\}(\/(?!billing-)[a-z-]+)?$/ },
  {
    ...partner,
    operations: /^PUT \/v1\/partners\/\{partnerId\}$/,
    body: () => ({ legalName: 'Mine', country: 'JP', model: 'indirect-reseller' }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/models$/,
    body: fact({ model: 'indirect-reseller' }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/csp-tenants\/\{tenantId\}\/end$/,
    body: ending,
  },
  { ...partner, operations: /^DELETE \/v1\/partners\/\{partnerId\}\/personal-data$/ },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/locations$/,
    body: fact({ partnerLocationId: 'l', country: 'JP' }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/(memberships|provider-authorization)$/,
    body: fact({}),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/signing-authority$/,
    body: fact({ name: 'H', title: 'CEO' }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/provider-relationships$/,
    body: fact({ providerId: 'p' }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/support-plans$/,
    body: fact({ plan: 'advanced' }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/services$/,
    body: fact({ kind: 'ip-service', name: 'n' }),
  },
  {
    ...partner,
    operations: new RegExp(
      `^POST /v1/partners/\\{partnerId\\}/((${facts})|provider-relationships/\\{providerId\\})/end$`,
    ),
    body: ending,
  },
  {
    ...partner,
    operations: new RegExp(`^POST /v1/partners/\\{partnerId\\}/(${facts})/correction$`),
    body: ({ factId }) => ({ factId, reason: 'x', retracted: true }),
  },
  {
    ...partner,
    operations: /^POST \/v1\/partners\/\{partnerId\}\/direct-bill-authorization$/,
    body: fact({ evidence: 'e' }),
  },
  {
    ...partner,
    operations:
      /^POST \/v1\/partners\/\{partnerId\}\/direct-bill-authorization\/(restriction|suspension|revocation|restoration)$/,
    body: ending,
  },
  { ...partner, operations: /^POST \/v1\/partners\/\{partnerId\}\/direct-bill-applications$/ },

  { ...application, operations: /^GET \/v1\/direct-bill-applications\/\{applicationId\}$/ },
  {
    ...application,
    operations: /^POST \/v1\/direct-bill-applications\/\{applicationId\}\/assessment$/,
    body: (_subject, on) => ({
      ...Object.fromEntries(
        ['billing', 'provisioning', 'customerSupport', 'compliance', 'security'].map((one) => [
          one,
          'passed',
        ]),
      ),
      assessor: 'a',
      on,
    }),
  },
  {
    ...application,
    operations: /^POST \/v1\/direct-bill-applications\/\{applicationId\}\/(?!assessment)[a-z-]+$/,
  },

  { ...partner, operations: /^POST \/v1\/revenue$/, body: revenue },
  { ...partner, operations: /^POST \/v1\/revenue\/imports$/, body: revenueFile },
  {
    about: 'revenue',
    own: 'open',
    shared: 'open',
    operations: /^POST \/v1\/revenue\/\{revenueId\}\/reversal$/,
    body: ending,
  },
  {
    about: 'revenue',
    own: 'open',
    shared: 'open',
    operations: /^POST \/v1\/revenue\/\{revenueId\}\/review$/,
    body: (_subject, on) => ({ outcome: 'confirmed', on, reason: 'x' }),
  },
  {
    about: 'revenue',
    own: 'open',
    shared: 'open',
    operations: /^POST \/v1\/revenue\/\{revenueId\}\/payment$/,
    body: (_subject, paidOn) => ({ amount: { amount: '1.00', currency: 'USD' }, paidOn }),
  },

  {
    about: 'list',
    own: 'open',
    shared: 'open',
    operations:
      /^GET \/v1\/(partners|customers|orders|subscriptions|charges|billing-entities|payments|invoices|reconciliations|reports(\/\{name\})?)$/,
  },
  {
    about: 'everything',
    own: 'open',
    shared: 'open',
    operations: /^GET \/v1\/(offers|policies|tax-rates(\/\{country\}\/\{from\})?)$/,
    before: () => ['/v1/tax-rates/JP/2019-10-01', taxRates()],
  },
  {
    about: 'everything',
    ...closed,
    operations: /^PUT \/v1\/tax-rates\/.+$/,
    body: taxRates,
  },
  { about: 'everything', ...closed, operations: /^GET \/v1\/(events|projections)$/ },
  {
    about: 'everything',
    ...closed,
    operations: /^PUT \/v1\/price-lists\/.+$/,
    body: () => 'ProductTitle\n',
  },
  {
    about: 'everything',
    ...closed,
    operations: /^PUT \/v1\/policies\/.+$/,
    body: () => ({ tenantCheckMaxAgeDays: 30 }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^PUT \/v1\/agreement-versions\/.+$/,
    body: fact({}),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^PUT \/v1\/exchange-rates\/.+$/,
    body: () => ({ usdPerUnit: { JPY: '0.0067' } }),
  },
  {
    about: 'everything',
    ...closed,
    operations: /^POST \/v1\/clock\/ticks$/,
    body: (_subject, on) => ({ on }),
  },
  { about: 'everything', ...closed, operations: /^POST \/v1\/(rulesets|projections)\/.+$/ },
];

export const lineOf = (operation: Pick<Operation, 'method' | 'path'>): readonly MatrixLine[] =>
  matrix.filter(({ operations }) => operations.test(`${operation.method} ${operation.path}`));

/** The address of an operation for a subject. */
export function addressOf({ path }: Operation, subject: Subject): string {
  const values: Readonly<Record<string, string>> = {
    ...subject,
    market: 'JP',
    month: '2026-11',
    effectiveFrom: '2031-01-01',
    version: 'other',
    ruleset: '2026-11',
    entityId: entityIdOf(subject.partnerId),
    paymentId: paymentId(subject.partnerId),
    invoiceNumber: reconciliationOf(subject.partnerId),
    // No invoice is issued here: the ids are unknown.
    invoiceId: '0b6c5fb0-0000-4000-8000-000000000002',
    runId: '0b6c5fb0-0000-4000-8000-000000000003',
    subscriptionId: '0b6c5fb0-0000-4000-8000-000000000004',
    country: 'JP',
    from: '2019-10-01',
    name: path.startsWith('/v1/reports') ? 'orders' : 'customers',
    providerId: 'p',
  };
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(values[name] ?? `no ${name}`),
  );
  return path === '/v1/offers' ? `${filled}?market=JP` : filled;
}

/** A key has a limit of concurrent requests. */
const AT_A_TIME = 12;

export async function inBatches<Item, Result>(
  items: readonly Item[],
  to: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_A_TIME)
    results.push(...(await Promise.all(items.slice(at, at + AT_A_TIME).map((item) => to(item)))));
  return results;
}
