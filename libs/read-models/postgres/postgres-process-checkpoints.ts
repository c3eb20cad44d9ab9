import { execute } from '../../platform/postgres/session.js';
import type { Postgres } from '../../platform/postgres/postgres.js';
import { type ProcessCheckpoint, ProcessCheckpoints } from '../opened-stores.js';
import { checkpointOf, checkpointStatements } from '../statements/checkpoint-statements.js';
import { withReadModelErrors, postgresStatements } from './dialect.js';
import { READ_MODELS_SCHEMA } from './schema.js';

/** The checkpoints of processes in PostgreSQL, on disk when `moveTo` returns. */
export class PostgresProcessCheckpoints extends ProcessCheckpoints {
  private readonly statements: ReturnType<typeof checkpointStatements>;

  constructor(
    private readonly postgres: Postgres,
    schema = READ_MODELS_SCHEMA,
  ) {
    super();
    this.statements = checkpointStatements(postgresStatements(schema));
  }

  override async get(process: string): Promise<ProcessCheckpoint | undefined> {
    const { get } = this.statements;
    const [row] = await withReadModelErrors(() => execute(this.postgres, get, { process }));
    return checkpointOf(row);
  }

  override async moveTo(process: string, { position, eventId }: ProcessCheckpoint): Promise<void> {
    const { moveTo } = this.statements;
    await withReadModelErrors(() =>
      execute(this.postgres, moveTo, { process, position, event_id: eventId }),
    );
  }

  override async forget(process: string): Promise<void> {
    const { forget } = this.statements;
    await withReadModelErrors(() => execute(this.postgres, forget, { process }));
  }
}
