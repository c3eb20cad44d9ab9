import { PostgresPositionIndex } from '../../libs/read-models/postgres/postgres-position-index.js';
import { PostgresProcessCheckpoints } from '../../libs/read-models/postgres/postgres-process-checkpoints.js';
import { migrateReadModels } from '../../libs/read-models/postgres/schema.js';
import { describePostgres, freshSchema } from '../support/postgres.js';
import { positionIndexContract } from './position-index.contract.js';
import { processCheckpointsContract } from './process-checkpoints.contract.js';

describePostgres('beside the read models on PostgreSQL', (url) => {
  async function migrated() {
    const fresh = await freshSchema(url);
    await migrateReadModels(fresh.postgres, fresh.schema);
    return fresh;
  }

  positionIndexContract('PostgreSQL', async () => {
    const { postgres, schema, dispose } = await migrated();
    return {
      index: new PostgresPositionIndex(postgres, schema),
      second: new PostgresPositionIndex(postgres, schema),
      dispose,
    };
  });

  processCheckpointsContract('PostgreSQL', async () => {
    const { postgres, schema, dispose } = await migrated();
    const make = () => new PostgresProcessCheckpoints(postgres, schema);
    return { checkpoints: make(), second: make(), dispose };
  });
});
