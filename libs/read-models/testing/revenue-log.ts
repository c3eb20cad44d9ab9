import fc from 'fast-check';
import type {
  RecordedRevenue,
  RevenueAmount,
  RevenueEntry,
  RevenueRow,
  ReviewOutcome,
} from '../../domain/qualification/revenue.js';
import {
  amountsOfEntry,
  evolveRevenueEntry,
  newRevenueEntry,
  reviewStatusOn,
} from '../../domain/qualification/revenue-entry.js';
import { usdOf } from '../../domain/qualification/usd-cents.js';
import { addDays, monthOf } from '../../domain/shared/calendar.js';
import { type PartnerId, partnerId, tenantId } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { revenueIdOf } from '../../event-log/identity.js';
import { importChunk, importCompleted, priceRow, type Told } from './sample-log.js';

const PARTNERS = ['p', 'p-1', 'p.2'].map(partnerId);
const IMPORTS = ['i1', 'i2', 'i3', 'i4'];

const stated = fc.record({
  partner: fc.constantFrom(...PARTNERS),
  reference: fc.nat(5),
  cents: fc.integer({ min: -500, max: 2_000 }),
  // Mostly few days, so that many events fall into one sum; otherwise any day.
  on: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('2024-12-31', '2025-01-15', '2025-01-31') },
    {
      weight: 1,
      arbitrary: fc.integer({ min: -800, max: 800 }).map((days) => addDays('2025-06-30', days)),
    },
  ),
  family: fc.constantFrom<RecordedRevenue['family'][]>(
    'cloud',
    'cloud',
    'perpetual-software',
    'partner-owned',
  ),
  soldAs: fc.constantFrom<RecordedRevenue['soldAs'][]>(
    'indirect-reseller',
    'indirect-reseller',
    'direct-bill',
    'indirect-provider',
  ),
});
type Stated = typeof stated extends fc.Arbitrary<infer One> ? One : never;

/**
 * A generated event. Impossible ones (a reversal of a missing entry, rows after an import's end)
 * add nothing.
 */
const attempt = fc.oneof(
  { weight: 4, arbitrary: stated.map((one) => ({ does: 'record' as const, one })) },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('chunk' as const),
      id: fc.constantFrom(...IMPORTS),
      rows: fc.array(stated, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('complete' as const),
      id: fc.constantFrom(...IMPORTS),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'price-list' as const }) },
  { weight: 3, arbitrary: stated.map((one) => ({ does: 'reverse' as const, one })) },
  { weight: 3, arbitrary: stated.map((one) => ({ does: 'pay' as const, one })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        stated,
        fc.constantFrom<ReviewOutcome[]>('under-review', 'disallowed', 'disallowed', 'confirmed'),
      )
      .map(([one, outcome]) => ({ does: 'review' as const, one, outcome })),
  },
);
type Attempt = typeof attempt extends fc.Arbitrary<infer One> ? One : never;

/**
 * Logs of the revenue of several partners, with interleaved imports, complete or not, and with
 * repeated entries.
 */
export const revenueLogs: fc.Arbitrary<readonly Told[]> = fc
  .array(attempt, { maxLength: 40, size: 'max' })
  .map((attempts) => {
    const told: Told[] = [];
    const world = new PlainRevenue();
    for (const one of attempts) {
      for (const event of toldBy(one, world)) {
        told.push(event);
        world.fold(event);
      }
    }
    return told;
  });

function toldBy(one: Attempt, world: PlainRevenue): readonly Told[] {
  switch (one.does) {
    case 'record':
      return [revenueRecorded(recordedOf(one.one))];
    case 'chunk':
      return world.isOpen(one.id)
        ? [
            importChunk(
              one.id,
              one.rows.map((row, index): RevenueRow => ({ row: index + 1, ...recordedOf(row) })),
            ),
          ]
        : [];
    case 'complete':
      return world.isOpen(one.id) ? [importCompleted(one.id, 'revenue')] : [];
    case 'price-list':
      return [importChunk('prices', [priceRow(1)]), importCompleted('prices')];
    default:
      return world.entry(recordedOf(one.one).revenueId) ? [becameOf(one)] : [];
  }
}

function becameOf(
  one: Extract<Attempt, { one: Stated }> & {
    readonly does: 'record' | 'reverse' | 'pay' | 'review';
  },
): Told {
  const { revenueId, amount, usdAmount, partnerId: partner } = recordedOf(one.one);
  const stream = `revenue-${partner}`;
  const { on } = one.one;
  if (one.does === 'reverse')
    return {
      stream,
      type: 'RevenueReversed',
      data: { revenueId, amount, usdAmount, on, reason: 'returned' },
    };
  if (one.does === 'pay')
    return { stream, type: 'RevenuePaid', data: { revenueId, amount, usdAmount, paidOn: on } };
  const outcome = 'outcome' in one ? one.outcome : 'confirmed';
  return { stream, type: 'RevenueReviewed', data: { revenueId, outcome, on, reason: 'reviewed' } };
}

export const revenueRecorded = (data: RecordedRevenue): Told => ({
  stream: `revenue-${data.partnerId}`,
  type: 'RevenueRecorded',
  data,
});

export function recordedOf({
  partner,
  reference,
  cents,
  on,
  family,
  soldAs,
}: Stated): RecordedRevenue {
  const amount = usdOf(BigInt(cents));
  return {
    revenueId: revenueIdOf(partner, 'crm', String(reference)),
    partnerId: partner,
    tenantId: tenantId('aaaaaaaa-0000-4000-8000-000000000001'),
    amount,
    usdAmount: amount,
    usdPerUnit: '1',
    rateMonth: monthOf(on),
    recognizedOn: on,
    family,
    soldAs,
    source: 'crm',
    reference: String(reference),
  };
}

type Event = Pick<LoggedEvent, 'type' | 'data'> & { readonly stream: string };

/** The simplest model: each entry counts by itself, and an import's rows count at its end. */
export class PlainRevenue {
  private readonly entries = new Map<string, RevenueEntry>();
  private readonly repeats: RecordedRevenue[] = [];
  private readonly open = new Map<string, RevenueRow[]>();
  private readonly completed = new Set<string>();

  static of(events: readonly Event[]): PlainRevenue {
    const plain = new PlainRevenue();
    for (const event of events) plain.fold(event);
    return plain;
  }

  fold({ stream, type, data }: Event): void {
    const importId = stream.slice('import-'.length);
    if (type === 'ImportChunkAdded')
      this.open.set(importId, [
        ...(this.open.get(importId) ?? []),
        ...(data as { rows: RevenueRow[] }).rows,
      ]);
    else if (type === 'ImportCompleted') this.complete(importId, (data as { kind: string }).kind);
    else if (type === 'RevenueRecorded') this.record(data as RecordedRevenue);
    else this.become({ type, data } as never);
  }

  isOpen(importId: string): boolean {
    return !this.completed.has(importId);
  }

  entry(revenueId: string): RevenueEntry | undefined {
    return this.entries.get(revenueId);
  }

  partners(): readonly PartnerId[] {
    return [...new Set([...this.entries.values()].map((entry) => entry.partnerId))].sort();
  }

  amounts(partner: PartnerId, asOf: string): readonly RevenueAmount[] {
    const of = ({ partnerId: owner }: RecordedRevenue): boolean => owner === partner;
    return [
      ...this.repeats
        .filter(of)
        .flatMap((one) => amountsOfEntry(newRevenueEntry(one), 'duplicate')),
      ...[...this.entries.values()]
        .filter(of)
        .flatMap((entry) => amountsOfEntry(entry, reviewStatusOn(entry.reviews, asOf))),
    ];
  }

  private complete(importId: string, kind: string): void {
    this.completed.add(importId);
    if (kind === 'revenue')
      for (const { row: _, ...recorded } of this.open.get(importId) ?? []) this.record(recorded);
  }

  private record(recorded: RecordedRevenue): void {
    if (this.entries.has(recorded.revenueId)) this.repeats.push(recorded);
    else this.entries.set(recorded.revenueId, newRevenueEntry(recorded));
  }

  private become(event: Parameters<typeof evolveRevenueEntry>[1]): void {
    const entry = evolveRevenueEntry(this.entries.get(event.data.revenueId), event);
    if (entry) this.entries.set(entry.revenueId, entry);
  }
}

export const revenuePartners = PARTNERS;
