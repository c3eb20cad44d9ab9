// Longer than 300 lines: one call for each example of the document
import type { Loose } from '../support/answers.js';
import type { Client } from '../support/client.js';
import { priceList } from '../support/price-lists.js';
import { revenueCsv, statement } from '../support/revenue.js';

interface RealAnswer {
  /** The operation's id. */
  readonly id: string;
  readonly body: unknown;
}

const today = new Date().toISOString().slice(0, 10);
const month = today.slice(0, 7);
const from = '2020-01-01';
const tenantId = '8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42';
const cspTenantId = '7c0e5941-42a0-4a0e-9b72-1e590e2e6b31';

/**
 * Calls every operation that has an example in the document, in the order of a partner's and a
 * customer's first day.
 */
export async function answersOfExamples(operator: Client): Promise<readonly RealAnswer[]> {
  const answers: RealAnswer[] = [];
  const call = async (
    id: string,
    method: string,
    path: string,
    body?: object | string,
  ): Promise<Loose> => {
    const key = `${id}-${answers.length}`;
    const answer = await operator.call<Loose>(method, path, body, method === 'GET' ? {} : { key });
    if (answer.status >= 300)
      throw new Error(`${id}: ${method} ${path} was answered ${answer.status} ${answer.text}`);
    answers.push({ id, body: answer.body });
    return answer.body;
  };

  await partners(call);
  await customers(call);
  await program(call);
  await orders(call, operator);
  await revenue(call);
  await qualification(call);
  await applications(call);
  await billing(call, operator);
  await call('Events.events', 'GET', '/v1/events?limit=1');
  await call('Reports.list', 'GET', '/v1/reports');
  await call('Reports.get', 'GET', '/v1/reports/orders?partnerId=kansai-cloud');
  await call('Projections.list', 'GET', '/v1/projections');
  await call('Projections.rebuild', 'POST', '/v1/projections/orders/rebuild');
  await call('Health.live', 'GET', '/health/live');
  await call('Health.ready', 'GET', '/health/ready');
  return answers;
}

type Call = (id: string, method: string, path: string, body?: object | string) => Promise<Loose>;

const facts = [
  ['location', 'locations', 'Location', { partnerLocationId: '6543210', country: 'JP', from }],
  ['membership', 'memberships', 'Membership', { from }],
  [
    'signingAuthority',
    'signing-authority',
    'SigningAuthority',
    { name: 'Hanako Yamada', title: 'CEO', from },
  ],
  [
    'providerRelationship',
    'provider-relationships',
    'ProviderRelationship',
    { providerId: 'provider', from },
  ],
  ['supportPlan', 'support-plans', 'SupportPlan', { plan: 'advanced', from }],
  ['service', 'services', 'Service', { kind: 'managed-service', name: 'Backup', from }],
] as const;

async function partners(call: Call): Promise<void> {
  await call('-', 'PUT', '/v1/partners/provider', {
    legalName: 'Provider',
    country: 'JP',
    model: 'indirect-provider',
  });
  await lifeOfFact(
    call,
    '/v1/partners/provider/provider-authorization',
    'PartnerFacts.providerAuthorization',
    'ProviderAuthorization',
    {
      from,
    },
  );
  await call('-', 'POST', '/v1/partners/provider/provider-authorization', { from });

  const seller = '/v1/partners/kansai-cloud';
  await call('Partners.put', 'PUT', seller, {
    legalName: 'Kansai Cloud KK',
    country: 'JP',
    model: 'indirect-reseller',
    cspTenantIds: [cspTenantId],
  });
  for (const [start, path, name, value] of facts)
    await lifeOfFact(call, `${seller}/${path}`, `PartnerFacts.${start}`, name, value);
  await call('-', 'POST', `${seller}/provider-relationships`, { providerId: 'provider', from });
  await call(
    'PartnerFactChanges.endRelationshipWith',
    'POST',
    `${seller}/provider-relationships/provider/end`,
    {
      on: '2021-01-01',
      reason: 'moved',
    },
  );
  for (const [, path, , value] of facts)
    await call('-', 'POST', `${seller}/${path}`, { ...value, from: '2022-01-01' });

  const directBill = '/v1/partners/direct/direct-bill-authorization';
  await call('-', 'PUT', '/v1/partners/direct', {
    legalName: 'Direct',
    country: 'JP',
    model: 'direct-bill',
  });
  await call('DirectBill.authorize', 'POST', directBill, { from, evidence: 'letter of 2020' });
  for (const [id, path] of [
    ['restrict', 'restriction'],
    ['restore', 'restoration'],
    ['suspend', 'suspension'],
    ['revoke', 'revocation'],
  ] as const)
    await call(`DirectBill.${id}`, 'POST', `${directBill}/${path}`, {
      on: today,
      reason: 'review',
    });
  await call('Partners.startModel', 'POST', '/v1/partners/direct/models', {
    model: 'indirect-reseller',
    from: '2099-01-01',
  });
  await call('Partners.endCspTenant', 'POST', `${seller}/csp-tenants/${cspTenantId}/end`, {
    on: today,
    reason: 'sold',
  });
  await call('Partners.get', 'GET', seller);
}

/** States, corrects and ends each fact. */
async function lifeOfFact(
  call: Call,
  path: string,
  startId: string,
  name: string,
  value: object,
): Promise<void> {
  const { factId } = await call(startId, 'POST', path, value);
  await call(`PartnerFactChanges.correct${name}`, 'POST', `${path}/correction`, {
    factId,
    reason: 'mistyped',
    value: { ...value, from: '2020-02-01' },
  });
  await call(`PartnerFactChanges.end${name}`, 'POST', `${path}/end`, {
    on: '2021-01-01',
    reason: 'over',
    factId,
  });
}

async function customers(call: Call): Promise<void> {
  const customer = `/v1/customers/${tenantId}`;
  await call('Customers.put', 'PUT', customer, { legalName: 'Kobe Foods KK', country: 'JP' });
  const signatory = { firstName: 'Taro', lastName: 'Suzuki', email: 'taro@kobe.example' };
  await call('CustomerAgreements.sign', 'POST', `${customer}/agreements`, {
    signedOn: from,
    country: 'JP',
    language: 'ja-JP',
    signatory,
    method: 'partner-attested',
  });
  await call('CustomerAgreements.observe', 'POST', `${customer}/csp-association`, {
    associated: false,
    observedOn: today,
    source: 'Partner Center',
  });
  const relationships = `${customer}/partner-relationships`;
  const { factId } = await call('CustomerRelationships.start', 'POST', relationships, {
    partnerId: 'kansai-cloud',
    from,
  });
  await call('CustomerRelationships.correct', 'POST', `${relationships}/correction`, {
    factId,
    reason: 'mistyped',
    value: { partnerId: 'kansai-cloud', from: '2020-02-01' },
  });
  await call('CustomerRelationships.end', 'POST', `${relationships}/end`, {
    on: '2021-01-01',
    reason: 'over',
  });
  await call('-', 'POST', relationships, { partnerId: 'kansai-cloud', from: '2022-01-01' });
  await call('CustomerRelationships.endWith', 'POST', `${relationships}/kansai-cloud/end`, {
    on: '2023-01-01',
    reason: 'over',
  });
  await call('Customers.get', 'GET', customer);
}

async function program(call: Call): Promise<void> {
  await call(
    'PriceLists.publish',
    'PUT',
    `/v1/price-lists/JP/${month}`,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC' }]),
  );
  await call(
    'PartnerLists.publishOffers',
    'PUT',
    `/v1/partners/kansai-cloud/offers/${month}`,
    priceList('JP', 'JPY', [{ ProductId: 'SUPPORT', TaxCategory: 'reduced' }]),
  );
  const sellingPrices = `/v1/selling-prices/kansai-cloud/JP/${month}`;
  await call(
    'PartnerLists.publishPrices',
    'PUT',
    sellingPrices,
    priceList('JP', 'JPY', [{ ProductId: 'BASIC', SellingPrice: '130', UnitPrice: '' }]),
  );
  await call('PartnerLists.prices', 'GET', sellingPrices);
  await call('Program.putPolicy', 'PUT', '/v1/policies/2099-01-01', { tenureMonths: 6 });
  await call('Program.policies', 'GET', '/v1/policies');
  await call('Program.putAgreementVersion', 'PUT', '/v1/agreement-versions/v2', {
    from: '2099-01-01',
  });
  await call('Program.putExchangeRates', 'PUT', `/v1/exchange-rates/${month}`, {
    usdPerUnit: { JPY: '0.0067', EUR: '1.08' },
  });
  await call('Program.tick', 'POST', '/v1/clock/ticks', { on: today });
  await call('Program.activateRuleset', 'POST', '/v1/rulesets/2026-11/activation');
}

async function orders(call: Call, operator: Client): Promise<void> {
  const order = {
    partnerId: 'kansai-cloud',
    tenantId,
    currency: 'JPY',
    lines: [{ offerId: 'BASIC:0001', quantity: 2, term: 'P1M', billingPlan: 'monthly' }],
  };
  await call('PlaceOrders.check', 'POST', '/v1/eligibility-checks', order);
  const { orderId } = await call('PlaceOrders.place', 'POST', '/v1/orders', order);
  await operator.get(`/v1/orders?minPosition=0&tenantId=${tenantId}`);
  await call('Orders.get', 'GET', `/v1/orders/${String(orderId)}`);
  await call('Orders.cancel', 'POST', `/v1/orders/${String(orderId)}/cancellation`, {
    reason: 'ordered twice',
  });
}

async function qualification(call: Call): Promise<void> {
  await call('Qualification.tenure', 'GET', '/v1/partners/kansai-cloud/tenure');
  await call('Qualification.directBill', 'GET', '/v1/partners/direct/direct-bill-eligibility');
  await call(
    'CustomerEligibility.get',
    'GET',
    `/v1/customers/${tenantId}/eligibility?partnerId=kansai-cloud`,
  );
}

/** One approved, one declined and one withdrawn application. */
async function applications(call: Call): Promise<void> {
  await call('-', 'PUT', '/v1/policies/0001-01-01', { trailingRevenueThreshold: '0.00' });
  const partner = '/v1/partners/kansai-cloud/direct-bill-applications';
  const submitted = async (): Promise<string> => {
    const { applicationId } = await call('PartnerApplications.submit', 'POST', partner);
    return `/v1/direct-bill-applications/${String(applicationId)}`;
  };
  const passed = {
    billing: 'passed',
    provisioning: 'passed',
    customerSupport: 'passed',
    compliance: 'passed',
    security: 'passed',
  };
  const toAssessment = async (application: string): Promise<void> => {
    await call('DirectBillApplications.confirm', 'POST', `${application}/revenue-confirmation`);
    await call('DirectBillApplications.interview', 'POST', `${application}/interview`, {
      on: today,
    });
    await call('DirectBillApplications.assess', 'POST', `${application}/assessment`, {
      ...passed,
      assessor: 'Audit KK',
      on: today,
    });
  };

  const [approved, declined, withdrawn] = [await submitted(), await submitted(), await submitted()];
  await call(
    'DirectBillApplications.requestInformation',
    'POST',
    `${approved}/information-requests`,
    { note: 'invoices' },
  );
  await call('DirectBillApplications.provideInformation', 'POST', `${approved}/information`);
  for (const application of [declined, approved]) await toAssessment(application);
  await call('DirectBillApplications.decline', 'POST', `${declined}/decline`, {
    reason: 'too early',
  });
  await call('DirectBillApplications.approve', 'POST', `${approved}/approval`, {
    evidence: 'letter',
  });
  await call('DirectBillApplications.withdraw', 'POST', `${withdrawn}/withdrawal`);
  await call('DirectBillApplications.get', 'GET', approved);
  await call('PartnerApplications.list', 'GET', partner);
}

async function billing(call: Call, operator: Client): Promise<void> {
  const address = {
    lines: ['1-1 Marunouchi'],
    city: 'Chiyoda-ku',
    region: 'Tokyo',
    postalCode: '100-0005',
    country: 'JP',
  };
  const entity = '/v1/billing-entities/kansai-billing';
  await call('BillingEntities.put', 'PUT', entity, {
    partnerId: 'kansai-cloud',
    legalName: 'Kansai Cloud KK',
    address,
    taxId: 'T7000012050002',
    currency: 'JPY',
    language: 'ja',
    numberPrefix: 'KC-',
    timeZone: 'Asia/Tokyo',
    taxRounding: 'truncate',
    pricing: { basis: 'erp-price', adjustmentPercent: '-5' },
  });
  await call('BillingEntities.get', 'GET', entity);
  await call('BillingEntities.list', 'GET', '/v1/billing-entities');
  const ofCustomer = `/v1/customers/${tenantId}/billing-profile`;
  await call('BillingProfiles.putOfCustomer', 'PUT', ofCustomer, {
    address,
    purchaseOrder: 'PO-2026-11',
  });
  await call('BillingProfiles.getOfCustomer', 'GET', ofCustomer);
  const ofPartner = '/v1/partners/kansai-cloud/billing-profile';
  await call('BillingProfiles.putOfPartner', 'PUT', ofPartner, { address, paymentTermsDays: 60 });
  await call('BillingProfiles.getOfPartner', 'GET', ofPartner);
  const rates = '/v1/tax-rates/JP/2019-10-01';
  await call('TaxRates.put', 'PUT', rates, { rates: { standard: '0.10', reduced: '0.08' } });
  await call('TaxRates.get', 'GET', rates);
  await call('TaxRates.list', 'GET', '/v1/tax-rates?country=JP');
  await reconciliations(call);
  await payments(call);
  await orderOfSubscription(call);
  await subscriptions(call, operator);
  await charges(call, operator);
  await billingRuns(call);
}

const headOf = async (operator: Client): Promise<string> =>
  String((await operator.get<Loose>('/health/ready')).body['position']);

async function subscriptions(call: Call, operator: Client): Promise<void> {
  const { items } = await call(
    'Subscriptions.list',
    'GET',
    `/v1/subscriptions?status=active&minPosition=${await headOf(operator)}`,
  );
  const [first] = items as readonly { readonly subscriptionId: string }[];
  const at = `/v1/subscriptions/${String(first?.subscriptionId)}`;
  await call('Subscriptions.get', 'GET', at);
  await call('Subscriptions.quantity', 'POST', `${at}/quantity`, { quantity: 1 });
  await call('Subscriptions.suspend', 'POST', `${at}/suspension`, { reason: 'unpaid' });
  await call('Subscriptions.resume', 'POST', `${at}/resumption`, { reason: 'paid' });
  await call('Subscriptions.atTermEnd', 'POST', `${at}/at-term-end`, { action: 'renew' });
  await call('Subscriptions.vendorId', 'PUT', `${at}/vendor-id`, { vendorId: 'a1b2' });
  await call('Subscriptions.cancel', 'POST', `${at}/cancellation`, { reason: 'test' });
}

/** An order after the billing entity was registered, so that its subscription has prices. */
async function orderOfSubscription(call: Call): Promise<void> {
  await call('-', 'POST', '/v1/orders', {
    partnerId: 'kansai-cloud',
    tenantId,
    currency: 'JPY',
    lines: [{ offerId: 'BASIC:0001', quantity: 2, term: 'P1M', billingPlan: 'monthly' }],
  });
}

async function charges(call: Call, operator: Client): Promise<void> {
  await call('Charges.record', 'POST', '/v1/charges', {
    entityId: 'kansai-billing',
    payer: `customer:${tenantId}`,
    description: 'Setup',
    amount: { amount: '10000', currency: 'JPY' },
    taxCategory: 'standard',
    date: today,
    reference: 'setup-1',
  });
  const at = `minPosition=${await headOf(operator)}`;
  const { items } = await call('-', 'GET', `/v1/subscriptions?${at}`);
  const [first] = items as readonly { readonly subscriptionId: string }[];
  await call(
    'Charges.list',
    'GET',
    `/v1/charges?subscriptionId=${String(first?.subscriptionId)}&${at}`,
  );
}

async function billingRuns(call: Call): Promise<void> {
  const at = '/v1/billing-runs';
  const { runId } = await call('BillingRuns.start', 'POST', at, { period: '2020-01' });
  await call('BillingRuns.get', 'GET', `${at}/${String(runId)}`);
  await call('BillingRuns.documents', 'GET', `${at}/${String(runId)}/documents`);
  await call('BillingRuns.list', 'GET', at);
  await call('Invoices.list', 'GET', '/v1/invoices');
}

async function reconciliations(call: Call): Promise<void> {
  const at = '/v1/reconciliations/G012345678';
  await call(
    'Reconciliations.record',
    'POST',
    `${at}?partnerId=kansai-cloud`,
    `PartnerId,CustomerId,ProductId,SkuId,ChargeType,Subtotal,Currency,OrderDate\nx,${tenantId},P,1,new,1.00,JPY,${today}\n`,
  );
  await call('Reconciliations.get', 'GET', at);
  await call('Reconciliations.list', 'GET', '/v1/reconciliations');
}

async function payments(call: Call): Promise<void> {
  const { paymentId } = await call('Payments.receive', 'POST', '/v1/payments', {
    entityId: 'kansai-billing',
    payer: `customer:${tenantId}`,
    amount: { amount: '120000', currency: 'JPY' },
    receivedOn: today,
    reference: 'MUFG 0042',
  });
  const at = `/v1/payments/${String(paymentId)}`;
  const correction = { amount: { amount: '10', currency: 'JPY' }, on: today, reason: 'test' };
  await call('Payments.reverse', 'POST', `${at}/reversal`, correction);
  await call('Payments.refund', 'POST', `${at}/refund`, correction);
  await call('Payments.get', 'GET', at);
  await call('Payments.list', 'GET', '/v1/payments?entityId=kansai-billing');
}

async function revenue(call: Call): Promise<void> {
  const stated = statement('kansai-cloud', today, {
    amount: { amount: '1250000', currency: 'JPY' },
  });
  const { revenueId } = await call('Revenue.record', 'POST', '/v1/revenue', stated);
  const at = `/v1/revenue/${String(revenueId)}`;
  await call('Revenue.reverse', 'POST', `${at}/reversal`, {
    amount: { amount: '250000', currency: 'JPY' },
    on: today,
    reason: 'returned',
  });
  await call('Revenue.review', 'POST', `${at}/review`, {
    outcome: 'under-review',
    on: today,
    reason: 'asked by Microsoft',
  });
  await call('Revenue.pay', 'POST', `${at}/payment`, {
    amount: { amount: '1000000', currency: 'JPY' },
    paidOn: today,
  });
  const rows = [
    statement('kansai-cloud', today),
    statement('kansai-cloud', today, { family: 'perpetual-software' }),
  ];
  await call('RevenueImports.import', 'POST', '/v1/revenue/imports', revenueCsv(rows));
  await call('TrailingRevenue.get', 'GET', '/v1/partners/kansai-cloud/trailing-revenue');
}

/**
 * Lists where an example differs from the real answer: a missing member or one of another type.
 * Real answers may have more members.
 */
export function differences(example: unknown, real: unknown, at = ''): readonly string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(real)) return [`${at} is no list`];
    const [first] = example as unknown[];
    // Items of a list differ: each item of the example is compared with the most similar real one.
    return first === undefined || real.length === 0
      ? []
      : (example as unknown[]).flatMap((item) => nearest(item, real as unknown[], `${at}/0`));
  }
  if (typeof example === 'object' && example !== null) {
    if (typeof real !== 'object' || real === null)
      return [`${at} is ${real === undefined ? 'not there' : JSON.stringify(real)}`];
    return Object.entries(example).flatMap(([name, inner]) =>
      differences(inner, (real as Record<string, unknown>)[name], `${at}/${name}`),
    );
  }
  if (example === null) return real === undefined ? [`${at} is not there`] : [];
  return typeof example === typeof real ? [] : [`${at} is ${JSON.stringify(real)}`];
}

function nearest(item: unknown, real: readonly unknown[], at: string): readonly string[] {
  const found = real.map((one) => differences(item, one, at));
  return found.reduce((best, one) => (one.length < best.length ? one : best));
}
