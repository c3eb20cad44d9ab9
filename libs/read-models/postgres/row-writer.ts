import { isDataFault } from '../../platform/postgres/errors.js';
import { execute, type Session } from '../../platform/postgres/session.js';
import { UnfitRow } from '../errors.js';
import type { Table } from '../projection.js';
import type { RowChange, ProjectionBuild, BuildBatch } from '../store.js';
import { type PreparedChange, prepare, RowStatements } from './row-statements.js';

/** Bounds the memory of one statement, here and on the server. */
const MAX_ROWS = 2_000;

/**
 * A batch's rows, prepared before the transaction begins, so that the transaction only sends them.
 */
export interface PreparedBatch extends BuildBatch {
  readonly prepared: readonly TableChanges[];
}
interface TableChanges {
  readonly table: Table;
  readonly changes: readonly PreparedChange[];
}

/** Throws UnfitRow for a row whose columns cannot be computed. */
export function prepareBatch(batch: BuildBatch): PreparedBatch {
  const { build, projection, rows } = batch;
  const foreign = rows.find(({ table }) => !projection.tables.some(({ name }) => name === table));
  if (foreign) throw new Error(`${projection.name} has no table ${foreign.table}`);
  const prepared = projection.tables.flatMap((table) => {
    const changes = rows.filter((change) => change.table === table.name);
    return chunksOf(changes.map((change) => preparedOrUnfit(build, table, change))).map((some) => ({
      table,
      changes: some,
    }));
  });
  return { ...batch, prepared };
}

export class RowWriter {
  private readonly statements: RowStatements;

  constructor(schema: string) {
    this.statements = new RowStatements(schema);
  }

  async write(session: Session, { build, prepared }: PreparedBatch): Promise<void> {
    for (const { table, changes } of prepared)
      await this.writeChanges(session, build, table, changes);
  }

  /**
   * Finds the row that cannot be stored by writing the batch again in halves, in a transaction that
   * the caller rolls back. Undefined if all rows can be stored.
   */
  async findUnfitRow(
    session: Session,
    { build, prepared }: PreparedBatch,
  ): Promise<UnfitRow | undefined> {
    for (const { table, changes } of prepared) {
      const unfit = await search(session, changes, (some) =>
        this.writeChanges(session, build, table, some),
      );
      if (unfit)
        return new UnfitRow(build.id, table.name, unfit.change.key, { cause: unfit.cause });
    }
    return undefined;
  }

  private async writeChanges(
    session: Session,
    build: ProjectionBuild,
    table: Table,
    changes: readonly PreparedChange[],
  ): Promise<void> {
    for (const { statement, values } of this.statements.executions(build, table, changes))
      await execute(session, statement, values);
  }
}

interface Unfit {
  readonly change: RowChange;
  readonly cause: unknown;
}

async function search(
  session: Session,
  changes: readonly PreparedChange[],
  write: (some: readonly PreparedChange[]) => Promise<void>,
): Promise<Unfit | undefined> {
  await session.query('SAVEPOINT part');
  try {
    await write(changes);
    await session.query('RELEASE SAVEPOINT part');
    return undefined;
  } catch (cause) {
    if (!isDataFault(cause)) throw cause;
    await session.query('ROLLBACK TO SAVEPOINT part');
    const [only] = changes;
    if (changes.length === 1 && only) return { change: only, cause };
  }
  const half = changes.length >> 1;
  return (
    (await search(session, changes.slice(0, half), write)) ??
    (await search(session, changes.slice(half), write))
  );
}

function preparedOrUnfit(build: ProjectionBuild, table: Table, change: RowChange): PreparedChange {
  try {
    return prepare(table, change);
  } catch (cause) {
    throw new UnfitRow(build.id, table.name, change.key, { cause });
  }
}

function chunksOf(changes: readonly PreparedChange[]): readonly (readonly PreparedChange[])[] {
  const chunks: (readonly PreparedChange[])[] = [];
  for (let from = 0; from < changes.length; from += MAX_ROWS)
    chunks.push(changes.slice(from, from + MAX_ROWS));
  return chunks;
}
