import type { ProjectionStep, Row, RowName, RowUpdate } from '../projection.js';
import type { RowChange } from '../store.js';

export type Load = (table: string, keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>;

/**
 * The rows that a batch of events reads and changes: as stored, and as the events so far have left
 * them.
 */
export class BatchRows {
  /** Every key that was looked up; undefined: the store has no such row. */
  private readonly loaded = new Map<string, Map<string, Row | undefined>>();
  private readonly written = new Map<string, Map<string, RowChange>>();

  constructor(private readonly load: Load) {}

  /** Loads the rows that these steps name and that are not loaded yet, with one call per table. */
  async loadFor(steps: readonly ProjectionStep[]): Promise<void> {
    const missing = new Map<string, Set<string>>();
    for (const step of steps)
      for (const name of this.missingOf(step)) entryOf(missing, name.table, newSet).add(name.key);
    for (const [table, keys] of missing) {
      const found = await this.load(table, [...keys]);
      const rows = entryOf(this.loaded, table, newMap<Row | undefined>);
      for (const key of keys) rows.set(key, found.get(key));
    }
  }

  /** The row as the events so far have left it. It must have been loaded. */
  row({ table, key }: RowName): Row | undefined {
    const written = this.written.get(table)?.get(key);
    return written ? written.after : this.loaded.get(table)?.get(key);
  }

  /** Applies all of an event's changes, or none if one of them throws. */
  apply(changes: readonly RowUpdate[]): void {
    const [only] = changes;
    if (changes.length === 1 && only) return this.put(this.after(only));
    for (const change of changes.map((one) => this.after(one))) this.put(change);
  }

  changed(): readonly RowChange[] {
    return [...this.written.values()].flatMap((rows) => [...rows.values()]);
  }

  private missingOf(step: ProjectionStep): readonly RowName[] {
    // A lookup reads a row that was written in this batch. A changed row must be loaded
    // nevertheless, because the store needs the old row.
    if ('rows' in step)
      return step.rows.filter(
        (row) => !this.isLoaded(row) && !this.written.get(row.table)?.has(row.key),
      );
    if ('to' in step) return step.fresh || this.isLoaded(step) ? [] : [step];
    return step.filter((change) => !change.fresh && !this.isLoaded(change));
  }

  private isLoaded({ table, key }: RowName): boolean {
    return this.loaded.get(table)?.has(key) === true;
  }

  private after(change: RowUpdate): RowChange | undefined {
    const { table, key, to, fresh } = change;
    const before = this.loaded.get(table)?.get(key);
    const current = this.row(change);
    const after = to(current);
    if (after === current) return undefined;
    const written = this.written.get(table)?.get(key);
    return { table, key, before, after, fresh: written?.fresh ?? (fresh && before === undefined) };
  }

  private put(change: RowChange | undefined): void {
    if (change) entryOf(this.written, change.table, newMap<RowChange>).set(change.key, change);
  }
}

const newSet = (): Set<string> => new Set<string>();
const newMap = <Value>(): Map<string, Value> => new Map<string, Value>();

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
