import { type LogRates, measureLog } from '../log.js';
import type { Comparison } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

const ONE = 'durable append, one at a time';
const MANY = 'durable appends, 64 in flight';

/** Compares durable appends with plain SQLite under the same pragmas and with the disk. */
export async function logChapter(circumstances: Circumstances): Promise<readonly Comparison[]> {
  const { quick, directory, progress } = circumstances;
  const report = (round: number, { one, many, append }: LogRates): void =>
    progress(
      `log: round ${round + 1}: one ${Math.round(one)}/s, 64 in flight ${Math.round(many)}/s, write + fdatasync ${Math.round(append)}/s`,
    );
  const measured = await measureLog({
    rounds: roundsOf(circumstances),
    roundMs: quick ? 300 : 1_000,
    directory,
    report,
  });

  const row = (
    id: string,
    work: string,
    ours: keyof LogRates,
    name: string,
    beside: keyof LogRates,
    atLeast?: number,
  ): Comparison => ({
    id,
    work,
    beside: name,
    unit: '/s',
    rounds: measured.map((rates) => ({ ours: rates[ours], beside: rates[beside] })),
    ...(atLeast === undefined ? {} : { target: { atLeast } }),
  });
  return [
    row('append-disk', ONE, 'one', 'the disk: 8 KiB write + fdatasync', 'append', 0.6),
    row(
      'append-disk-overwrite',
      ONE,
      'one',
      'the disk: overwrite of 8 KiB + fdatasync',
      'overwrite',
    ),
    row('append-plain', ONE, 'one', 'plain SQLite insert, a transaction each', 'plain'),
    row('appends-64-one', MANY, 'many', 'one at a time', 'one', 8),
    row('appends-64-plain', MANY, 'many', 'plain SQLite inserts, 64 a transaction', 'plain64'),
  ];
}
