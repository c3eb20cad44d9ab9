import { describe, expect, it } from '@jest/globals';
import { eventId, streamName } from '../../libs/domain/shared/ids.js';
import { PostgresSnapshots } from '../../libs/read-models/postgres/postgres-snapshots.js';
import { migrateReadModels } from '../../libs/read-models/postgres/schema.js';
import { SnapshotRows } from '../../libs/read-models/postgres/snapshot-rows.js';
import type { ReadModelReport } from '../../libs/read-models/report.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { snapshotsContract } from './snapshots.contract.js';

describePostgres('snapshots on PostgreSQL', (url) => {
  async function migrated() {
    const fresh = await freshSchema(url);
    await migrateReadModels(fresh.postgres, fresh.schema);
    return fresh;
  }
  const failOnReport = (report: ReadModelReport) => {
    throw new Error(JSON.stringify(report));
  };

  snapshotsContract('PostgreSQL', async (maxSnapshots) => {
    const { postgres, schema, dispose } = await migrated();
    // Deletes old snapshots at every write, instead of every 64th.
    const open = () =>
      new PostgresSnapshots(
        new SnapshotRows(postgres, schema, { maxSnapshots, forgetEveryWrites: 1 }),
        failOnReport,
      );
    const snapshots = open();
    return { snapshots, second: open(), written: () => snapshots.flush(), dispose };
  });

  const snapshot = (revision: number, length = 10) => ({
    revision,
    eventId: eventId('e'),
    state: 'x'.repeat(length),
  });

  describe('snapshots written in the background', () => {
    it('are written without a flush, and readable by another process', async () => {
      const { postgres, schema, dispose } = await migrated();
      const snapshots = new PostgresSnapshots(new SnapshotRows(postgres, schema), failOnReport);
      snapshots.put(streamName('customer-1'), 1, snapshot(1));
      const other = new PostgresSnapshots(new SnapshotRows(postgres, schema), failOnReport);
      for (let waited = 0; !(await other.get(streamName('customer-1'), 1)); waited++) {
        if (waited > 100) throw new Error('not written');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      expect(await other.get(streamName('customer-1'), 1)).toMatchObject(snapshot(1));
      await dispose();
    });

    it('are the latest of each stream when two processes keep the same streams', async () => {
      const { postgres, schema, dispose } = await migrated();
      const open = () =>
        new PostgresSnapshots(
          new SnapshotRows(postgres, schema, { maxSnapshots: 20, forgetEveryWrites: 1 }),
          failOnReport,
        );
      const [one, other] = [open(), open()];
      for (let round = 0; round < 20; round++) {
        for (let index = 0; index < 40; index++) {
          one.put(streamName(`customer-${index}`), 1, snapshot(round));
          other.put(streamName(`customer-${39 - index}`), 1, snapshot(round));
        }
        await Promise.all([one.flush(), other.flush()]);
      }
      const kept = await Promise.all(
        Array.from({ length: 40 }, (_, index) => open().get(streamName(`customer-${index}`), 1)),
      );
      const revisions = kept.flatMap((found) => (found ? [found.revision] : []));
      expect(revisions.length).toBeGreaterThan(0);
      expect(new Set(revisions)).toEqual(new Set([19]));
      await dispose();
    });

    it('are reported when the server cannot take them; writing pauses for a while, and no command fails', async () => {
      const { postgres, schema, dispose } = await migrated();
      const reports: ReadModelReport[] = [];
      const snapshots = new PostgresSnapshots(
        new SnapshotRows(postgres, `${schema}_gone`),
        (report) => reports.push(report),
      );
      snapshots.put(streamName('customer-1'), 1, snapshot(1));
      await snapshots.flush();
      expect(reports).toEqual([
        { kind: 'snapshots-not-kept', reason: expect.stringContaining('does not exist') },
      ]);
      expect(await snapshots.get(streamName('customer-1'), 1)).toBeUndefined();
      snapshots.put(streamName('customer-1'), 1, snapshot(1));
      await snapshots.flush();
      expect(reports).toHaveLength(1);
      await dispose();
    });

    it('take no more memory than allowed while the server is slow', async () => {
      let write: () => void = () => undefined;
      const written: number[] = [];
      const rows = {
        putAll: (kept: readonly unknown[]) => {
          written.push(kept.length);
          return new Promise<void>((resolve) => {
            write = resolve;
          });
        },
      } as unknown as SnapshotRows;
      const snapshots = new PostgresSnapshots(rows, failOnReport);
      const put = (from: number) => {
        for (let index = from; index < from + 100; index++)
          snapshots.put(streamName(`customer-${index}`), 1, snapshot(1, 1024 * 1024));
      };
      put(0);
      const flushed = snapshots.flush();
      put(100);
      put(200);
      write();
      await new Promise((resolve) => setImmediate(resolve));
      write();
      await flushed;
      expect(written).toEqual([16, 16]);
    });
  });
});
