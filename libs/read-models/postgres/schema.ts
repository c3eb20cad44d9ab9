import { migrate } from '../../platform/postgres/migrate.js';
import type { Postgres } from '../../platform/postgres/postgres.js';

export const READ_MODELS_SCHEMA = 'sekisho';

/**
 * Texts are compared by bytes (COLLATE "C"), as SQLite compares them, independent of the database's
 * language: pages, cursors and orders are the same on both. Rows, shapes and states are JSON stored
 * as text, so a rebuild compares text with text. No text of the log has U+0000 or a lone surrogate.
 * If one occurs, a row's JSON stores both as escapes. In a key or column, PostgreSQL rejects
 * U+0000, and the row is unfit; a lone surrogate becomes U+FFFD, as in SQLite.
 */
const FIRST = (schema: string): string => `
  CREATE TABLE ${schema}.lease (
    name text COLLATE "C" PRIMARY KEY, holder text COLLATE "C" NOT NULL, token int8 NOT NULL, expires_at_ms int8 NOT NULL,
    server_started_at timestamptz NOT NULL
  ) WITH (fillfactor = 50);
  INSERT INTO ${schema}.lease VALUES ('projector', '', 0, 0, pg_postmaster_start_time());

  CREATE TABLE ${schema}.runs (
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, projection text COLLATE "C" NOT NULL, version integer NOT NULL,
    shape text COLLATE "C" NOT NULL, role text COLLATE "C" NOT NULL, position int8 NOT NULL, event_id text COLLATE "C",
    filled boolean NOT NULL, poison text COLLATE "C", UNIQUE (projection, role)
  ) WITH (fillfactor = 50);

  CREATE TABLE ${schema}.rebuilds (
    projection text COLLATE "C" PRIMARY KEY, requested boolean NOT NULL, status text COLLATE "C" NOT NULL
  );

  CREATE TABLE ${schema}.snapshots (
    id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text COLLATE "C" NOT NULL, fold_version integer NOT NULL,
    revision int8 NOT NULL, event_id text COLLATE "C" NOT NULL, state text COLLATE "C" NOT NULL, UNIQUE (stream, fold_version)
  );

  CREATE TABLE ${schema}.log_index (
    position int8 PRIMARY KEY, commit_position int8 NOT NULL, prepare_position int8 NOT NULL, event_id text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL, revision int8 NOT NULL, type text COLLATE "C" NOT NULL, command_id text COLLATE "C" NOT NULL,
    command_index integer NOT NULL, recorded_through_ms int8 NOT NULL
  );
  CREATE INDEX log_index_by_stream ON ${schema}.log_index (stream, revision) INCLUDE (position);
  CREATE INDEX log_index_by_command ON ${schema}.log_index (command_id, command_index);
  CREATE INDEX log_index_by_type ON ${schema}.log_index (type, position);
  CREATE INDEX log_index_by_time ON ${schema}.log_index (recorded_through_ms, position);

  CREATE TABLE ${schema}.process_checkpoints (
    process text COLLATE "C" PRIMARY KEY, position int8 NOT NULL, event_id text COLLATE "C" NOT NULL
  ) WITH (fillfactor = 50);`;

export const migrateReadModels = (postgres: Postgres, schema: string): Promise<void> =>
  migrate(postgres, {
    schema,
    steps: [FIRST],
    ifNewer:
      'Start the newer release; or, to go back, stop every process and "DROP SCHEMA … CASCADE": read models are rebuilt from the log.',
  });
