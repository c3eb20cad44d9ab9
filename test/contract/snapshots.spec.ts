import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadModelFile } from '../../libs/read-models/sqlite/read-model-file.js';
import { SnapshotRows } from '../../libs/read-models/sqlite/snapshot-rows.js';
import { SqliteSnapshots } from '../../libs/read-models/sqlite/sqlite-snapshots.js';
import { snapshotsContract } from './snapshots.contract.js';

snapshotsContract('SQLite', async (maxSnapshots) => {
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-snapshots-'));
  const open = () => {
    const file = new ReadModelFile(join(directory, 'read-models.db'));
    const rows = new SnapshotRows(file, maxSnapshots);
    return new SqliteSnapshots(file, (stream, foldVersion, snapshot) =>
      rows.putAll([{ stream, foldVersion, snapshot }]),
    );
  };
  const [snapshots, second] = [open(), open()];
  const dispose = async (): Promise<void> => {
    snapshots.close();
    second.close();
    await rm(directory, { recursive: true });
  };
  return { snapshots, second, written: async () => undefined, dispose };
});
