import type { SQLInputValue } from 'node:sqlite';
import { sqliteBuilder } from '../../platform/sql/builders.js';
import { columnValues, statement } from '../../platform/sql/statement.js';
import type { Link, Row, Scalar, Table } from '../projection.js';
import type { ProjectionBuild, RowChange } from '../store.js';
import { tableName } from './build-tables.js';
import { isDuplicate, type PreparedStatement, type ReadModelFile } from './read-model-file.js';

type Columns = Readonly<Record<string, SQLInputValue>>;
const db = sqliteBuilder<Record<string, Columns>>();

/** Writes the rows of one table of a build, with its promoted columns and links. */
export class RowWriter {
  private readonly insert: PreparedStatement<Columns>;
  private readonly upsert: PreparedStatement<Columns>;
  private readonly update: PreparedStatement<Columns>;
  private readonly remove: PreparedStatement<Columns>;
  private readonly columns: readonly (readonly [string, (row: Row) => Scalar | undefined])[];
  private readonly links: readonly LinkWriter[];

  constructor(file: ReadModelFile, build: ProjectionBuild, { name, shape }: Table) {
    const to = tableName(build, name);
    const changing = [...Object.keys(shape.columns), 'row'];
    const insertion = (parameter: Columns) =>
      db.insertInto(to).values(columnValues(parameter, [...changing, 'key']));
    this.insert = file.prepare(statement<Columns>(insertion));
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
    );
    this.update = file.prepare(
      statement<Columns>((parameter) =>
        db
          .updateTable(to)
          .set(columnValues(parameter, changing))
          .where('key', '=', parameter['key'] ?? null),
      ),
    );
    this.remove = file.prepare(
      statement<Columns>((parameter) =>
        db.deleteFrom(to).where('key', '=', parameter['key'] ?? null),
      ),
    );
    this.columns = Object.entries(shape.columns).map(([column, { of }]) => [column, of]);
    this.links = Object.entries(shape.links ?? {}).map(
      ([link, definition]) => new LinkWriter(file, tableName(build, name, link), definition),
    );
  }

  write({ key, before, after, fresh }: RowChange): void {
    for (const link of this.links) link.write(key, before, after);
    if (after === undefined) {
      if (before !== undefined) this.remove.execute({ key });
      return;
    }
    const values: Record<string, SQLInputValue> = { key, row: JSON.stringify(after) };
    for (const [column, of] of this.columns) values[column] = of(after) ?? null;
    if (fresh) this.insertOrReplace(values);
    else if (before === undefined) this.insert.execute(values);
    else this.update.execute(values);
  }

  /**
   * A fresh row is usually new: the plain insert is quicker, and SQLite undoes only that statement
   * when it fails.
   */
  private insertOrReplace(values: Columns): void {
    try {
      this.insert.execute(values);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      this.upsert.execute(values);
    }
  }
}

/** Writes the changes among a row's links; most changes of a row leave its links as they are. */
class LinkWriter {
  private readonly insert: PreparedStatement<Columns>;
  private readonly remove: PreparedStatement<Columns>;
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
    );
    this.remove = file.prepare(
      statement<Columns>((parameter) =>
        db
          .deleteFrom(to)
          .where((where) =>
            where.and(names.map((name) => where(name, '=', parameter[name] ?? null))),
          ),
      ),
    );
  }

  write(key: string, before: Row | undefined, after: Row | undefined): void {
    const old = this.valuesOf(before);
    const next = this.valuesOf(after);
    for (const [text, values] of old) if (!next.has(text)) this.remove.execute({ ...values, key });
    for (const [text, values] of next) if (!old.has(text)) this.insert.execute({ ...values, key });
  }

  private valuesOf(row: Row | undefined): ReadonlyMap<string, Columns> {
    const links = row === undefined ? [] : this.link.of(row);
    return new Map(
      links.map((link) => {
        const values = this.columns.map((column) => [column, link[column] ?? null] as const);
        return [JSON.stringify(values.map(([, value]) => value)), Object.fromEntries(values)];
      }),
    );
  }
}
