import { measureRebuild, type RebuildWork } from '../rebuild.js';
import type { Comparison } from '../report/comparison.js';
import { type Circumstances, roundsOf } from './chapter.js';

/**
 * Compares rebuilds of the read models with reading and parsing the same events, and replay with
 * the same folds in memory.
 */
export async function rebuildChapter(circumstances: Circumstances): Promise<readonly Comparison[]> {
  const { quick, directory, progress } = circumstances;
  const report = (line: string): void => progress(`rebuild: ${line}`);
  const measured = await measureRebuild({
    events: quick ? 20_000 : 100_000,
    rounds: roundsOf(circumstances),
    directory,
    report,
  });

  const rounds = (ours: RebuildWork, beside: RebuildWork): Comparison['rounds'] =>
    measured.map((rates) => ({ ours: rates[ours], beside: rates[beside] }));
  const target = { atLeast: 0.5 };
  return [
    // prettier-ignore
    { id: 'rebuild', work: 'rebuild of all projections, events', beside: 'reading and JSON-parsing them', unit: '/s', rounds: rounds('rebuild', 'read'), target },
    // prettier-ignore
    { id: 'replay', work: 'replay and fold from the log, events', beside: 'JSON.parse and fold in memory', unit: '/s', rounds: rounds('replay', 'inMemory'), target },
  ];
}
