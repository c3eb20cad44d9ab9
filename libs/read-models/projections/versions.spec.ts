import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../domain/customer/customer.js';
import { decidingObservation } from '../../domain/gate/case/deciding-observation.js';
import { evolvePartner, type PartnerEvent, unknownPartner } from '../../domain/partner/partner.js';
import { partnerId, tenantId } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { rowsOf } from '../testing/fold-in-memory.js';
import {
  customerEvent,
  customerRegistered,
  logged,
  orderPlaced,
  orderRefused,
  partnerEvent,
  partnerRegistered,
  tenant,
  type Told,
} from '../testing/sample-log.js';
import { customerVersions } from './customer-versions.js';
import { eligibilityProjection } from './eligibility.projection.js';
import { partnerVersions } from './partner-versions.js';
import { type CurrentRow, type ReplacedRow, stateAt, type Versioning } from './versions.js';

const sealed = {
  sealed: 1,
  subject: 'customer:x',
  generation: 1,
  iv: 'iv',
  box: 'box',
  mac: 'mac',
};
const signed = (signedOn: string): Told =>
  customerEvent(1, 'CustomerAgreementSigned', {
    signedOn,
    country: 'JP',
    language: 'ja-JP',
    version: 'default',
    signatory: sealed,
    method: 'partner-attested',
  });
const observed = (associated: boolean, observedOn: string): Told =>
  customerEvent(1, 'TenantCspAssociationObserved', {
    associated,
    observedOn,
    source: 'Partner Center',
  });
const uuid = (position: number): string =>
  `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;

/** The versions of a subject at every position, from the rows that a store would have. */
async function versionsOf<State>(
  reading: Pick<Versioning<State, never>, 'initial' | 'join'>,
  table: string,
  subject: string,
  events: readonly LoggedEvent[],
  batches?: readonly (readonly LoggedEvent[])[],
) {
  const rows = await rowsOf(eligibilityProjection, events, batches);
  const text = rows[table]?.[subject];
  const current = text === undefined ? undefined : (JSON.parse(text) as CurrentRow);
  const replaced = Object.values(rows[`${table}_replaced`] ?? {}).map(
    (one) => JSON.parse(one) as ReplacedRow,
  );
  return events.map(({ position }) =>
    current
      ? stateAt(
          reading,
          current,
          replaced.filter((one) => one.subject === subject),
          position,
        )
      : reading.initial(subject),
  );
}

/** The result of the domain's own fold at every position, reduced to what the projection stores. */
const folded = <State, E>(
  initial: State,
  evolve: (state: State, event: E) => State,
  events: readonly LoggedEvent[],
  stream: string,
) => {
  let state = initial;
  return events.map((event) => {
    if (event.stream === stream) state = evolve(state, event as unknown as E);
    return state;
  });
};

const day = fc.integer({ min: 1, max: 9 }).map((number) => `2026-11-0${number}`);
const factId = fc.integer({ min: 0, max: 12 }).map(uuid);
const anyPartnerEvent: fc.Arbitrary<Told> = fc.oneof(
  fc.constant(partnerEvent('p', 'PartnerDetailsChanged', { country: 'FR' })),
  day.map((from) => partnerEvent('p', 'PartnerModelStarted', { model: 'direct-bill', from })),
  day.map((from) => partnerEvent('p', 'PartnerMembershipStarted', { from })),
  fc
    .tuple(factId, day)
    .map(([id, on]) =>
      partnerEvent('p', 'PartnerMembershipEnded', { factId: id, on, reason: 'r' }),
    ),
  fc
    .tuple(factId, day)
    .map(([id, from]) =>
      partnerEvent('p', 'PartnerMembershipCorrected', { factId: id, reason: 'r', value: { from } }),
    ),
  factId.map((id) =>
    partnerEvent('p', 'PartnerMembershipCorrected', { factId: id, reason: 'r', retracted: true }),
  ),
  day.map((from) =>
    partnerEvent('p', 'PartnerLocationStarted', { partnerLocationId: 'l', country: 'JP', from }),
  ),
  day.map((on) => partnerEvent('p', 'DirectBillAuthorizationRestricted', { on, reason: 'r' })),
  fc.constant(partnerEvent('q', 'PartnerMembershipStarted', { from: '2026-11-01' })),
);
const anyCustomerEvent: fc.Arbitrary<Told> = fc.oneof(
  fc.constant(customerRegistered(1)),
  fc.constant(customerEvent(1, 'CustomerDetailsChanged', { marketCode: null, country: 'FR' })),
  day.map(signed),
  day.map((on) => customerEvent(1, 'CustomerAgreementWithdrawn', { on, reason: 'r' })),
  fc.tuple(fc.boolean(), day).map(([associated, on]) => observed(associated, on)),
  fc.constant(customerEvent(1, 'TenantCspAssociationRegistered', { partnerId: 'p' })),
  day.map((on) =>
    customerEvent(1, 'TenantCspAssociationRegistrationEnded', { partnerId: 'p', on, reason: 'r' }),
  ),
  day.map((from) =>
    customerEvent(1, 'CustomerPartnerRelationshipStarted', { partnerId: 'p', from }),
  ),
  factId.map((id) =>
    customerEvent(1, 'CustomerPartnerRelationshipCorrected', {
      factId: id,
      reason: 'r',
      retracted: true,
    }),
  ),
  day.map((on) => customerEvent(1, 'CustomerClosed', { on, reason: 'r' })),
  fc.nat(99).map((number) => orderPlaced(1, number)),
);

/**
 * Splits the events into batches at these places. Each event makes one version, however the batches
 * are split.
 */
const batched = (
  events: readonly LoggedEvent[],
  cuts: readonly boolean[],
): readonly (readonly LoggedEvent[])[] => {
  const batches: LoggedEvent[][] = [[]];
  for (const [index, event] of events.entries()) {
    if (cuts[index % cuts.length] && index > 0) batches.push([]);
    batches.at(-1)!.push(event);
  }
  return batches;
};
const cuts = fc.array(fc.boolean(), { minLength: 1, maxLength: 5 });

describe('versions', () => {
  it('of a partner equal the domain’s fold up to each position', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPartnerEvent, { maxLength: 14 }), cuts, async (told, at) => {
        const events = logged([partnerRegistered('p'), ...told]);
        const known = await versionsOf(
          partnerVersions,
          'partners',
          'p',
          events,
          batched(events, at),
        );
        expect(known).toEqual(
          folded<ReturnType<typeof unknownPartner>, PartnerEvent>(
            unknownPartner(partnerId('p')),
            evolvePartner,
            events,
            'partner-p',
          ),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('of a customer equal the fold without signatories, orders and overruled observations', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCustomerEvent, { maxLength: 14 }),
        cuts,
        day,
        async (told, at, date) => {
          const events = logged(told);
          const known = await versionsOf(
            customerVersions,
            'customers',
            tenant(1),
            events,
            batched(events, at),
          );
          const whole = folded<Customer, CustomerEvent>(
            unknownCustomer(tenantId(tenant(1))),
            evolveCustomer,
            events,
            `customer-${tenant(1)}`,
          );
          const withoutObservations = ({
            observations: _,
            agreements,
            scopeGrants: _grants,
            recentOrders: _orders,
            cancelledOrders: _cancelled,
            ...rest
          }: Customer) => ({
            ...rest,
            agreements: agreements.map(({ signatory: _signatory, ...agreement }) => agreement),
          });
          expect(known.map(withoutObservations)).toEqual(whole.map(withoutObservations));
          const deciding = ({ observations }: Customer) => decidingObservation(observations, date);
          expect(known.map(deciding)).toEqual(whole.map(deciding));
          expect(
            known
              .flatMap(({ agreements }) => agreements.map(({ signatory }) => signatory.box))
              .join(''),
          ).toBe('');
        },
      ),
      { numRuns: 150 },
    );
  });

  it('store only changes: a thousand observations are not a thousand copies', async () => {
    const days = Array.from({ length: 1_000 }, (_, number) =>
      new Date(Date.UTC(2020, 0, 1 + number)).toISOString().slice(0, 10),
    );
    const rows = await rowsOf(
      eligibilityProjection,
      logged(days.map((date) => observed(false, date))),
    );
    expect(Object.keys(rows['customers_replaced']!)).toHaveLength(0);
    const again = await rowsOf(
      eligibilityProjection,
      logged([...days, ...days].map((date) => observed(false, date))),
    );
    expect(JSON.stringify(again).length).toBeLessThan(2_000_000);
  });

  it('do not change with an order, which changes no judged fact', async () => {
    const rows = await rowsOf(
      eligibilityProjection,
      logged([customerRegistered(1), orderPlaced(1, 1), orderRefused(1, 2, [])]),
    );
    expect(JSON.parse(rows['customers']![tenant(1)]!)).toMatchObject({ since: 0 });
    expect(JSON.parse(rows['pairs']![`${tenant(1)}/res-1`]!)).toEqual({
      tenantId: tenant(1),
      partnerId: 'res-1',
      position: 1,
      orderedAt: 1,
    });
  });
});
