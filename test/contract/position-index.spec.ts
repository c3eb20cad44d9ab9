import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryProcessCheckpoints } from '../../libs/application/testing/memory-process-checkpoints.js';
import { MemoryPositionIndex } from '../../libs/event-log/eventstoredb/position-index.js';
import { ReadModelFile } from '../../libs/read-models/sqlite/read-model-file.js';
import { SqlitePositionIndex } from '../../libs/read-models/sqlite/sqlite-position-index.js';
import { SqliteProcessCheckpoints } from '../../libs/read-models/sqlite/sqlite-process-checkpoints.js';
import { positionIndexContract } from './position-index.contract.js';
import { processCheckpointsContract } from './process-checkpoints.contract.js';

async function twoFiles() {
  const directory = await mkdtemp(join(tmpdir(), 'sekisho-log-index-'));
  const files = [0, 1].map(() => new ReadModelFile(join(directory, 'read-models.db'))) as [
    ReadModelFile,
    ReadModelFile,
  ];
  const dispose = async (): Promise<void> => {
    for (const file of files) file.close();
    await rm(directory, { recursive: true });
  };
  return { files, dispose };
}

positionIndexContract('memory', async () => {
  const index = new MemoryPositionIndex();
  return { index, second: index, dispose: async () => undefined };
});

processCheckpointsContract('memory', async () => {
  const checkpoints = new MemoryProcessCheckpoints();
  return { checkpoints, second: checkpoints, dispose: async () => undefined };
});

positionIndexContract('SQLite', async () => {
  const { files, dispose } = await twoFiles();
  return {
    index: new SqlitePositionIndex(files[0]),
    second: new SqlitePositionIndex(files[1]),
    dispose,
  };
});

processCheckpointsContract('SQLite', async () => {
  const { files, dispose } = await twoFiles();
  return {
    checkpoints: new SqliteProcessCheckpoints(files[0]),
    second: new SqliteProcessCheckpoints(files[1]),
    dispose,
  };
});
