import type { CompiledQuery, Expression, Kysely, SqlBool } from 'kysely';
import type { EventId } from '../domain/shared/ids.js';
import type { Position } from '../event-log/event-log.js';
import type { Projection, Row } from './projection.js';
import type { RebuildStatus } from './read-models.js';

/**
 * Where a projection's rows stand: the last event of the log that they have seen. Position −1: none
 * yet.
 */
export interface Checkpoint {
  readonly position: Position;
  readonly eventId?: EventId;
}

/** Why a projection stopped: the event that it could not fold. */
export interface Poison {
  readonly position: Position;
  readonly eventId: EventId;
  readonly reason: string;
}

/**
 * One filling of a projection's tables. Reads are served from the live one; a candidate is filled
 * beside it and takes its place.
 */
export interface ProjectionBuild {
  readonly id: number;
  readonly projection: string;
  readonly version: number;
  /** `shapeOf` its projection. */
  readonly shape: string;
  readonly role: 'live' | 'candidate';
  readonly checkpoint: Checkpoint;
  /** It has been at the log's head, and its indexes are there. */
  readonly filled: boolean;
  readonly poison?: Poison;
}

/**
 * The right to project, until another process gets it: every write checks the token inside its
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
   * The row as it was loaded; undefined: there was none. A fresh row was not looked for and
   * replaces any.
   */
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  readonly fresh: boolean;
}

/**
 * What one batch of events does to one run: its rows and its checkpoint, and the poison if it met
 * any.
 */
export interface BuildBatch {
  readonly build: ProjectionBuild;
  readonly projection: Projection;
  readonly checkpoint: Checkpoint;
  readonly rows: readonly RowChange[];
  readonly poison?: Poison;
}

/** A page of rows of the same keys in two runs. */
export interface Comparison {
  readonly comparedRows: number;
  /** Compare on from here; undefined: all tables are through. */
  readonly next?: CompareFrom;
  readonly difference?: NonNullable<RebuildStatus['difference']>;
}
export interface CompareFrom {
  readonly table: number;
  readonly afterKey: string;
}

/**
 * What differs between the stores' SQL. Queries are built with Kysely and compiled; the store runs
 * them.
 */
export interface Dialect {
  readonly builder: Kysely<unknown>;
  /** The column's text contains this text, as it is. */
  contains(column: string, text: string): Expression<SqlBool>;
}

/** A query over one run's tables: `undefined` answers no rows. */
export type QueryOf = (
  tables: (name: string, link?: string) => string,
  dialect: Dialect,
) => CompiledQuery | undefined;

export interface Selected {
  /** The live run that answered; undefined when there is none yet. */
  readonly build: ProjectionBuild | undefined;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Where read models are kept. `sqlite/` is the default, PostgreSQL can stand behind the same port:
 * `test/contract/read-model-store.contract.ts` says what each must do. Methods that take a lease
 * throw LeaseLost, and write nothing, once another holder has it.
 */
export abstract class ReadModelStore {
  /**
   * The lease, when it is free, expired or the holder's own; undefined while another holds it. Each
   * grant has a greater token.
   */
  abstract acquireLease(holder: string, ttlMs: number): Promise<Lease | undefined>;
  abstract renewLease(lease: Lease, ttlMs: number): Promise<void>;
  /** Lets the next holder have it at once. */
  abstract releaseLease(lease: Lease): Promise<void>;

  abstract builds(): Promise<readonly ProjectionBuild[]>;
  /** New, empty tables. */
  abstract createBuild(
    lease: Lease,
    projection: Projection,
    role: ProjectionBuild['role'],
  ): Promise<ProjectionBuild>;
  /** Forgets a run and its tables. */
  abstract discardBuild(lease: Lease, build: ProjectionBuild): Promise<void>;
  /** Lets a stopped run try again. */
  abstract clearPoison(lease: Lease, build: ProjectionBuild): Promise<void>;
  /** Builds the indexes: a run is filled without them, which is quicker. */
  abstract markFilled(lease: Lease, build: ProjectionBuild, projection: Projection): Promise<void>;
  /** The candidate becomes the live run, in one transaction; the old run is forgotten. */
  abstract promote(lease: Lease, candidate: ProjectionBuild): Promise<void>;
  /** Rows by key; what is not there is not in the map. */
  abstract load(
    build: ProjectionBuild,
    table: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, Row>>;
  /**
   * All batches' rows and checkpoints in one transaction. Throws UnfitRow, with nothing written,
   * for a row that cannot be stored.
   */
  abstract commit(lease: Lease, batches: readonly BuildBatch[]): Promise<void>;
  /**
   * Compares one page of two runs of one projection and version that stand at the same checkpoint.
   */
  abstract compare(
    before: ProjectionBuild,
    after: ProjectionBuild,
    projection: Projection,
    from: CompareFrom,
  ): Promise<Comparison>;

  /** Asks the lease holder, whoever it is, for a rebuild. */
  abstract requestRebuild(projection: string): Promise<void>;
  abstract rebuildRequests(): Promise<readonly string[]>;
  /** Keeps how a rebuild goes, and takes its request away. */
  abstract noteRebuild(lease: Lease, projection: string, status: RebuildStatus): Promise<void>;
  abstract rebuildStatus(projection: string): Promise<RebuildStatus | undefined>;

  /**
   * Reads the live run's tables and its checkpoint in one state. Rows come as the query selects
   * them, `row` as JSON text.
   */
  abstract select(projection: string, query: QueryOf): Promise<Selected>;
  abstract close(): Promise<void>;
}
