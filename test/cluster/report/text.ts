import type { Verdict } from '../check/finding.js';
import type { Evidence } from '../evidence/evidence.js';
import type { Ledger } from '../load/ledger.js';
import {
  type FaultLine,
  faultLines,
  latencies,
  longestGap,
  outcomes,
  percentile,
} from './metrics.js';

export interface Ran {
  readonly topology: string;
  readonly seed: number;
  readonly processes: string;
  /** How often nodes of the log's servers asked for a restart. */
  readonly nodeRestarts: number;
  readonly evidence: Evidence;
  readonly ledger: Ledger;
  readonly verdicts: readonly Verdict[];
  readonly beganAtMs: number;
  readonly overAtMs: number;
}

/** The report shows this many findings of each guarantee; the evidence has all of them. */
const FINDINGS_SHOWN = 10;

export function reportText({
  topology,
  seed,
  processes,
  nodeRestarts,
  evidence,
  ledger,
  verdicts,
  beganAtMs,
  overAtMs,
}: Ran): string {
  const { asked, log, servedAgain, reads } = evidence;
  const faults = servedAgain.map(({ fault }) => fault);
  const gap = longestGap(ledger.servedAtMs, beganAtMs, overAtMs);
  const { calmMs, faultMs } = latencies(asked, faults);
  const tries = asked.reduce((sum, one) => sum + one.tries.length, 0);
  const repeated = asked.filter(
    ({ tries: [first] }) => first && (!first.answer || first.answer.status >= 500),
  ).length;
  const count = (type: string): number => log.filter((event) => event.type === type).length;
  return [
    `== ${topology}, seed ${seed}: ${processes}`,
    `${faults.length} faults in ${seconds(overAtMs - beganAtMs)}; ${ledger.histories} histories, ${asked.length} commands in ${tries} sendings (${repeated} without a known outcome at first), ${reads.length} reads; ${log.length} events`,
    `${count('OrderPlaced')} orders placed, ${count('OrderRefused')} refused, ${count('OrderVoided')} voided, ${count('OrderCancelled')} cancelled`,
    ...(nodeRestarts > 0
      ? [
          `nodes of the log ended ${nodeRestarts} times by themselves, to discard writes that the others lack, and were restarted`,
        ]
      : []),
    `longest gap in service: ${seconds(gap.ms)}, ${seconds(gap.fromMs - beganAtMs)} after the beginning`,
    `orders answered at the first sending, without a fault:     ${spread(calmMs)}`,
    `orders answered at the first sending, during a fault:      ${spread(faultMs)}`,
    '',
    ...table([
      ['fault', 'targets', 'duration', 'gap in service', 'all serve again after'],
      ...faultLines(servedAgain, ledger.servedAtMs).map(faultCells),
    ]),
    '',
    ...table([
      ['answer', 'count'],
      ...outcomes(asked).map(([outcome, times]) => [outcome, String(times)]),
    ]),
    '',
    ...table([
      ['guarantee', 'checks', 'findings'],
      ...verdicts.map(({ guarantee, looked, findings }) => [
        guarantee,
        String(looked),
        String(findings.length),
      ]),
    ]),
    ...verdicts.flatMap(({ guarantee, findings }) =>
      findings.slice(0, FINDINGS_SHOWN).map(({ what }) => `FINDING (${guarantee}): ${what}`),
    ),
  ].join('\n');
}

const faultCells = ({ kind, hit, tookMs, gapMs, servedAgainMs }: FaultLine): readonly string[] => [
  kind,
  hit.join(' '),
  seconds(tookMs),
  seconds(gapMs),
  servedAgainMs === undefined ? 'never' : seconds(servedAgainMs),
];

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function spread(values: readonly number[]): string {
  const [p50, p95, p99, most] = [50, 95, 99, 100].map((percent) => percentile(values, percent));
  return values.length === 0
    ? 'none'
    : `${values.length}, p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, at most ${most} ms`;
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
