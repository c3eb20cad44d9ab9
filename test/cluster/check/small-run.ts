import type { LogEvent, Loose } from '../../support/answers.js';
import type { Evidence } from '../evidence/evidence.js';
import type { Asked, Command, Effect, CommandAnswer } from '../load/command.js';

export const TODAY = '2026-11-22';
const TENANT = 'customer-t1';
const FROM = '2020-01-01';

/** A small run without findings: every finding in it comes from a test that tampers with it. */
export function smallRun(): Evidence {
  const log = [...setting(), ...orders()].map((event, position) => numbered(event, position));
  const revisions = new Map<string, number>();
  for (const event of log) {
    const revision = (revisions.get(event.stream) ?? -1) + 1;
    revisions.set(event.stream, revision);
    Object.assign(event, { revision });
  }
  const service = {
    log,
    orders: rows.orders(log),
    customers: rows.customers,
    partners: rows.partners,
    projections: [{ name: 'orders', position: String(log.length - 1) }],
  };
  const run: Evidence = {
    today: TODAY,
    asked: asked(log),
    reads: [
      {
        process: 'api-2',
        orderId: 'order-1',
        withPosition: true,
        atMs: 1,
        httpStatus: 200,
        orderStatus: 'placed',
      },
      {
        process: 'api-2',
        orderId: 'order-1',
        withPosition: false,
        atMs: 1,
        httpStatus: 200,
        orderStatus: 'pending',
      },
      { process: 'api-2', orderId: 'order-1', withPosition: false, atMs: 1, httpStatus: 503 },
    ],
    log,
    services: [
      { process: 'api-1', ...service },
      { process: 'api-2', ...service },
    ],
    index: log.map(({ position, id, stream, revision, type }) => ({
      position: Number(position),
      eventId: id,
      stream,
      revision,
      type,
    })),
    servedAgain: [
      {
        fault: { kind: 'kill-leader', hit: ['node-1'], beganAtMs: 0, overAtMs: 1 },
        afterMs: { 'api-1': 30_000, 'api-2': 5 },
      },
    ],
    unexpectedEnds: [],
    failures: [],
  };
  // Each log is a copy, so that a test can tamper with one of them only.
  return JSON.parse(JSON.stringify(run)) as Evidence; // it was one before
}

type Draft = Pick<LogEvent, 'stream' | 'type' | 'data'> & { readonly by?: string };

const numbered = ({ by, ...event }: Draft, position: number): LogEvent => ({
  ...event,
  position: String(position),
  id: `event-${position}`,
  version: 1,
  revision: -1,
  recordedAt: '2026-11-22T00:00:00.000Z',
  metadata: {
    commandId: `command-${by ?? position}`,
    index: 0,
    correlationId: by ?? `setting:${position}`,
  },
});

function setting(): readonly Draft[] {
  const started = (partner: string, kind: string, data: Loose): Draft => ({
    stream: `partner-${partner}`,
    type: `Partner${kind}Started`,
    data: { from: FROM, ...data },
  });
  return [
    {
      stream: 'program',
      type: 'PolicyPublished',
      data: {
        effectiveFrom: '0001-01-01',
        policy: { tenantCheckRequired: true, tenantCheckMaxAgeDays: 365 },
      },
    },
    {
      stream: 'import-1',
      type: 'ImportChunkAdded',
      data: { index: 0, rows: [{ offerId: 'BASIC:0001', currency: 'JPY' }] },
    },
    {
      stream: 'pricelist-JP-2026-11',
      type: 'PriceListPublished',
      data: { market: 'JP', month: '2026-11', importId: '1' },
    },
    {
      stream: 'partner-provider',
      type: 'PartnerRegistered',
      data: { partnerId: 'provider', legalName: 'P', model: 'indirect-provider' },
    },
    started('provider', 'ProviderAuthorization', {}),
    {
      stream: 'partner-seller',
      type: 'PartnerRegistered',
      data: { partnerId: 'seller', legalName: 'S', model: 'indirect-reseller' },
    },
    started('seller', 'Membership', {}),
    started('seller', 'Location', { country: 'JP' }),
    started('seller', 'SigningAuthority', {}),
    started('seller', 'ProviderRelationship', { providerId: 'provider' }),
    { stream: TENANT, type: 'CustomerRegistered', data: { tenantId: 't1', legalName: 'C' } },
    { stream: TENANT, type: 'CustomerAgreementSigned', data: { signedOn: FROM }, by: 'sign' },
    {
      stream: TENANT,
      type: 'TenantCspAssociationObserved',
      data: { associated: false, observedOn: TODAY },
    },
  ];
}

/** One placed order, one voided after a membership ended first, and one refused order. */
function orders(): readonly Draft[] {
  const lost: [string, string, string][] = [['SELLER-1', 'f', 'seller-membership-inactive']];
  const placed = (orderId: string, seller: number): Draft => ({
    stream: TENANT,
    type: 'OrderPlaced',
    data: order(orderId, [], seller),
    by: orderId,
  });
  return [
    placed('order-1', 4),
    {
      stream: 'partner-seller',
      type: 'PartnerMembershipEnded',
      data: { factId: 'event-6', on: TODAY },
    },
    placed('order-2', 4),
    {
      stream: TENANT,
      type: 'OrderVoided',
      data: { orderId: 'order-2', decision: { date: TODAY, checks: lost, reads: reads(5) } },
    },
    { stream: TENANT, type: 'OrderRefused', data: order('order-3', lost, 5), by: 'order-3' },
  ];
}

// prettier-ignore
const reads = (seller: number): [string, number][] => [['program', 0], ['partner-seller', seller], ['partner-provider', 1], ['pricelist-JP-2026-11', 0]];
const order = (orderId: string, checks: [string, string, string][], seller: number): Loose => ({
  ...{
    orderId,
    partnerId: 'seller',
    reference: orderId,
    currency: 'JPY',
    lines: [{ offerId: 'BASIC:0001' }],
  },
  decision: { date: TODAY, checks, reads: reads(seller) },
});

function asked(log: readonly LogEvent[]): Asked[] {
  const at = (type: string, orderId: string): LogEvent =>
    log.find((event) => event.type === type && event.data['orderId'] === orderId)!;
  const place = ({ position, revision }: LogEvent) => ({ position: Number(position), revision });
  const refused = {
    status: 422,
    problem: 'order-refused',
    reasons: ['seller-membership-inactive'],
    replayed: false,
  };
  const accepted = {
    status: 201,
    ...place(at('OrderPlaced', 'order-1')),
    orderId: 'order-1',
    replayed: false,
  };
  const sign: Effect = {
    stream: TENANT,
    types: ['CustomerAgreementSigned'],
    data: { signedOn: FROM },
  };
  return [
    ask(0, 'order', effectOf('order-1'), [accepted, { ...accepted, replayed: true }]),
    ask(1, 'order', effectOf('order-2'), [
      { ...refused, ...place(at('OrderVoided', 'order-2')), orderId: 'order-2' },
    ]),
    ask(2, 'order', effectOf('order-3'), [
      { status: 503, problem: 'outcome-unknown', replayed: false },
      undefined,
      { ...refused, ...place(at('OrderRefused', 'order-3')), orderId: 'order-3' },
    ]),
    {
      ...ask(3, 'sign', sign, [{ status: 201, position: 11, revision: 1, replayed: false }]),
      command: command(3, 'sign', 'sign', sign),
    },
    ask(4, 'sign', sign, [{ status: 200, position: 14, revision: 3, replayed: false }]),
    ask(5, 'withdraw', { stream: TENANT, types: ['CustomerAgreementWithdrawn'], data: {} }, [
      { status: 422, problem: 'agreement-missing', position: 10, replayed: false },
    ]),
  ];
}

const effectOf = (reference: string): Effect => ({
  stream: TENANT,
  types: ['OrderPlaced', 'OrderRefused'],
  data: { reference },
});
const ask = (
  number: number,
  kind: string,
  effect: Effect,
  answer: readonly (CommandAnswer | undefined)[],
): Asked => ({
  command: command(
    number,
    kind,
    kind === 'order' ? String(effect.data['reference']) : `${kind}-${number}`,
    effect,
  ),
  tries: answer.map((one) => ({
    process: 'api-1',
    life: 1,
    sentAtMs: 0,
    endedAtMs: 1,
    ...(one ? { answer: one } : { broken: 'ECONNRESET' }),
  })),
});
const command = (number: number, kind: string, correlationId: string, effect: Effect): Command => ({
  ...{ number, kind, role: 'operator', method: 'POST', path: '/', body: {}, key: String(number) },
  correlationId,
  effect,
});

const rows = {
  orders: (log: readonly LogEvent[]): Loose[] =>
    log
      .filter(({ type }) => type === 'OrderPlaced' || type === 'OrderRefused')
      .map(({ data, position }) => ({
        ...{
          orderId: data['orderId'],
          tenantId: 't1',
          partnerId: 'seller',
          reference: data['reference'],
          position,
        },
        status: { 'order-1': 'placed', 'order-2': 'voided', 'order-3': 'refused' }[
          String(data['orderId'])
        ],
      })),
  customers: [{ tenantId: 't1', legalName: 'C', partnerIds: [] }],
  partners: [
    {
      partnerId: 'provider',
      legalName: 'P',
      membershipActive: false,
      providerIds: [],
      cspTenantIds: [],
    },
    {
      partnerId: 'seller',
      legalName: 'S',
      membershipActive: false,
      providerIds: ['provider'],
      cspTenantIds: [],
    },
  ],
};
