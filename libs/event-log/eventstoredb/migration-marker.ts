import { LogUnavailable } from '../errors.js';
import type { ServerReading } from './server-reading.js';
import type { StreamNames } from './stream-names.js';

/** A stored form: types of the events in the stream that tells of a migration into this log. */
export const MIGRATION_STARTED = 'MigrationStarted';
export const MIGRATION_COMPLETED = 'MigrationCompleted';

export interface MigrationState {
  readonly state: 'none' | 'started' | 'completed';
  /** Of the marker's last event; −1 when there is none. */
  readonly revision: number;
  /** What the migration said about itself when it started or completed. */
  readonly data: unknown;
}

export async function migrationState(
  server: ServerReading,
  names: StreamNames,
): Promise<MigrationState> {
  const last = await server.lastOf(names.migration);
  if (!last) return { state: 'none', revision: -1, data: undefined };
  return {
    state: last.type === MIGRATION_STARTED ? 'started' : 'completed',
    revision: Number(last.revision),
    data: last.data as unknown,
  };
}

/** Half a log is none: nobody opens it before the migration has come to its end. */
export async function refuseUnfinishedMigration(
  server: ServerReading,
  names: StreamNames,
): Promise<void> {
  const { state } = await migrationState(server, names);
  if (state !== 'started') return;
  throw new LogUnavailable(
    'a migration into this log has started and not completed: run `sekisho migrate` again with the same source, it goes on where it stopped',
  );
}
