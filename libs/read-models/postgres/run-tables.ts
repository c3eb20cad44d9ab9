import { quoted } from '../../platform/postgres/identifiers.js';
import type { Session } from '../../platform/postgres/session.js';
import type { Projection, Table } from '../projection.js';
import type { Run } from '../store.js';

/** A run's own tables: `r7_orders`, and `r7_customers_partners` for a link. Run ids are never used twice. */
export const tableName = (run: Pick<Run, 'id'>, table: string, link?: string): string =>
  `r${run.id}_${table}${link === undefined ? '' : `_${link}`}`;

const TYPES = { text: 'text COLLATE "C"', integer: 'int8' } as const;

export async function createTables(session: Session, schema: string, run: Run, { tables }: Projection): Promise<void> {
  for (const table of tables) {
    await session.query(rowsTable(schema, run, table));
    for (const [link, { columns }] of Object.entries(table.shape.links ?? {})) {
      const named = Object.entries(columns);
      const fields = named.map(([column, type]) => `${quoted(column)} ${TYPES[type]} NOT NULL`).join(', ');
      const key = [...named.map(([column]) => quoted(column)), 'key'].join(', ');
      // The link's own columns come first in its key: it is the index by which rows are found.
      await session.query(
        `CREATE TABLE ${schema}.${quoted(tableName(run, table.name, link))} (${fields}, key ${TYPES.text} NOT NULL, PRIMARY KEY (${key}))`,
      );
    }
  }
}

function rowsTable(schema: string, run: Run, { name, shape }: Table): string {
  const columns = Object.entries(shape.columns).map(
    ([column, { type }]) => `${quoted(column)} ${TYPES[type]}${column === shape.sequence ? ' PRIMARY KEY' : ''}`,
  );
  const all = [...columns, `key ${TYPES.text} NOT NULL UNIQUE`, 'row text NOT NULL'];
  return `CREATE TABLE ${schema}.${quoted(tableName(run, name))} (${all.join(', ')})`;
}

/** Indexes, and what the planner should know of tables that were filled a moment ago. */
export async function createIndexes(session: Session, schema: string, run: Run, { tables }: Projection): Promise<void> {
  for (const { name, shape } of tables) {
    const table = tableName(run, name);
    for (const index of shape.indexes) {
      const on = `${schema}.${quoted(table)} (${index.map(quoted).join(', ')})`;
      await session.query(`CREATE INDEX IF NOT EXISTS ${quoted(`${table}_by_${index.join('_')}`)} ON ${on}`);
    }
    for (const filled of [table, ...Object.keys(shape.links ?? {}).map((link) => tableName(run, name, link))]) {
      await session.query(`ANALYZE ${schema}.${quoted(filled)}`);
    }
  }
}

/** All tables of a run, by their names: its projection may be of an older release, unknown to this one. */
export async function dropTables(session: Session, schema: string, run: Run): Promise<void> {
  const names = await session.query(
    'SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = $2 AND starts_with(relname, $3) ORDER BY 1',
    [schema, 'r', tableName(run, '')],
  );
  for (const { name } of names) await session.query(`DROP TABLE ${schema}.${quoted(String(name))}`);
}
