import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '../../../libs/domain/program/default-policy.js';
import {
  payRevenue,
  recordRevenue,
  reverseRevenue,
  reviewRevenue,
} from '../../../libs/domain/qualification/revenue.decide.js';
import {
  amountsOfEntry,
  evolveRevenueEntry,
  newRevenueEntry,
  reviewStatusOn,
} from '../../../libs/domain/qualification/revenue-entry.js';
import type {
  RecordedRevenue,
  RevenueAmount,
  RevenueEntry,
  RevenueEvent,
} from '../../../libs/domain/qualification/revenue.js';
import { trailingRevenue } from '../../../libs/domain/qualification/trailing-revenue.js';
import { addDays, monthOf } from '../../../libs/domain/shared/calendar.js';
import { revenueIdOf } from '../../../libs/event-log/identity.js';
import { demonstration } from './demonstration.js';
import { demoBusinesses } from './revenue-businesses.js';
import { revenueChanges } from './revenue-changes.js';
import { usdPerUnit } from './exchange-rates.js';
import { entriesOf, threeYears } from './month-entries.js';
import { laterMonth, monthsThrough } from './months.js';
import { revenueCsv } from './revenue-csv.js';
import {
  fallingPartner,
  fallsBelowOn,
  firstMonthOfProject,
  greatProject,
  singleEntries,
} from './single-entries.js';
import { plainFigures } from './testing/plain-figures.js';

/** Months around the end of a year and a 29 February. */
const firstMonths = ['2026-11', '2027-12', '2028-01', '2028-02', '2028-03'];

/** The events of the demonstration as its commands decide them on its first day. */
function recorded(firstMonth: string): {
  readonly entries: readonly RevenueEntry[];
  readonly repeats: readonly RecordedRevenue[];
} {
  const latestToday = `${firstMonth}-01`;
  const rates = new Map(
    monthsThrough(laterMonth(firstMonth, -36), firstMonth).map(
      (month) => [month, { month, usdPerUnit: usdPerUnit(month) }] as const,
    ),
  );
  const program = { exchangeRates: rates } as unknown as Parameters<
    typeof recordRevenue
  >[1]['program']; // the sum does not use `proof`
  const entries = new Map<string, RevenueEntry>();
  const repeats: RecordedRevenue[] = [];
  for (const statement of [...singleEntries(firstMonth), ...threeYears(firstMonth)]) {
    const id = revenueIdOf(statement.partnerId, statement.source, statement.reference);
    const entry = recordRevenue(statement, { program, latestToday }, id);
    if (!entry.ok) throw new Error(`${statement.reference}: ${entry.refusal.code}`);
    if (entries.has(id)) repeats.push(entry.value);
    else entries.set(id, newRevenueEntry(entry.value));
  }
  for (const { partnerId, source, reference, change } of revenueChanges(firstMonth)) {
    const id = revenueIdOf(partnerId, source, reference);
    const entry = entries.get(id);
    const decided =
      change.type === 'reverse'
        ? reverseRevenue(change, entry)
        : change.type === 'review'
          ? reviewRevenue(change, entry)
          : payRevenue(change, entry, { latestToday });
    if (!decided.ok || decided.value.length !== 1)
      throw new Error(`${reference}: ${change.type} was refused`);
    for (const event of decided.value)
      entries.set(id, evolveRevenueEntry(entry, event as RevenueEvent) as RevenueEntry);
  }
  return { entries: [...entries.values()], repeats };
}

function figures(
  partnerId: string,
  { entries, repeats }: ReturnType<typeof recorded>,
  asOf: string,
) {
  const amounts: RevenueAmount[] = [
    ...entries
      .filter((entry) => entry.partnerId === partnerId)
      .flatMap((entry) => amountsOfEntry(entry, reviewStatusOn(entry.reviews, asOf))),
    ...repeats
      .filter((entry) => entry.partnerId === partnerId)
      .flatMap((entry) => amountsOfEntry(newRevenueEntry(entry), 'duplicate')),
  ];
  return trailingRevenue({ amounts, asOf, policy: defaultPolicy });
}

const centsOf = ({ amount }: { readonly amount: string }): bigint =>
  BigInt(amount.replace('.', ''));
const daysOf = (month: string): readonly string[] =>
  Array.from({ length: 31 }, (_, index) => addDays(`${month}-01`, index)).filter(
    (day) => monthOf(day) === month,
  );

describe.each(firstMonths)('the revenue of a demonstration that begins in %s', (firstMonth) => {
  const known = recorded(firstMonth);

  it('equals the plan on the first and on the last day of the month', () => {
    for (const { partnerId } of demoBusinesses) {
      for (const asOf of [daysOf(firstMonth)[0] ?? '', daysOf(firstMonth).at(-1) ?? '']) {
        const { total, paid, excluded } = figures(partnerId, known, asOf);
        const inCents = Object.fromEntries(
          excluded.map(({ reason, amount }) => [reason, centsOf(amount)]),
        );
        expect({ total: centsOf(total), paid: centsOf(paid), excluded: inCents }).toEqual(
          plainFigures(partnerId, firstMonth, asOf),
        );
      }
    }
  });

  it('has one partner above the threshold and one that falls below it on the day that `fallsBelowOn` names, on any day of the month', () => {
    for (const asOf of daysOf(firstMonth)) {
      expect(figures('sakura-systems', known, asOf)).toMatchObject({ meetsThreshold: true });
      expect(figures(fallingPartner, known, asOf)).toMatchObject({
        meetsThreshold: true,
        belowThresholdFrom: fallsBelowOn(firstMonth),
      });
    }
    const day = fallsBelowOn(firstMonth);
    expect(monthOf(day) > firstMonth).toBe(true);
    expect(
      [addDays(day, -1), day].map((asOf) => figures(fallingPartner, known, asOf).meetsThreshold),
    ).toEqual([true, false]);
  });

  it('has every reason for which an entry does not count', () => {
    expect(
      figures('sakura-systems', known, `${firstMonth}-01`).excluded.map(({ reason }) => reason),
    ).toEqual([
      'duplicate',
      'perpetual-software',
      'partner-owned',
      'not-as-indirect-reseller',
      'outside-window',
      'disallowed',
    ]);
  });
});

describe('the demonstration', () => {
  it('has its own key for every command', () => {
    const keys = demonstration('2027-03', '2026-11').map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('keeps its past when seeded again in a later month, and adds the months since', () => {
    const keys = demonstration('2026-11', '2026-11').map(({ key }) => key);
    const later = demonstration('2027-01', '2026-11').map(({ key }) => key);
    expect(later.filter((key) => key.startsWith('revenue/') && !keys.includes(key))).toEqual([
      'revenue/2026-11',
      'revenue/2026-12',
    ]);
    expect(later.filter((key) => key.endsWith('/rates') && !keys.includes(key))).toEqual([
      '2027-01/rates',
      '2026-12/rates',
    ]);
    expect(firstMonthOfProject(greatProject('2026-11'))).toBe('2026-11');
  });

  it('has no new sales of the partner that falls below, and continues with the others', () => {
    const partners = new Set(
      entriesOf('2026-12', '2026-11').map(({ partnerId }) => String(partnerId)),
    );
    expect(partners).toEqual(
      new Set(demoBusinesses.map(({ partnerId }) => partnerId).filter((id) => !stopped.has(id))),
    );
  });

  it('writes its entries as a file of revenue', () => {
    const [header, first, ...others] = Buffer.from(revenueCsv(threeYears('2026-11')))
      .toString()
      .trimEnd()
      .split('\r\n');
    expect(header).toBe(
      'partnerId,tenantId,amount,currency,recognizedOn,family,soldAs,source,reference',
    );
    expect(first).toBe(
      'sakura-systems,5e515500-0000-4000-8000-000000000002,302484,JPY,2023-11-02,cloud,indirect-reseller,"Partner Center, billed usage and licenses",sakura-systems/2023-11/1',
    );
    expect(others).toHaveLength(threeYears('2026-11').length - 1);
  });
});

const stopped = new Set([fallingPartner, 'ardoise-numerique']);
