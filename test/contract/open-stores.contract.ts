import { describe, expect, it } from '@jest/globals';
import { commandId, eventId, streamName } from '../../libs/domain/shared/ids.js';
import { openReadModelsOver } from '../../libs/read-models/composition/open-read-models.js';
import { openStores, type StoresAt } from '../../libs/read-models/composition/open-stores.js';
import type { ReadModelReport } from '../../libs/read-models/report.js';
import { memoryLog } from '../../libs/read-models/testing/bench.js';
import { order, orderPlaced, appendEach } from '../../libs/read-models/testing/sample-log.js';

export interface Place {
  readonly at: StoresAt;
  readonly dispose: () => Promise<void>;
}

const row = {
  position: 0,
  commit: 1n,
  prepare: 1n,
  eventId: eventId('e0'),
  stream: streamName('program'),
  revision: 0,
  type: 'LogCreated',
  commandId: commandId('c'),
  commandIndex: 0,
  recordedThroughMs: 1,
};
const snapshot = { revision: 0, eventId: eventId('e0'), state: '{}' };

/**
 * Stores that are opened before the log and closed after it, with read models over them in between.
 */
export function openStoresContract(name: string, makePlace: () => Promise<Place>): void {
  describe(`stores opened beside a log: ${name}`, () => {
    it('outlive the read models over them, and keep their rows', async () => {
      const { at, dispose } = await makePlace();
      const reports: ReadModelReport[] = [];
      const report = (one: ReadModelReport) => void reports.push(one);
      const log = memoryLog();
      const stores = await openStores(at, report);
      const { readModels, close } = openReadModelsOver(stores, { log, project: true, report });
      const [placed] = await appendEach(log, orderPlaced(1, 1));
      await readModels.waitFor(placed!.position);
      await close();
      await expect(readModels.listOrders({})).rejects.toThrow();

      // The log and the processes may still write while the read models are closed.
      expect(await stores.positionIndex.add([row], undefined)).toBe('added');
      await stores.processCheckpoints.moveTo('standing', { position: 0, eventId: eventId('e0') });
      stores.snapshots.put(streamName('program'), 1, snapshot);
      await stores.close();
      await stores.close();

      const again = await openStores(at, report);
      expect(await again.positionIndex.last()).toEqual(row);
      expect(await again.processCheckpoints.get('standing')).toEqual({
        position: 0,
        eventId: 'e0',
      });
      expect(await again.snapshots.get(streamName('program'), 1)).toEqual(snapshot);
      const reading = openReadModelsOver(again, { log, project: false, report });
      expect((await reading.readModels.listOrders({})).items.map(({ orderId }) => orderId)).toEqual(
        [order(1)],
      );
      await reading.close();
      await again.close();
      expect(reports.map(({ kind }) => kind)).toEqual(['lease-acquired']);
      await dispose();
    });
  });
}
