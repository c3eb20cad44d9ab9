import type { LoggedEvent } from '../../event-log/event-log.js';
import type { Change, Projection, Step } from '../projection.js';
import type { Checkpoint, Poison, Run, RowChange } from '../store.js';
import type { EventCatalogue } from './event-catalogue.js';
import { type Load, RowsOfBatch } from './rows-of-batch.js';

export interface Folded {
  readonly rows: readonly RowChange[];
  /** Behind the last event that was folded, or that is none of this projection's business. */
  readonly checkpoint: Checkpoint;
  readonly poison?: Poison;
}

/**
 * What consecutive events of the log do to a projection's rows: each row loaded at most once, each
 * written at most once.
 */
export async function foldBatch(
  projection: Projection,
  run: Run,
  events: readonly LoggedEvent[],
  catalogue: EventCatalogue,
  load: Load,
): Promise<Folded> {
  const { steps, poison: unknown } = stepsOf(projection, events, catalogue);
  const batch = new RowsOfBatch(load);
  await batch.loadFor(steps.map(({ step }) => step));

  for (const { event, step } of steps) {
    const failure = await fold(batch, step);
    // What came before the poison is kept: the checkpoint then stands right before it.
    if (failure)
      return {
        rows: batch.changed(),
        checkpoint: before(event, events, run),
        poison: poisonOf(event, failure.reason),
      };
  }
  const last = unknown ? before(unknown.event, events, run) : checkpointOf(events.at(-1), run);
  return {
    rows: batch.changed(),
    checkpoint: last,
    ...(unknown ? { poison: poisonOf(unknown.event, unknown.reason) } : {}),
  };
}

interface EventStep {
  readonly event: LoggedEvent;
  readonly step: Step;
}

/** What every event does that the projection reads, up to the first that it cannot understand. */
function stepsOf(
  projection: Projection,
  events: readonly LoggedEvent[],
  catalogue: EventCatalogue,
) {
  const steps: EventStep[] = [];
  for (const event of events) {
    if (!projection.streams.includes(kindOf(event.stream))) continue;
    try {
      const step = projection.on.get(event.type);
      if (!step) catalogue.assertKnown(event);
      else steps.push({ event, step: step(catalogue.current(event)) });
    } catch (error) {
      return { steps, poison: { event, reason: reasonOf(error) } };
    }
  }
  return { steps };
}

interface Failure {
  readonly reason: string;
}

/**
 * All that an event does, or nothing. Why it cannot be folded, if so; a store that fails throws,
 * which is no event's fault.
 */
async function fold(batch: RowsOfBatch, first: Step): Promise<Failure | undefined> {
  let step = first;
  while ('look' in step) {
    const { look, then } = step;
    await batch.loadFor([step]);
    const next = attempt(() => then(look.map((row) => batch.row(row))));
    if ('reason' in next) return next;
    step = next.value;
    // The keys of an event without a look have been loaded with those of the others.
    await batch.loadFor([step]);
  }
  const changes = listOf(step);
  const applied = attempt(() => batch.apply(changes));
  return 'reason' in applied ? applied : undefined;
}

function attempt<T>(work: () => T): { readonly value: T } | Failure {
  try {
    return { value: work() };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

const listOf = (changes: Change | readonly Change[]): readonly Change[] =>
  'to' in changes ? [changes] : changes;

/** `customer` of `customer-…`; a name without a dash is its own kind. */
const kindOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};

/** Where the run stands when everything before this event is folded. */
function before(event: LoggedEvent, events: readonly LoggedEvent[], run: Run): Checkpoint {
  return checkpointOf(events[events.indexOf(event) - 1], run);
}

const checkpointOf = (event: LoggedEvent | undefined, run: Run): Checkpoint =>
  event ? { position: event.position, eventId: event.id } : run.checkpoint;

const poisonOf = (event: LoggedEvent, reason: string): Poison => ({
  position: event.position,
  eventId: event.id,
  reason,
});

/** Errors of another realm (a worker, a test's sandbox) are no `instanceof Error` here. */
const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
