import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Link, Row, Scalar, Table } from '../projection.js';
import type { RowChange, ProjectionBuild } from '../store.js';
import { isDuplicate, type ReadModelFile } from './read-model-file.js';
import { quoted, tableName } from './build-tables.js';

/** Writes the rows of one table of one run, with its promoted columns and links. */
export class RowWriter {
  private readonly insert: StatementSync;
  private readonly upsert: StatementSync;
  private readonly update: StatementSync;
  private readonly remove: StatementSync;
  private readonly valuesOf: readonly ((row: Row) => Scalar | undefined)[];
  private readonly links: readonly LinkWriter[];

  constructor(file: ReadModelFile, build: ProjectionBuild, { name, shape }: Table) {
    const to = tableName(build, name);
    const columns = Object.keys(shape.columns).map(quoted);
    const names = [...columns, 'row'];
    const sql = `INSERT INTO ${to} (${[...names, 'key'].join(', ')}) VALUES (${[...names, 'key'].map(() => '?').join(', ')})`;
    const { database } = file;
    this.insert = database.prepare(sql);
    this.upsert = database.prepare(
      `${sql} ON CONFLICT (key) DO UPDATE SET ${names.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    );
    this.update = database.prepare(
      `UPDATE ${to} SET ${names.map((column) => `${column} = ?`).join(', ')} WHERE key = ?`,
    );
    this.remove = database.prepare(`DELETE FROM ${to} WHERE key = ?`);
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
    const values = this.valuesOf.map((of) => of(after) ?? null);
    values.push(JSON.stringify(after), key);
    if (fresh) this.insertOrReplace(values);
    else if (before === undefined) this.insert.run(...values);
    else this.update.run(...values);
  }

  /**
   * A fresh row is mostly a new one: the plain insert is quicker, and its refusal undoes no more
   * than itself.
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

/** Writes what changed among a row's links, which is mostly nothing. */
class LinkWriter {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly columns: readonly string[];

  constructor(
    { database }: ReadModelFile,
    to: string,
    private readonly link: Link<Row>,
  ) {
    this.columns = Object.keys(link.columns);
    const names = [...this.columns.map(quoted), 'key'];
    this.insert = database.prepare(
      `INSERT INTO ${to} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    );
    this.remove = database.prepare(
      `DELETE FROM ${to} WHERE ${names.map((name) => `${name} = ?`).join(' AND ')}`,
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
