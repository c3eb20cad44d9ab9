import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { projections } from '../projections/registry.js';
import { ordersProjection } from '../projections/orders.projection.js';
import { rowsOf, runOf } from '../testing/fold-in-memory.js';
import {
  customerEvent,
  customerRegistered,
  importChunk,
  importCompleted,
  logged,
  order,
  orderCancelled,
  orderPlaced,
  orderRefused,
  partnerEvent,
  partnerRegistered,
  priceListPublished,
  priceRow,
  type Told,
} from '../testing/sample-log.js';
import { eventsOfThisRelease } from './fold-batch.js';
import { foldBatch } from './fold-batch.js';

const some = fc.integer({ min: 1, max: 4 });
const partner = some.map((number) => `p${number}`);
const event: fc.Arbitrary<Told> = fc.oneof(
  some.map((number) => customerRegistered(number)),
  fc
    .tuple(some, fc.constantFrom('A', 'B'))
    .map(([number, legalName]) =>
      customerEvent(number, 'CustomerDetailsChanged', { legalName, domain: null }),
    ),
  fc.tuple(some, fc.boolean()).map(([number, associated]) =>
    customerEvent(number, 'TenantCspAssociationObserved', {
      associated,
      observedOn: '2026-01-01',
      source: 's',
    }),
  ),
  fc.tuple(some, some, partner).map(([number, of, by]) => orderPlaced(number, of, by)),
  fc.tuple(some, some).map(([number, of]) => orderRefused(number, of, ['agreement-missing'])),
  fc.tuple(some, some).map(([number, of]) => orderCancelled(number, of)),
  partner.map((id) => partnerRegistered(id)),
  partner.map((id) => partnerEvent(id, 'PartnerMembershipStarted', { from: '2026-01-01' })),
  fc
    .tuple(partner, partner)
    .map(([id, providerId]) =>
      partnerEvent(id, 'PartnerProviderRelationshipStarted', { providerId, from: '2026-01-01' }),
    ),
  fc
    .tuple(some, some)
    .map(([id, row]) => importChunk(`i${id}`, [priceRow(row), priceRow(row + 1)])),
  some.map((id) => importCompleted(`i${id}`)),
  some.map((id) => priceListPublished(`i${id}`)),
);

/** The events, split at these places. */
function cut(
  events: readonly LoggedEvent[],
  places: readonly number[],
): readonly (readonly LoggedEvent[])[] {
  const at = [
    ...new Set([0, ...places.map((place) => place % (events.length + 1)), events.length]),
  ].sort((a, b) => a - b);
  return at.slice(1).map((end, index) => events.slice(at[index], end));
}

describe('folding in batches', () => {
  it.each(projections.map((projection) => [projection.name, projection] as const))(
    '%s: any split gives the same rows',
    async (_name, projection) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(event, { maxLength: 40 }),
          fc.array(fc.nat(), { maxLength: 10 }),
          async (told, places) => {
            const events = logged(told);
            expect(await rowsOf(projection, events, cut(events, places))).toEqual(
              await rowsOf(projection, events),
            );
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it('loads a row once and writes it once, however many events change it', async () => {
    const loads: string[][] = [];
    const events = logged([
      orderPlaced(1, 1),
      orderCancelled(1, 1),
      orderCancelled(1, 1),
      orderCancelled(1, 2),
    ]);
    const { rows } = await foldBatch(
      ordersProjection,
      runOf(ordersProjection),
      events,
      eventsOfThisRelease,
      async (_table, keys) => {
        loads.push([...keys]);
        return new Map();
      },
    );
    expect(loads).toEqual([[order(1), order(2)]]);
    expect(rows.map(({ key, fresh }) => [key, fresh])).toEqual([[order(1), true]]);
  });

  it('moves the checkpoint past events that the projection does not read', async () => {
    const events = logged([
      orderPlaced(1, 1),
      partnerRegistered('p1'),
      { stream: 'program', type: 'DayStarted', data: { date: '2026-11-22' } },
    ]);
    const folded = await foldBatch(
      ordersProjection,
      runOf(ordersProjection),
      events,
      eventsOfThisRelease,
      async () => new Map(),
    );
    expect(folded.checkpoint).toEqual({ position: 2, eventId: events[2]!.id });
  });

  it.each([
    [
      'an unknown type in a stream that it reads',
      { ...orderPlaced(1, 2), type: 'OrderTeleported' },
      1,
    ],
    ['an unknown version of an event', { ...orderPlaced(1, 2), version: 2 }, 1],
    ['an event that the fold rejects', { ...orderPlaced(1, 2), data: {} }, 1],
    [
      'an unknown version of an event that it does not fold',
      { ...customerRegistered(1), version: 2 },
      undefined,
    ],
    [
      'an unknown type elsewhere',
      { stream: 'warehouse-1', type: 'Restocked', data: {} },
      undefined,
    ],
    [
      'an unknown type in a stream of another projection',
      { stream: 'partner-p1', type: 'PartnerTeleported', data: {} },
      undefined,
    ],
  ])('%s', async (_what, told, poisonAt) => {
    const events = logged([orderPlaced(1, 1), told, orderPlaced(1, 3)]);
    const folded = await foldBatch(
      ordersProjection,
      runOf(ordersProjection),
      events,
      eventsOfThisRelease,
      async () => new Map(),
    );
    expect(folded.poison?.position).toBe(poisonAt);
    expect(folded.checkpoint.position).toBe(poisonAt === undefined ? 2 : 0);
    expect(folded.rows).toHaveLength(poisonAt === undefined ? 2 : 1);
  });
});
