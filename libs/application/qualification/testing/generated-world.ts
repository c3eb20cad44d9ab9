import fc from 'fast-check';
import { defaultPolicy } from '../../../domain/program/default-policy.js';
import { partnerId, tenantId } from '../../../domain/shared/ids.js';
import type { EventLog } from '../../../event-log/event-log.js';
import {
  customerEvent,
  customerRegistered,
  orderPlaced,
  orderRefused,
  partnerEvent,
  partnerRegistered,
  appendEach,
  tenant,
  type Told,
} from '../../../read-models/testing/sample-log.js';

/** The ids of the facts so far, so that later events can end and correct them. */
type FactIds = Map<string, string[]>;
/** Returns one more event of the log; undefined if there is no fact yet that it could change. */
export type Step = (factIds: FactIds) => Told | undefined;

export const sellers = ['s1', 's2'].map(partnerId);
export const tenants = [1, 2].map((number) => tenantId(tenant(number)));
const providers = ['p1', 'p2'];
const partners = [...sellers, ...providers];

const one = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/**
 * A few days, so that generated dates often meet at boundaries, and some far in the past and the
 * future.
 */
export const anyDay = one([
  '2024-02-29',
  '2025-02-28',
  '2025-11-21',
  '2025-11-22',
  '2026-11-20',
  '2026-11-21',
  '2026-11-22',
  '2026-11-23',
  '2027-06-30',
]);
const dates = fc
  .record({ from: anyDay, to: fc.option(anyDay, { nil: undefined }) })
  .map(({ from, to }) => ({ from, ...(to !== undefined && to >= from && { to }) }));

const facts = [
  ['PartnerMembership', {}],
  [
    'PartnerSigningAuthority',
    {
      name: { sealed: 1, subject: 'partner:x', generation: 1, iv: 'iv', box: 'box', mac: 'mac' },
      title: 'CEO',
    },
  ],
  ['PartnerProviderAuthorization', {}],
  ['PartnerLocation', { partnerLocationId: 'l', country: 'JP' }],
  ['PartnerLocation', { partnerLocationId: 'm', country: 'FR' }],
  ['PartnerProviderRelationship', { providerId: 'p1' }],
  ['PartnerProviderRelationship', { providerId: 'p2' }],
  ['PartnerSupportPlan', { plan: 'advanced' }],
  ['PartnerService', { kind: 'managed-service', name: 'Backup' }],
] as const;

/** Starts, ends, corrects or retracts a dated fact. */
const factStep = (
  stream: fc.Arbitrary<
    readonly [prefix: string, value: object, tell: (type: string, data: object) => Told]
  >,
): fc.Arbitrary<Step> =>
  fc
    .tuple(stream, one(['Started', 'Started', 'Ended', 'Corrected', 'Retracted']), dates, fc.nat(9))
    .map(([[prefix, value, told], what, days, which]) => (factIds) => {
      if (what === 'Started') return told(`${prefix}Started`, { ...value, ...days });
      const known = factIds.get(`${told('', {}).stream} ${prefix}`) ?? [];
      const factId = known[which % Math.max(known.length, 1)];
      if (factId === undefined) return undefined;
      if (what === 'Ended') return told(`${prefix}Ended`, { factId, on: days.from, reason: 'r' });
      return told(`${prefix}Corrected`, {
        factId,
        reason: 'r',
        ...(what === 'Retracted' ? { retracted: true } : { value: { ...value, ...days } }),
      });
    });

const partnerFact = factStep(
  fc
    .tuple(one(partners), one(facts))
    .map(
      ([id, [prefix, value]]) =>
        [prefix, value, (type, data) => partnerEvent(id, type, data)] as const,
    ),
);
const relationship = factStep(
  fc
    .tuple(one([1, 2]), one(sellers))
    .map(
      ([number, seller]) =>
        [
          'CustomerPartnerRelationship',
          { partnerId: seller },
          (type, data) => customerEvent(number, type, data),
        ] as const,
    ),
);
const model = one(['indirect-reseller', 'indirect-provider', 'direct-bill']);
const directBill = one(['Started', 'Restricted', 'Suspended', 'Revoked', 'Restored']);
const agreement = { version: 'default', signatory: facts[1][1].name, method: 'partner-attested' };

const partnerStep: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(one(partners), model, anyDay).map(
    ([id, started, from]) =>
      () =>
        partnerEvent(id, 'PartnerModelStarted', { model: started, from }),
  ),
  fc.tuple(one(partners), one(['JP', 'FR', 'RU'])).map(
    ([id, country]) =>
      () =>
        partnerEvent(id, 'PartnerDetailsChanged', { country }),
  ),
  fc.tuple(one(sellers), directBill, anyDay).map(
    ([id, status, on]) =>
      () =>
        partnerEvent(
          id,
          `DirectBillAuthorization${status}`,
          status === 'Started' ? { from: on, evidence: 'e' } : { on, reason: 'r' },
        ),
  ),
);
const customerStep: fc.Arbitrary<Step> = fc.oneof(
  one([1, 2]).map((number) => () => customerRegistered(number)),
  fc.tuple(one([1, 2]), one(['JP', 'FR', 'RU'])).map(
    ([number, country]) =>
      () =>
        customerEvent(number, 'CustomerDetailsChanged', { country }),
  ),
  fc.tuple(one([1, 2]), one(['JP', 'FR']), anyDay).map(
    ([number, country, signedOn]) =>
      () =>
        customerEvent(number, 'CustomerAgreementSigned', {
          ...agreement,
          signedOn,
          country,
          language: country === 'JP' ? 'ja-JP' : 'fr-FR',
        }),
  ),
  fc.tuple(one([1, 2]), anyDay).map(
    ([number, on]) =>
      () =>
        customerEvent(number, 'CustomerAgreementWithdrawn', { on, reason: 'r' }),
  ),
  fc.tuple(one([1, 2]), fc.boolean(), anyDay).map(
    ([number, associated, observedOn]) =>
      () =>
        customerEvent(number, 'TenantCspAssociationObserved', {
          associated,
          observedOn,
          source: 'Partner Center',
        }),
  ),
  one([1, 2]).map(
    (number) => () => customerEvent(number, 'TenantCspAssociationRegistered', { partnerId: 's2' }),
  ),
  fc.tuple(one([1, 2]), anyDay).map(
    ([number, on]) =>
      () =>
        customerEvent(number, 'TenantCspAssociationRegistrationEnded', {
          partnerId: 's2',
          on,
          reason: 'r',
        }),
  ),
  fc.tuple(one([1, 2]), anyDay).map(
    ([number, on]) =>
      () =>
        customerEvent(number, 'CustomerClosed', { on, reason: 'r' }),
  ),
  fc.tuple(one([1, 2]), fc.nat(99), one(sellers)).map(
    ([number, order, seller]) =>
      () =>
        orderPlaced(number, order, seller),
  ),
  fc.tuple(one([1, 2]), fc.nat(99), one(sellers)).map(
    ([number, order, seller]) =>
      () =>
        orderRefused(number, order, ['agreement-missing'], seller),
  ),
);
const programStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(anyDay, fc.boolean(), one([0, 1, 365]))
    .map(([effectiveFrom, customerRelationshipRequired, tenantCheckMaxAgeDays]) => () => ({
      stream: 'program',
      type: 'PolicyPublished',
      data: {
        effectiveFrom,
        policy: {
          ...defaultPolicy,
          customerRelationshipRequired,
          tenantCheckMaxAgeDays,
          tenureMonths: 1,
        },
      },
    })),
  anyDay.map((acceptedUntil) => () => ({
    stream: 'program',
    type: 'AgreementVersionPublished',
    data: { version: 'default', from: '0001-01-01', acceptedUntil },
  })),
);

/**
 * Histories of two sellers, two providers and two tenants. They begin with valid records, so that
 * the rules pass often and fail often.
 */
export const anyHistory: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: partnerFact },
      { weight: 2, arbitrary: relationship },
      { weight: 2, arbitrary: partnerStep },
      { weight: 4, arbitrary: customerStep },
      { weight: 1, arbitrary: programStep },
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((steps) => [...beginning, ...steps]);

const beginning: readonly Step[] = [
  partnerRegistered('p1', { model: 'indirect-provider' }),
  partnerEvent('p1', 'PartnerProviderAuthorizationStarted', { from: '2020-01-01' }),
  partnerRegistered('s1'),
  ...['PartnerMembership', 'PartnerLocation', 'PartnerSigningAuthority'].map((prefix) =>
    partnerEvent('s1', `${prefix}Started`, {
      ...facts.find(([name]) => name === prefix)?.[1],
      from: '2020-01-01',
    }),
  ),
  partnerEvent('s1', 'PartnerProviderRelationshipStarted', {
    providerId: 'p1',
    from: '2020-01-01',
  }),
  partnerRegistered('s2', { country: 'FR', model: 'direct-bill' }),
  customerRegistered(1),
].map((told) => () => told);

/** Appends the steps' events, one append each. */
export async function tellHistory(log: EventLog, steps: readonly Step[]): Promise<void> {
  const factIds: FactIds = new Map();
  for (const step of steps) {
    const told = step(factIds);
    if (!told) continue;
    const [event] = await appendEach(log, told);
    if (!event?.type.endsWith('Started')) continue;
    const key = `${event.stream} ${event.type.slice(0, -'Started'.length)}`;
    factIds.set(key, [...(factIds.get(key) ?? []), event.id]);
  }
}
