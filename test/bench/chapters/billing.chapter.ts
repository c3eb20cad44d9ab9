import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Ran } from '../children/billing-run.child.js';
import { Child } from '../children/child.js';
import type { Line } from '../report/comparison.js';
import type { Circumstances } from './chapter.js';

const CHARGES = 10;
const MEMORY_MIB = 400;

/**
 * A billing run of 100,000 subscriptions of 10,000 payers, compared with the same appends without the
 * run: both with as many appends at the same time.
 */
export async function billingChapter({
  quick,
  directory,
  progress,
}: Circumstances): Promise<readonly Line[]> {
  const payers = quick ? 1_000 : 10_000;
  const dataDir = join(directory, 'billing');
  mkdirSync(dataDir);
  const start = () =>
    Child.start(new URL('../children/billing-run.child.js', import.meta.url), {
      env: { DATA_DIR: dataDir, PAYERS: String(payers), CHARGES: String(CHARGES) },
    });
  progress(`billing: recording the charges of ${payers} payers`);
  const preparing = await start();
  await preparing.ask('prepare');
  await preparing.end();
  // A process of its own, so that its memory is that of the run.
  const child = await start();
  try {
    progress('billing: running');
    const run = await child.ask<Ran>('run');
    progress('billing: appending the same events');
    const beside = await child.ask<Ran>('replay');
    const subscriptions = (payers * CHARGES).toLocaleString('en-US');
    return [
      {
        id: 'billing-run',
        work: `events of a billing run of ${subscriptions} subscriptions of ${payers.toLocaleString('en-US')} payers`,
        beside: 'the same appends to an empty log',
        unit: '/s',
        rounds: [{ ours: run.perSecond, beside: beside.perSecond }],
        target: { atLeast: 0.3 },
        notes: [
          `${run.events.toLocaleString('en-US')} events in ${(run.events / run.perSecond).toFixed(1)} s; ${microsOf(run)} µs of the main thread an event, ${microsOf(beside)} µs without the run`,
        ],
      },
      {
        id: 'billing-run-memory',
        work: 'MiB resident during the run, with the read models in a worker thread',
        beside: `the limit of ${MEMORY_MIB} MiB`,
        unit: 'count',
        rounds: [{ ours: run.memoryMiB, beside: MEMORY_MIB }],
        target: { atMost: 1 },
        notes: [
          `${run.preparedMiB.toFixed(0)} MiB before the run; ${run.heapMiB.toFixed(0)} MiB of heap on the main thread after it`,
        ],
      },
    ];
  } finally {
    await child.end();
  }
}

const microsOf = ({ mainMicros, events }: Ran): string => (mainMicros / events).toFixed(0);
