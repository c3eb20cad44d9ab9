import type { LoggedEvent } from '../../event-log/event-log.js';
import type { Change, Projection, Row } from '../projection.js';
import type { Checkpoint, Poison, Run, RowChange } from '../store.js';
import type { EventCatalogue } from './event-catalogue.js';

export interface Folded {
  readonly rows: readonly RowChange[];
  /** Behind the last event that was folded, or that is none of this projection's business. */
  readonly checkpoint: Checkpoint;
  readonly poison?: Poison;
}

type Load = (table: string, keys: readonly string[]) => Promise<ReadonlyMap<string, Row>>;

/** What consecutive events of the log do to a projection's rows: each row loaded at most once, each written at most once. */
export async function foldBatch(
  projection: Projection,
  run: Run,
  events: readonly LoggedEvent[],
  catalogue: EventCatalogue,
  load: Load,
): Promise<Folded> {
  const { steps, poison: unknown } = changesOf(projection, events, catalogue);
  const batch = new RowsOfBatch();
  await batch.load(steps, load);

  for (const { event, changes } of steps) {
    try {
      batch.apply(changes);
    } catch (error) {
      // What came before the poison is kept: the checkpoint then stands right before it.
      return { rows: batch.changed(), checkpoint: before(event, events, run), poison: poisonOf(event, reasonOf(error)) };
    }
  }
  const last = unknown ? before(unknown.event, events, run) : checkpointOf(events.at(-1), run);
  return { rows: batch.changed(), checkpoint: last, ...(unknown ? { poison: poisonOf(unknown.event, unknown.reason) } : {}) };
}

interface Step {
  readonly event: LoggedEvent;
  readonly changes: readonly Change[];
}

/** The changes of every event that the projection reads, up to the first that it cannot understand. */
function changesOf(projection: Projection, events: readonly LoggedEvent[], catalogue: EventCatalogue) {
  const steps: Step[] = [];
  for (const event of events) {
    if (!projection.streams.includes(kindOf(event.stream))) continue;
    try {
      const step = projection.on.get(event.type);
      if (!step) catalogue.assertKnown(event);
      else steps.push({ event, changes: listOf(step(catalogue.current(event))) });
    } catch (error) {
      return { steps, poison: { event, reason: reasonOf(error) } };
    }
  }
  return { steps };
}

const listOf = (changes: Change | readonly Change[]): readonly Change[] => ('to' in changes ? [changes] : changes);

/** `customer` of `customer-…`; a name without a dash is its own kind. */
const kindOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};

class RowsOfBatch {
  private readonly loaded = new Map<string, ReadonlyMap<string, Row>>();
  private readonly written = new Map<string, Map<string, RowChange>>();

  async load(steps: readonly Step[], load: Load): Promise<void> {
    const wanted = new Map<string, Set<string>>();
    for (const { changes } of steps) {
      for (const { table, key, fresh } of changes) if (!fresh) keysOf(wanted, table).add(key);
    }
    for (const [table, keys] of wanted) this.loaded.set(table, await load(table, [...keys]));
  }

  /** All of an event's changes, or none when one of them throws. */
  apply(changes: readonly Change[]): void {
    const [only] = changes;
    if (changes.length === 1 && only) return this.put(this.after(only));
    for (const change of changes.map((one) => this.after(one))) this.put(change);
  }

  changed(): readonly RowChange[] {
    return [...this.written.values()].flatMap((rows) => [...rows.values()]);
  }

  private after({ table, key, to, fresh }: Change): RowChange | undefined {
    const written = this.written.get(table)?.get(key);
    const before = this.loaded.get(table)?.get(key);
    const current = written ? written.after : before;
    const after = to(current);
    if (after === current) return undefined;
    return { table, key, before, after, fresh: written?.fresh ?? (fresh && before === undefined) };
  }

  private put(change: RowChange | undefined): void {
    if (!change) return;
    let rows = this.written.get(change.table);
    if (!rows) this.written.set(change.table, (rows = new Map<string, RowChange>()));
    rows.set(change.key, change);
  }
}

function keysOf(wanted: Map<string, Set<string>>, table: string): Set<string> {
  const keys = wanted.get(table) ?? new Set<string>();
  wanted.set(table, keys);
  return keys;
}

/** Where the run stands when everything before this event is folded. */
function before(event: LoggedEvent, events: readonly LoggedEvent[], run: Run): Checkpoint {
  return checkpointOf(events[events.indexOf(event) - 1], run);
}

const checkpointOf = (event: LoggedEvent | undefined, run: Run): Checkpoint =>
  event ? { position: event.position, eventId: event.id } : run.checkpoint;

const poisonOf = (event: LoggedEvent, reason: string): Poison => ({ position: event.position, eventId: event.id, reason });

/** Errors of another realm (a worker, a test's sandbox) are no `instanceof Error` here. */
const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
