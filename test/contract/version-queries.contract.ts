import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  anyHistory,
  sellers,
  tellHistory,
  tenants,
} from '../../libs/application/qualification/testing/generated-world.js';
import { customerFold, partnerFold } from '../../libs/application/records/folds.js';
import type { Fold } from '../../libs/application/engine/states/fold.js';
import { PastView } from '../../libs/application/engine/states/view.js';
import type { Customer } from '../../libs/domain/customer/customer.js';
import type { Partner, PartnerFactKind } from '../../libs/domain/partner/partner.js';
import { partnerId } from '../../libs/domain/shared/ids.js';
import type { Position } from '../../libs/event-log/event-log.js';
import type { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { PositionNotReached } from '../../libs/read-models/errors.js';
import type { ScanPage, ScanQuery, PartnerView } from '../../libs/read-models/version-queries.js';
import { eventually, memoryLog } from '../../libs/read-models/testing/bench.js';
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
} from '../../libs/read-models/testing/sample-log.js';
import type { ListsUnderTest, OpenLists } from './lists.contract.js';

const kept: Readonly<Record<PartnerView, readonly PartnerFactKind[]>> = {
  eligibility: [
    'location',
    'membership',
    'signingAuthority',
    'providerAuthorization',
    'providerRelationship',
    'supportPlan',
  ],
  tenure: ['membership', 'providerAuthorization', 'providerRelationship'],
  'direct-bill': [
    'location',
    'membership',
    'signingAuthority',
    'providerAuthorization',
    'providerRelationship',
    'supportPlan',
    'service',
  ],
};
const application = (number: number, type: string, data: object): Told => ({
  stream: `application-cccccccc-0000-4000-8000-00000000000${number}`,
  type: `DirectBillApplication${type}`,
  data,
});

/**
 * The contract of the versions of partners, customers, sellers' customers and applications as known
 * at any position, over either store.
 */
export function knownVersionsContract(name: string, openLists: OpenLists): void {
  describe(`versions over ${name}`, () => {
    let log: MemoryEventLog;
    let bench: ListsUnderTest;
    beforeEach(async () => {
      log = memoryLog();
      // Small batches: an event may replace a row of its own batch or of an earlier one.
      bench = await openLists(log, { batchEvents: 5 });
    });
    afterEach(() => bench.close());
    const append = async (...events: readonly Told[]): Promise<readonly Position[]> =>
      (await appendEach(log, ...events)).map(({ position }) => position);
    const state = async <State>(fold: Fold<State>, knownAt: Position): Promise<State> =>
      (await new PastView(log, knownAt).load(fold)).state;

    it('equal the log through every position, including corrections', async () => {
      const [steps] = fc.sample(fc.array(anyHistory, { minLength: 4, maxLength: 4 }), {
        numRuns: 1,
        seed: 7,
      });
      for (const history of steps!) await tellHistory(log, history);
      const { readModels } = bench;
      for (let knownAt = 0; knownAt <= (await log.head()); knownAt += 3) {
        for (const view of ['eligibility', 'tenure', 'direct-bill'] as const) {
          const expected = await Promise.all(
            sellers.map(async (id) => partnerOf(view, await state(partnerFold(id), knownAt))),
          );
          expect(
            (await readModels.partnersAtPosition(view, sellers, knownAt)).map((partner) =>
              partnerOf(view, partner),
            ),
          ).toEqual(expected);
        }
        const expected = await Promise.all(
          tenants.map(async (id) => customerOf(await state(customerFold(id), knownAt))),
        );
        expect((await readModels.customersAtPosition(tenants, knownAt)).map(customerOf)).toEqual(
          expected,
        );
      }
    }, 30_000);

    it('are none before the first event, and wait for a position that is not projected yet', async () => {
      const [first, second] = (await append(
        partnerRegistered('p'),
        partnerEvent('p', 'PartnerDetailsChanged', { country: 'FR' }),
      )) as [number, number];
      const country = async (knownAt: Position) =>
        (await bench.readModels.partnersAtPosition('tenure', [partnerId('p')], knownAt))[0]
          ?.registration?.country;
      expect([await country(second), await country(first), await country(first - 1)]).toEqual([
        'FR',
        'JP',
        undefined,
      ]);
      await expect(country(second + 1)).rejects.toBeInstanceOf(PositionNotReached);
    });

    it('are the same after a rebuild', async () => {
      const [history] = fc.sample(anyHistory, { numRuns: 1, seed: 11 });
      await tellHistory(log, history!);
      const { readModels } = bench;
      const head = await log.head();
      const all = () =>
        Promise.all(
          Array.from({ length: head + 1 }, (_, knownAt) =>
            readModels.partnersAtPosition('eligibility', sellers, knownAt),
          ),
        );
      const before = await all();
      await readModels.rebuild('eligibility');
      await eventually(
        async () =>
          (await readModels.projections()).find((one) => one.name === 'eligibility')?.rebuild
            ?.finished === true,
      );
      expect(
        (await readModels.projections()).find((one) => one.name === 'eligibility')?.rebuild
          ?.difference,
      ).toBeUndefined();
      expect(await all()).toEqual(before);
    }, 30_000);

    describe('a page at a time', () => {
      const scanned = async <Item>(
        page: (scan: ScanQuery) => Promise<ScanPage<Item>>,
        scan: ScanQuery,
      ): Promise<readonly Item[]> => {
        const items: Item[] = [];
        for (let after: Position | undefined; ;) {
          const { items: some, next } = await page({ ...scan, after });
          items.push(...some);
          if (next === undefined) return items;
          after = next;
        }
      };
      const pairsAt = async (scan: ScanQuery) =>
        (await scanned((one) => bench.readModels.scanSellerCustomers(one), scan)).map(
          (pair) => `${pair.tenantId.slice(-1)} ${pair.partnerId}`,
        );

      it.each([1, 2, 500])(
        'return partners in the order of their first events, those known at the position (%i a page)',
        async (limit) => {
          const positions = await append(
            partnerRegistered('z'),
            partnerRegistered('a'),
            partnerEvent('z', 'PartnerMembershipStarted', {}),
            partnerRegistered('m'),
          );
          const partners = async (scan: ScanQuery) =>
            (
              await scanned((one) => bench.readModels.scanPartners('tenure', one), {
                limit,
                ...scan,
              })
            ).map((one) => one.partnerId);
          expect(await partners({ knownAt: positions[3]! })).toEqual(['z', 'a', 'm']);
          expect(await partners({ knownAt: positions[2]! })).toEqual(['z', 'a']);
          expect(
            await partners({ knownAt: positions[3]!, partnerIds: ['m', 'z', 'x'].map(partnerId) }),
          ).toEqual(['z', 'm']);
          expect(await partners({ knownAt: positions[3]!, partnerIds: [] })).toEqual([]);
        },
      );

      it.each([1, 500])(
        'return sellers and customers with a relationship that was not reversed, or with an order (%i a page)',
        async (limit) => {
          const related = (number: number, partner: string) =>
            appendEach(
              log,
              customerEvent(number, 'CustomerPartnerRelationshipStarted', {
                partnerId: partner,
                from: '2026-01-01',
              }),
            );
          const [first] = await related(1, 'p1');
          const [second] = await related(2, 'p2');
          const [taken] = await append(
            customerEvent(1, 'CustomerPartnerRelationshipCorrected', {
              factId: first!.id,
              reason: 'r',
              retracted: true,
            }),
          );
          const [moved] = await append(
            customerEvent(2, 'CustomerPartnerRelationshipCorrected', {
              factId: second!.id,
              reason: 'r',
              value: { partnerId: 'p3' },
            }),
          );
          const orders = await append(
            customerRegistered(3),
            orderRefused(3, 1, ['agreement-missing'], 'p2'),
            orderPlaced(1, 2, 'p1'),
            orderPlaced(1, 3, 'p1'),
          );
          const at = (knownAt: Position, partnerIds?: readonly string[]) =>
            pairsAt({ knownAt, limit, partnerIds: partnerIds?.map(partnerId) });
          expect(await at(second!.position)).toEqual(['1 p1', '2 p2']);
          expect(await at(taken!)).toEqual(['2 p2']);
          expect(await at(moved!)).toEqual(['2 p3']);
          expect(await at(orders[1]!)).toEqual(['2 p3', '3 p2']);
          expect(await at(orders[3]!)).toEqual(['1 p1', '2 p3', '3 p2']);
          expect(await at(orders[3]!, ['p1', 'p2'])).toEqual(['1 p1', '3 p2']);
          expect(await at(orders[3]!, [])).toEqual([]);
          expect(tenant(1).at(-1)).toBe('1');
        },
      );
    });

    it('return the applications of a partner, and the assessments of all of them in the log’s order', async () => {
      const passed = Object.fromEntries(
        ['billing', 'provisioning', 'customerSupport', 'compliance', 'security'].map((one) => [
          one,
          'passed',
        ]),
      );
      const submitted = (number: number, partner: string) =>
        application(number, 'Submitted', {
          applicationId: application(number, '', {}).stream.slice('application-'.length),
          partnerId: partner,
          on: '2026-11-01',
        });
      const positions = await append(
        submitted(1, 'p'),
        submitted(2, 'p'),
        submitted(3, 'q'),
        application(2, 'CapabilitiesAssessed', { ...passed, assessor: 'second', on: '2026-11-02' }),
        application(3, 'CapabilitiesAssessed', {
          ...passed,
          assessor: 'another',
          on: '2026-11-02',
        }),
        application(1, 'CapabilitiesAssessed', { ...passed, assessor: 'first', on: '2026-11-03' }),
        application(1, 'Withdrawn', { on: '2026-11-04', reason: 'r' }),
      );
      const { readModels } = bench;
      const p = partnerId('p');
      const statuses = async (knownAt: Position) =>
        (await readModels.applicationsOf(p, knownAt)).map(({ status, steps }) => [
          status,
          steps.length,
        ]);
      // prettier-ignore
      expect(await statuses(positions[6]!)).toEqual([['withdrawn', 3], ['capabilities-assessed', 2]]);
      // prettier-ignore
      expect(await statuses(positions[5]!)).toEqual([['capabilities-assessed', 2], ['capabilities-assessed', 2]]);
      expect(await statuses(positions[0]!)).toEqual([['submitted', 1]]);
      expect((await readModels.applicationsOf(p, positions[3]!))[1]?.assessment?.assessor).toBe(
        'second',
      );
      const assessors = async (knownAt: Position) =>
        (await readModels.assessmentsOf(p, knownAt)).map(({ assessor }) => assessor);
      expect(await assessors(positions[6]!)).toEqual(['second', 'first']);
      expect(await assessors(positions[4]!)).toEqual(['second']);
    });
  });
}

/** The view's fields of a partner, without its signatories. */
const partnerOf = (view: PartnerView, { registration, models, directBill, facts }: Partner) => ({
  registration,
  models,
  ...(view === 'tenure' ? {} : { directBill }),
  facts: kept[view].map((kind) =>
    facts[kind].map(({ value, ...fact }) => ({ ...fact, value: { ...value, name: undefined } })),
  ),
});

/** The stored fields of a customer; of its observations, those that count on their own day. */
function customerOf({
  registration,
  agreements,
  observations,
  registrations,
  relationships,
  closed,
}: Customer) {
  const ofDay = Map.groupBy(observations, ({ observedOn }) => observedOn);
  const counting = [...ofDay].map(([day, all]) => [
    day,
    (all.findLast(({ associated }) => associated) ?? all.at(-1))?.proof,
  ]);
  return {
    registration,
    agreements: agreements.map(({ signatory: _signatory, ...agreement }) => agreement),
    observations: counting.sort(),
    registrations,
    relationships,
    closed,
  };
}
