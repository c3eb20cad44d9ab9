import { randomUUID } from 'node:crypto';
import { it } from '@jest/globals';
import { EventStoreDbLog } from '../../libs/event-log/eventstoredb/eventstoredb-log.js';
import { MemoryLogIndex } from '../../libs/event-log/eventstoredb/memory-log-index.js';
import { EventStoreDouble } from '../double/event-store-double.js';
import { eventLogContract, type LogTraits, type LogUnderTest } from './event-log.contract.js';

const traits: LogTraits = { guards: 'none', shared: true, remote: true };

eventLogContract('eventstoredb, on the protocol double', traits, async (clock) => {
  const double = await EventStoreDouble.start();
  const tested = await openLog(double.url, clock);
  return {
    ...tested,
    dispose: async () => {
      await tested.dispose();
      await double.stop();
    },
  };
});

const server = process.env['EVENTSTOREDB_URL'];
if (server === undefined) it.skip('a real EventStoreDB: set EVENTSTOREDB_URL', () => undefined);
else eventLogContract('eventstoredb, on the real server', traits, (clock) => openLog(server, clock));

/** Each log under its own prefix; the first process keeps the index that all of its processes read. */
async function openLog(url: string, clock: () => number): Promise<LogUnderTest> {
  const prefix = `test-${randomUUID()}.`;
  const index = new MemoryLogIndex();
  const open = (keepsIndex: boolean): Promise<EventStoreDbLog> => EventStoreDbLog.open({ url, prefix, clock, index, keepsIndex });
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
