import type { Comparisons } from '../billing/reconciliation/comparison.js';
import { describe, expect, it } from '@jest/globals';
import type { ReadModels, VoidSeen } from '../../read-models/read-models.js';
import type { DecisionLog } from '../engine/commands/decision-log.js';
import type { OrderValidator } from '../gate/order-validator.js';
import type { ProgramHistory } from '../records/program-history.js';
import { LogClock } from '../engine/time/clock.js';
import type { Report } from './report.js';
import { Reports } from './reports.js';

const report: Report = {
  name: 'sample',
  version: 1,
  summary: '',
  columns: [],
  hasPeriod: true,
  async *pages() {
    yield [];
  },
};

/** Reports on a log without guards, whose validator has judged all orders and voided these. */
function opened(voids: readonly VoidSeen[] | undefined) {
  const reached: number[] = [];
  const validator = voids && {
    reach: async (position: number) => void reached.push(position),
    seen: () => ({ through: 99, voids }),
  };
  const clock = new LogClock();
  clock.setAt('2026-11-22T10:00:00.000Z');
  // Opening a report uses only these parts.
  const reports = new Reports(
    {} as ReadModels,
    {} as Comparisons,
    { resolve: async () => 10, at: async () => ({}) } as unknown as ProgramHistory,
    clock,
    {
      validator,
    } as unknown as DecisionLog<OrderValidator>,
  );
  return { reports, reached };
}

describe('a report that is opened', () => {
  it.each<[string, readonly VoidSeen[] | undefined, number, readonly number[]]>([
    ['on a log with guards, which has no voids', undefined, 10, []],
    ['with no voids', [], 10, [10]],
    ['with a void up to knownAt', [{ order: 3, voided: 4 }], 10, [10]],
    ['with a void after knownAt, of its last order', [{ order: 10, voided: 12 }], 12, [10]],
    ['with a void of an order after knownAt', [{ order: 11, voided: 12 }], 10, [10]],
    [
      'with several voids, of which the last counts',
      [
        { order: 9, voided: 14 },
        { order: 8, voided: 11 },
      ],
      14,
      [10],
    ],
  ])('%s', async (_title, voids, foldedThrough, waitedFor) => {
    const { reports, reached } = opened(voids);
    const { query } = await reports.open(report, {}, 10);
    expect(query).toMatchObject({ knownAt: 10, foldedThrough, asOf: '2026-11-22' });
    expect(reached).toEqual(waitedFor);
  });

  it('uses asOf as the date and the latest date', async () => {
    const { query } = await opened(undefined).reports.open(report, { asOf: '2025-02-28' }, 10);
    expect(query).toMatchObject({
      asOf: '2025-02-28',
      time: { date: '2025-02-28', latestDate: '2025-02-28' },
    });
  });
});
