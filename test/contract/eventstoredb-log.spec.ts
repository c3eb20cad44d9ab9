import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from '@jest/globals';
import { EventStoreDbLog } from '../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { MemoryPositionIndex } from '../../libs/event-log/eventstoredb/position-index.js';
import { EventStoreDouble } from '../double/event-store-double.js';
import { callFaults, deliveryFaults, type FaultKind } from '../double/faults.js';
import { eventLogContract, type LogTraits, type LogUnderTest } from './event-log.contract.js';

const traits: LogTraits = { guards: 'none', shared: true, remote: true };

eventLogContract('eventstoredb, on the protocol double', traits, (clock) => onDouble(clock));

/** Every fault except the one that no retry can repair. */
const kinds: readonly FaultKind[] = [
  ...callFaults.filter((kind) => kind !== 'access-denied'),
  ...deliveryFaults,
];
const SHARE = 0.05;
const met = new Map<FaultKind, number>();
let seed = Number(process.env['FAULT_SEED'] ?? 1);

eventLogContract(
  'eventstoredb, on the double with faults on every kind of call',
  { ...traits, faulty: true },
  (clock) =>
    onDouble(clock, ({ faults }) =>
      faults.atRandom({
        seed: seed++,
        share: SHARE,
        kinds,
        call: ['append', 'readStream', 'readAll', 'subscribeToAll'],
      }),
    ),
);

it('meets each of the faults', () => {
  expect(kinds.filter((kind) => !met.has(kind))).toEqual([]);
});

const server = process.env['EVENTSTOREDB_URL'];
if (server === undefined) it.skip('a real EventStoreDB: set EVENTSTOREDB_URL', () => undefined);
else
  eventLogContract('eventstoredb, on the real server', traits, (clock) => openLog(server, clock));

async function onDouble(
  clock: () => number,
  prepare: (double: EventStoreDouble) => void = () => undefined,
): Promise<LogUnderTest> {
  const double = await EventStoreDouble.start();
  prepare(double);
  const tested = await openLog(double.url, clock);
  return {
    ...tested,
    dispose: async () => {
      await tested.dispose();
      await double.stop();
      for (const [kind, hits] of double.faults.randomHits)
        met.set(kind, (met.get(kind) ?? 0) + hits);
    },
  };
}

/**
 * Each log has its own prefix; the first process keeps the index that all of its processes read.
 */
async function openLog(url: string, clock: () => number): Promise<LogUnderTest> {
  const prefix = `test-${randomUUID()}.`;
  const index = new MemoryPositionIndex();
  const open = (writesIndex: boolean): Promise<EventStoreDbLog> =>
    EventStoreDbLog.open({ url, prefix, clock, index, writesIndex });
  const opened = [await open(true)];
  return {
    log: opened[0]!,
    openSecond: async () => {
      const second = await open(false);
      opened.push(second);
      return second;
    },
    dispose: async () => {
      for (const log of opened) await log.close();
    },
  };
}

afterAll(() => {
  if (process.env['FAULTS_SHOWN']) console.log(Object.fromEntries(met));
});
