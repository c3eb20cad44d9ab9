import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '../program/default-policy.js';
import type { Policy } from '../program/policy.js';
import type { RevenueAmount } from './revenue.js';
import { trailingRevenue, type TrailingRevenue } from './trailing-revenue.js';

type Sold = Partial<RevenueAmount> & Pick<RevenueAmount, 'on' | 'usd'>;

const amount = (sold: Sold): RevenueAmount => ({
  kind: 'recorded',
  family: 'cloud',
  soldAs: 'indirect-reseller',
  status: 'counted',
  ...sold,
});
const figures = (
  asOf: string,
  sold: readonly Sold[],
  changes: Partial<Policy> = {},
): TrailingRevenue =>
  trailingRevenue({ amounts: sold.map(amount), asOf, policy: { ...defaultPolicy, ...changes } });

const calendar = { revenueWindow: 'calendar-months' } as const;
const paid = { revenueBasis: 'paid' } as const;

describe('trailing revenue', () => {
  it('is zero for a partner that sold nothing', () => {
    const { months, ...rest } = figures('2026-11-22', []);
    const nothing = { amount: '0.00', currency: 'USD' };
    expect(rest).toEqual({
      window: { from: '2025-11-23', to: '2026-11-22' },
      total: nothing,
      billed: nothing,
      paid: nothing,
      threshold: { amount: '300000.00', currency: 'USD' },
      shortfall: { amount: '300000.00', currency: 'USD' },
      share: '0.0000',
      meetsThreshold: false,
      excluded: [],
    });
    expect(months.map(({ month }) => month)).toEqual(
      '2025-12 2026-01 2026-02 2026-03 2026-04 2026-05 2026-06 2026-07 2026-08 2026-09 2026-10 2026-11'.split(
        ' ',
      ),
    );
  });

  it.each([
    ['299999.99', '0.01', '1.0000', false],
    ['300000.00', '0.00', '1.0000', true],
    ['300000.01', '0.00', '1.0000', true],
    ['150000.00', '150000.00', '0.5000', false],
    ['-10.00', '300010.00', '0.0000', false],
  ])('%s falls short by %s', (usd, shortfall, share, meetsThreshold) => {
    const answer = figures('2026-11-22', [{ on: '2026-11-01', usd }]);
    expect([answer.shortfall.amount, answer.share, answer.meetsThreshold]).toEqual([
      shortfall,
      share,
      meetsThreshold,
    ]);
  });

  it.each<[string, Sold, Partial<Policy>, string, string | undefined]>([
    ['cloud', { on: '2026-11-22', usd: '7.00' }, {}, '7.00', undefined],
    ['on the first day', { on: '2025-11-23', usd: '7.00' }, {}, '7.00', undefined],
    ['the day before', { on: '2025-11-22', usd: '7.00' }, {}, '0.00', 'outside-window'],
    ['the day after', { on: '2026-11-23', usd: '7.00' }, {}, '0.00', 'outside-window'],
    ['in the last whole month', { on: '2026-10-31', usd: '7.00' }, calendar, '7.00', undefined],
    ['in the month itself', { on: '2026-11-01', usd: '7.00' }, calendar, '0.00', 'outside-window'],
    ['in the first whole month', { on: '2025-11-01', usd: '7.00' }, calendar, '7.00', undefined],
    ['before it', { on: '2025-10-31', usd: '7.00' }, calendar, '0.00', 'outside-window'],
    [
      'software',
      { on: '2026-11-01', usd: '7.00', family: 'perpetual-software' },
      {},
      '0.00',
      'perpetual-software',
    ],
    [
      'software, if allowed',
      { on: '2026-11-01', usd: '7.00', family: 'perpetual-software' },
      { excludedFamilies: [] },
      '7.00',
      undefined,
    ],
    [
      'cloud, if excluded',
      { on: '2026-11-01', usd: '7.00' },
      { excludedFamilies: ['cloud'] },
      '0.00',
      'cloud',
    ],
    [
      'its own offers',
      { on: '2026-11-01', usd: '7.00', family: 'partner-owned' },
      { excludedFamilies: [] },
      '0.00',
      'partner-owned',
    ],
    [
      'sold directly',
      { on: '2026-11-01', usd: '7.00', soldAs: 'direct-bill' },
      {},
      '0.00',
      'not-as-indirect-reseller',
    ],
    [
      'sold as a provider',
      { on: '2026-11-01', usd: '7.00', soldAs: 'indirect-provider' },
      {},
      '0.00',
      'not-as-indirect-reseller',
    ],
    [
      'disallowed',
      { on: '2026-11-01', usd: '7.00', status: 'disallowed' },
      {},
      '0.00',
      'disallowed',
    ],
    [
      'recorded again',
      { on: '2026-11-01', usd: '7.00', status: 'duplicate' },
      {},
      '0.00',
      'duplicate',
    ],
    ['a credit', { on: '2026-11-01', usd: '-7.00' }, {}, '-7.00', undefined],
    ['a reversal', { on: '2026-11-01', usd: '7.00', kind: 'reversed' }, {}, '-7.00', undefined],
    [
      'a reversal of software',
      { on: '2026-11-01', usd: '7.00', kind: 'reversed', family: 'perpetual-software' },
      {},
      '0.00',
      'perpetual-software',
    ],
    ['a payment', { on: '2026-11-01', usd: '7.00', kind: 'paid' }, paid, '7.00', undefined],
    [
      'a reversal of what was paid',
      { on: '2026-11-01', usd: '7.00', kind: 'reversed' },
      paid,
      '-7.00',
      undefined,
    ],
  ])('%s: %o', (_what, sold, policy, total, reason) => {
    const answer = figures('2026-11-22', [sold], policy);
    expect(answer.total.amount).toBe(total);
    expect(answer.excluded.map((excluded) => excluded.reason)).toEqual(
      reason === undefined ? [] : [reason],
    );
  });

  it.each<[string, Partial<RevenueAmount>]>([
    [
      'duplicate',
      {
        status: 'duplicate',
        family: 'perpetual-software',
        soldAs: 'direct-bill',
        on: '2020-01-01',
      },
    ],
    [
      'perpetual-software',
      {
        status: 'disallowed',
        family: 'perpetual-software',
        soldAs: 'direct-bill',
        on: '2020-01-01',
      },
    ],
    ['not-as-indirect-reseller', { status: 'disallowed', soldAs: 'direct-bill', on: '2020-01-01' }],
    ['outside-window', { status: 'disallowed', on: '2020-01-01' }],
    ['disallowed', { status: 'disallowed' }],
  ])('reports the first of several reasons: %s', (reason, sold) => {
    const { excluded } = figures('2026-11-22', [{ on: '2026-11-01', usd: '7.00', ...sold }]);
    expect(excluded).toEqual([{ reason, amount: { amount: '7.00', currency: 'USD' } }]);
  });

  it('returns the billed and the paid amount, on any basis', () => {
    const sold: readonly Sold[] = [
      { on: '2026-10-31', usd: '100.00' },
      { on: '2026-11-15', usd: '30.00', kind: 'reversed' },
      { on: '2026-11-20', usd: '60.00', kind: 'paid' },
    ];
    const shown = (policy: Partial<Policy>): readonly string[] => {
      const answer = figures('2026-11-22', sold, policy);
      return [answer.total.amount, answer.billed.amount, answer.paid.amount];
    };
    expect(shown({})).toEqual(['70.00', '70.00', '30.00']);
    expect(shown(paid)).toEqual(['30.00', '70.00', '30.00']);
  });

  it('names an unpaid entry nowhere when payments count', () => {
    const { total, excluded } = figures('2026-11-22', [{ on: '2020-01-01', usd: '7.00' }], paid);
    expect([total.amount, excluded]).toEqual(['0.00', []]);
  });

  it.each([
    ['2023-03-29', 0],
    ['2023-03-30', 1],
    ['2024-01-29', 10],
    ['2024-01-30', 11],
    ['2024-02-29', 11],
  ])('of 2024-02-29 counts %s in part %d', (on, part) => {
    const { months } = figures('2024-02-29', [{ on, usd: '7.00' }]);
    expect(months.findIndex((month) => month.amount.amount === '7.00')).toBe(part);
  });

  it('counts direct-bill sales in the yearly re-check', () => {
    const sold = [amount({ on: '2026-11-01', usd: '7.00', soldAs: 'direct-bill' })];
    const answer = trailingRevenue({
      amounts: sold,
      asOf: '2026-11-22',
      policy: defaultPolicy,
      countedModels: ['indirect-reseller', 'direct-bill'],
    });
    expect(answer.total.amount).toBe('7.00');
  });
});

describe('the day from which the window is below the threshold', () => {
  const hundred = { trailingRevenueThreshold: '100.00' };

  it.each<[string, string, readonly Sold[], Partial<Policy>, string | undefined]>([
    [
      'is a year after the amount that reaches the threshold',
      '2026-03-31',
      [{ on: '2025-04-01', usd: '100.00' }],
      {},
      '2026-04-01',
    ],
    [
      'comes when the rest no longer reaches the threshold',
      '2026-03-31',
      [
        { on: '2025-05-01', usd: '0.01' },
        { on: '2025-06-01', usd: '99.99' },
      ],
      {},
      '2026-05-01',
    ],
    [
      'comes later when the rest reaches the threshold',
      '2026-03-31',
      [
        { on: '2025-05-01', usd: '0.01' },
        { on: '2025-06-01', usd: '100.00' },
      ],
      {},
      '2026-06-01',
    ],
    [
      'is 1 March for a leap day',
      '2024-03-31',
      [{ on: '2024-02-29', usd: '100.00' }],
      {},
      '2025-03-01',
    ],
    [
      'is 28 February for the day before a leap day',
      '2024-03-31',
      [{ on: '2024-02-28', usd: '100.00' }],
      {},
      '2025-02-28',
    ],
    [
      'is none when it is below already',
      '2026-03-31',
      [{ on: '2025-04-01', usd: '99.99' }],
      {},
      undefined,
    ],
    [
      'is none for a threshold of zero',
      '2026-03-31',
      [{ on: '2025-04-01', usd: '5.00' }],
      { trailingRevenueThreshold: '0.00' },
      undefined,
    ],
    [
      'ignores later amounts',
      '2026-03-31',
      [
        { on: '2025-04-01', usd: '100.00' },
        { on: '2026-04-01', usd: '100.00' },
      ],
      {},
      '2026-04-01',
    ],
    [
      'ignores later reversals',
      '2026-03-31',
      [
        { on: '2025-05-01', usd: '100.00' },
        { on: '2026-04-01', usd: '1.00', kind: 'reversed' },
      ],
      {},
      '2026-05-01',
    ],
    [
      'leaves out amounts that do not count',
      '2026-03-31',
      [
        { on: '2025-05-01', usd: '100.00' },
        { on: '2026-03-01', usd: '100.00', soldAs: 'direct-bill' },
      ],
      {},
      '2026-05-01',
    ],
    [
      'leaves out disallowed amounts',
      '2026-03-31',
      [
        { on: '2025-05-01', usd: '100.00' },
        { on: '2026-03-01', usd: '100.00', status: 'disallowed' },
      ],
      {},
      '2026-05-01',
    ],
    [
      // 29 February and 1 March leave together: the sum of 50.00 between them is that of no day.
      'is that of a whole day',
      '2024-12-31',
      [
        { on: '2024-02-29', usd: '50.00' },
        { on: '2024-03-01', usd: '-50.00' },
        { on: '2024-12-01', usd: '100.00' },
      ],
      {},
      '2025-12-01',
    ],
    [
      'is the first of a month',
      '2026-03-31',
      [{ on: '2025-04-15', usd: '100.00' }],
      calendar,
      '2026-05-01',
    ],
    [
      'waits for the end of the current month',
      '2026-03-31',
      [
        { on: '2025-03-15', usd: '100.00' },
        { on: '2026-03-31', usd: '100.00' },
      ],
      calendar,
      '2027-04-01',
    ],
    [
      'does not use days after the date within its month',
      '2026-03-15',
      [
        { on: '2025-03-15', usd: '100.00' },
        { on: '2026-03-16', usd: '100.00' },
      ],
      calendar,
      '2026-04-01',
    ],
  ])('%s', (_what, asOf, sold, policy, from) => {
    expect(figures(asOf, sold, { ...hundred, ...policy }).belowThresholdFrom).toBe(from);
  });

  it('stays within the calendar', () => {
    expect(
      figures('9999-12-30', [{ on: '9999-12-01', usd: '100.00' }], hundred).belowThresholdFrom,
    ).toBeUndefined();
    expect(
      figures('9999-12-30', [{ on: '9999-12-01', usd: '100.00' }], { ...hundred, ...calendar })
        .total.amount,
    ).toBe('0.00');
  });
});
