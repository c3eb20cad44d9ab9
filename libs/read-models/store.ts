import type { CompiledQuery, Expression, Kysely, SqlBool } from 'kysely';
import type { EventId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { Projection, Row } from './projection.js';
import type { RebuildStatus } from './projection-status.js';

/** The last event of the log that a projection's rows include. Position −1: none yet. */
export interface Checkpoint {
  readonly position: Position;
  readonly eventId?: EventId;
}

/** The event that a projection could not fold, so that it stopped. */
export interface Poison {
  readonly position: Position;
  readonly eventId: EventId;
  readonly reason: string;
}

/**
 * One build of a projection's tables. Reads use the live one; a candidate is filled beside it and
 * then replaces it.
 */
export interface ProjectionBuild {
  readonly id: number;
  readonly projection: string;
  readonly version: number;
  /** `shapeOf` its projection. */
  readonly shape: string;
  readonly role: 'live' | 'candidate';
  readonly checkpoint: Checkpoint;
  /** The build has reached the log's head, and has its indexes. */
  readonly filled: boolean;
  readonly poison?: Poison;
}

/**
 * The right to project, until another process gets it. Every write checks the token in its
 * transaction.
 */
export interface Lease {
  readonly holder: string;
  readonly token: number;
}

export interface RowChange {
  readonly table: string;
  readonly key: string;
  /**
   * The row as loaded; undefined: there was none. A fresh row was not loaded, and replaces any row.
   */
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  readonly fresh: boolean;
}

/**
 * The effect of one batch of events on one build: its rows, its checkpoint, and the poison if there
 * was one.
 */
export interface BuildBatch {
  readonly build: ProjectionBuild;
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
  readonly rows: readonly RowChange[];
  readonly poison?: Poison;
}

/** The result of comparing one page of rows of two builds. */
export interface Comparison {
  readonly comparedRows: number;
  /** Where to continue; undefined: all tables are compared. */
  readonly next?: CompareFrom;
  readonly difference?: NonNullable<RebuildStatus['difference']>;
}
export interface CompareFrom {
  readonly table: number;
  readonly afterKey: string;
}

/**
 * The differences between the stores' SQL. Queries are built and compiled with Kysely, and the
 * store executes them.
 */
export interface Dialect {
  readonly builder: Kysely<unknown>;
  /** The column's text contains this text literally. */
  contains(column: string, text: string): Expression<SqlBool>;
}

/** A query of one build's tables; `undefined` returns no rows. */
export type QueryOf = (
  tables: (name: string, link?: string) => string,
  dialect: Dialect,
) => CompiledQuery | undefined;

export interface Selected {
  /** The live build that was read; undefined if there is none yet. */
  readonly build: ProjectionBuild | undefined;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Stores read models. `sqlite/` is the default, `postgres/` the alternative;
 * `test/contract/read-model-store.contract.ts` defines what each must do. Methods that take a lease
 * throw LeaseLost and write nothing if another process has the lease.
 */
export abstract class ReadModelStore {
  /**
   * Returns the lease if it is free, expired or the holder's own; undefined while another process
   * has it. Each grant has a greater token.
   */
  abstract acquireLease(holder: string, ttlMs: number): Promise<Lease | undefined>;
  abstract renewLease(lease: Lease, ttlMs: number): Promise<void>;
  /** Another process can then get the lease at once. */
  abstract releaseLease(lease: Lease): Promise<void>;

  abstract builds(): Promise<readonly ProjectionBuild[]>;
  /** Creates empty tables. */
  abstract createBuild(
    lease: Lease,
    projection: Projection,
    role: ProjectionBuild['role'],
  ): Promise<ProjectionBuild>;
  /** Deletes a build and its tables. */
  abstract discardBuild(lease: Lease, build: ProjectionBuild): Promise<void>;
  /** Lets a stopped build try again. */
  abstract clearPoison(lease: Lease, build: ProjectionBuild): Promise<void>;
  /** Creates the indexes. A build is filled without them, which is quicker. */
  abstract markFilled(lease: Lease, build: ProjectionBuild, projection: Projection): Promise<void>;
  /** Makes the candidate the live build, and deletes the old one, in one transaction. */
  abstract promote(lease: Lease, candidate: ProjectionBuild): Promise<void>;
  /** The rows by key; the map has no entry for a key without a row. */
  abstract load(
    build: ProjectionBuild,
    table: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>>;
  /**
   * Writes the rows and checkpoints of all batches in one transaction. Throws UnfitRow, and writes
   * nothing, if a row cannot be stored.
   */
  abstract commit(lease: Lease, batches: readonly BuildBatch[]): Promise<void>;
  /** Compares one page of two builds of the same projection, version and checkpoint. */
  abstract compare(
    before: ProjectionBuild,
    after: ProjectionBuild,
    projection: Projection,
    from: CompareFrom,
  ): Promise<Comparison>;

  /** Asks the lease holder for a rebuild. */
  abstract requestRebuild(projection: string): Promise<void>;
  abstract rebuildRequests(): Promise<readonly string[]>;
  /** Stores the status of a rebuild, and deletes its request. */
  abstract noteRebuild(lease: Lease, projection: string, status: RebuildStatus): Promise<void>;
  abstract rebuildStatus(projection: string): Promise<RebuildStatus | undefined>;

  /**
   * Reads the live build's tables and its checkpoint in one state. Rows are as the query selects
   * them, `row` as JSON text.
   */
  abstract select(projection: string, query: QueryOf): Promise<Selected>;
  abstract close(): Promise<void>;
}
