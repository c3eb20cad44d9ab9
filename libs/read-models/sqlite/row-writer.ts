import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { sqliteBuilder } from '../../platform/sql/builders.js';
import { columnValues, statement } from '../../platform/sql/statement.js';
import type { Link, Row, Scalar, Table } from '../projection.js';
import type { ProjectionBuild, RowChange } from '../store.js';
import { tableName } from './build-tables.js';
import { isDuplicate, type ReadModelFile } from './read-model-file.js';

type Columns = Readonly<Record<string, SQLInputValue>>;
const db = sqliteBuilder<Record<string, Columns>>();

/** Writes the rows of one table of a build, with its promoted columns and links. */
export class RowWriter {
  private readonly insert: StatementSync;
  private readonly upsert: StatementSync;
  private readonly update: StatementSync;
  private readonly remove: StatementSync;
  private readonly valuesOf: readonly ((row: Row) => Scalar | undefined)[];
  private readonly links: readonly LinkWriter[];

  constructor(file: ReadModelFile, build: ProjectionBuild, { name, shape }: Table) {
    const to = tableName(build, name);
    const changing = [...Object.keys(shape.columns), 'row'];
    const order = [...changing, 'key'];
    const insertion = (parameter: Columns) =>
      db.insertInto(to).values(columnValues(parameter, order));
    this.insert = file.prepare(statement<Columns>(insertion), order);
    this.upsert = file.prepare(
      statement<Columns>((parameter) =>
        insertion(parameter).onConflict((conflict) =>
          conflict
            .column('key')
            .doUpdateSet(({ ref }) =>
              Object.fromEntries(changing.map((column) => [column, ref(`excluded.${column}`)])),
            ),
        ),
      ),
      order,
    );
    this.update = file.prepare(
      statement<Columns>((parameter) =>
        db
          .updateTable(to)
          .set(columnValues(parameter, changing))
          .where('key', '=', parameter['key'] ?? null),
      ),
      order,
    );
    this.remove = file.prepare(
      statement<Columns>((parameter) =>
        db.deleteFrom(to).where('key', '=', parameter['key'] ?? null),
      ),
      ['key'],
    );
    this.valuesOf = Object.values(shape.columns).map(({ of }) => of);
    this.links = Object.entries(shape.links ?? {}).map(
      ([link, definition]) => new LinkWriter(file, tableName(build, name, link), definition),
    );
  }

  write({ key, before, after, fresh }: RowChange): void {
    for (const link of this.links) link.write(key, before, after);
    if (after === undefined) {
      if (before !== undefined) this.remove.run(key);
      return;
    }
    const values: SQLInputValue[] = this.valuesOf.map((of) => of(after) ?? null);
    values.push(JSON.stringify(after), key);
    if (fresh) this.insertOrReplace(values);
    else if (before === undefined) this.insert.run(...values);
    else this.update.run(...values);
  }

  /**
   * A fresh row is usually new. The plain insertion is quicker, and if it fails, SQLite undoes only
   * that statement.
   */
  private insertOrReplace(values: readonly SQLInputValue[]): void {
    try {
      this.insert.run(...values);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      this.upsert.run(...values);
    }
  }
}

/** Writes the changes among a row's links; most changes of a row leave its links as they are. */
class LinkWriter {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly columns: readonly string[];

  constructor(
    file: ReadModelFile,
    to: string,
    private readonly link: Link<Row>,
  ) {
    this.columns = Object.keys(link.columns);
    const names = [...this.columns, 'key'];
    this.insert = file.prepare(
      statement<Columns>((parameter) => db.insertInto(to).values(columnValues(parameter, names))),
      names,
    );
    this.remove = file.prepare(
      statement<Columns>((parameter) =>
        db
          .deleteFrom(to)
          .where((where) =>
            where.and(names.map((name) => where(name, '=', parameter[name] ?? null))),
          ),
      ),
      names,
    );
  }

  write(key: string, before: Row | undefined, after: Row | undefined): void {
    const old = this.valuesOf(before);
    const next = this.valuesOf(after);
    for (const [text, values] of old) if (!next.has(text)) this.remove.run(...values, key);
    for (const [text, values] of next) if (!old.has(text)) this.insert.run(...values, key);
  }

  private valuesOf(row: Row | undefined): ReadonlyMap<string, SQLInputValue[]> {
    const links = row === undefined ? [] : this.link.of(row);
    return new Map(
      links.map((link) => {
        const values = this.columns.map((column) => link[column] ?? null);
        return [JSON.stringify(values), values];
      }),
    );
  }
}
