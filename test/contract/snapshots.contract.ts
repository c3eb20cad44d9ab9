import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventId, streamName } from '../../libs/domain/shared/ids.js';
import type { Snapshots } from '../../libs/read-models/opened-stores.js';

export interface SnapshotsUnderTest {
  readonly snapshots: Snapshots;
  /** Another process's view of the same snapshots. */
  readonly second: Snapshots;
  /** Waits until all snapshots put before are written. */
  readonly written: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}
/** `maxSnapshots`: the number of snapshots that the store keeps. */
export type MakeSnapshots = (maxSnapshots: number) => Promise<SnapshotsUnderTest>;

const MAX_SNAPSHOTS = 5;
const stream = streamName('customer-1');
const at = (revision: number, state = `{"関所":"${revision}"}`) => ({
  revision,
  eventId: eventId(`e${revision}`),
  state,
});

/** The contract of every snapshot store. */
export function snapshotsContract(name: string, make: MakeSnapshots): void {
  describe(`the snapshot contract: ${name}`, () => {
    let tested: SnapshotsUnderTest;
    let snapshots: Snapshots;
    beforeEach(async () => {
      tested = await make(MAX_SNAPSHOTS);
      snapshots = tested.snapshots;
    });
    afterEach(() => tested.dispose());

    it('knows nothing of a stream that has none', async () => {
      expect(await snapshots.get(stream, 1)).toBeUndefined();
    });

    it('returns what was put, to every process', async () => {
      snapshots.put(stream, 1, at(63));
      await tested.written();
      expect(await snapshots.get(stream, 1)).toEqual(at(63));
      expect(await tested.second.get(stream, 1)).toEqual(at(63));
    });

    it('keeps the latest of a stream, and one for each version of the fold', async () => {
      snapshots.put(stream, 1, at(63));
      await tested.written();
      snapshots.put(stream, 1, at(126));
      snapshots.put(stream, 1, at(127));
      snapshots.put(stream, 2, at(64));
      await tested.written();
      expect([await snapshots.get(stream, 1), await snapshots.get(stream, 2)]).toEqual([
        at(127),
        at(64),
      ]);
    });

    it('keeps the snapshot put last, also at an earlier revision, because the log may be another', async () => {
      snapshots.put(stream, 1, at(126));
      await tested.written();
      snapshots.put(stream, 1, at(63));
      await tested.written();
      expect(await snapshots.get(stream, 1)).toEqual(at(63));
    });

    it('skips a state that is faster to read from the log', async () => {
      snapshots.put(stream, 1, at(1, 'x'.repeat(1024 * 1024)));
      snapshots.put(streamName('customer-2'), 1, at(1, 'x'.repeat(1024 * 1024 + 1)));
      await tested.written();
      expect(await snapshots.get(stream, 1)).toBeDefined();
      expect(await snapshots.get(streamName('customer-2'), 1)).toBeUndefined();
    });

    it('deletes those that have not changed for the longest time', async () => {
      const streams = Array.from({ length: MAX_SNAPSHOTS + 3 }, (_, index) =>
        streamName(`customer-${index}`),
      );
      for (const one of [...streams, streams[0]!]) {
        snapshots.put(one, 1, at(1));
        await tested.written();
      }
      const kept: string[] = [];
      for (const one of streams) if (await snapshots.get(one, 1)) kept.push(one);
      expect(kept).toEqual([streams[0], ...streams.slice(-MAX_SNAPSHOTS + 1)]);
    });
  });
}
