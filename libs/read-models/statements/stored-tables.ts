import type { Generated, Kysely } from 'kysely';

/** A truth value: SQLite stores 0 or 1, PostgreSQL a boolean. */
type StoredBoolean = boolean | number;

/**
 * The tables that every store has, beside those of its builds. Both stores have the same columns;
 * the lease's table differs, and is each store's own.
 */
export interface StoredTables {
  readonly runs: {
    readonly id: Generated<number>;
    readonly projection: string;
    readonly version: number;
    readonly shape: string;
    readonly role: string;
    readonly position: number;
    readonly event_id: string | null;
    readonly filled: StoredBoolean;
    readonly poison: string | null;
  };
  readonly rebuilds: {
    readonly projection: string;
    readonly requested: StoredBoolean;
    readonly status: string;
  };
  readonly snapshots: {
    readonly id: Generated<number>;
    readonly stream: string;
    readonly fold_version: number;
    readonly revision: number;
    readonly event_id: string;
    readonly state: string;
  };
  readonly log_index: {
    readonly position: number;
    readonly commit_position: bigint;
    readonly prepare_position: bigint;
    readonly event_id: string;
    readonly stream: string;
    readonly revision: number;
    readonly type: string;
    readonly command_id: string;
    readonly command_index: number;
    readonly recorded_through_ms: number;
  };
  readonly process_checkpoints: {
    readonly process: string;
    readonly position: number;
    readonly event_id: string;
  };
}

/** The builders and functions for a store's statements. */
export interface StatementBuilder {
  readonly db: Kysely<StoredTables>;
  readonly yes: StoredBoolean;
  readonly no: StoredBoolean;
}
