import { knownEvent, UnknownEvent, upcast } from '../../event-log/catalogue/catalogue.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import type { Projection, ProjectionStep, RowUpdate } from '../projection.js';
import type { Checkpoint, Poison, ProjectionBuild, RowChange } from '../store.js';
import { type Load, BatchRows } from './batch-rows.js';

/** The events that this release can read. */
export interface EventCatalogue {
  /** The event in its newest version. Throws if its type or version is unknown. */
  current(event: LoggedEvent): LoggedEvent;
  /** Throws if the type is unknown: an unknown event might concern any projection. */
  assertKnown(event: LoggedEvent): void;
}

export const eventsOfThisRelease: EventCatalogue = {
  current: upcast,
  assertKnown: ({ type, version }) => {
    // Every type has a version 1. Which version this event has matters only to projections that
    // fold it.
    if (!knownEvent(type, 1)) throw new UnknownEvent(type, version);
  },
};

export interface Folded {
  readonly rows: readonly RowChange[];
  /** The last event of the batch that was folded or does not concern this projection. */
  readonly checkpoint: Checkpoint;
  readonly poison?: Poison;
}

/**
 * Folds consecutive events of the log into a projection's rows. Each row is loaded at most once and
 * written at most once.
 */
export async function foldBatch(
  projection: Projection,
  build: ProjectionBuild,
  events: readonly LoggedEvent[],
  catalogue: EventCatalogue,
  load: Load,
): Promise<Folded> {
  const { steps, poison: unknown } = stepsOf(projection, events, catalogue);
  const batch = new BatchRows(load);
  await batch.loadFor(steps.map(({ step }) => step));

  for (const { event, step } of steps) {
    const failure = await fold(batch, step);
    // The events before the poison are written, and the checkpoint is the event before it.
    if (failure)
      return {
        rows: batch.changed(),
        checkpoint: before(event, events, build),
        poison: poisonOf(event, failure.reason),
      };
  }
  const last = unknown ? before(unknown.event, events, build) : checkpointOf(events.at(-1), build);
  return {
    rows: batch.changed(),
    checkpoint: last,
    ...(unknown ? { poison: poisonOf(unknown.event, unknown.reason) } : {}),
  };
}

interface EventStep {
  readonly event: LoggedEvent;
  readonly step: ProjectionStep;
}

/** The steps of all events that the projection reads, up to the first that cannot be read. */
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
 * Applies all changes of an event, or none. Returns the reason if the event cannot be folded. A
 * failing store throws, because the event is not the cause.
 */
async function fold(batch: BatchRows, first: ProjectionStep): Promise<Failure | undefined> {
  let step = first;
  while ('rows' in step) {
    const { rows, then } = step;
    await batch.loadFor([step]);
    const next = attempt(() => then(rows.map((row) => batch.row(row))));
    if ('reason' in next) return next;
    step = next.value;
    // The rows of events without a lookup have been loaded together.
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

const listOf = (changes: RowUpdate | readonly RowUpdate[]): readonly RowUpdate[] =>
  'to' in changes ? [changes] : changes;

/** `customer` of `customer-…`; a name without a dash is its own kind. */
const kindOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};

/** The checkpoint after all events before this one. */
function before(
  event: LoggedEvent,
  events: readonly LoggedEvent[],
  build: ProjectionBuild,
): Checkpoint {
  return checkpointOf(events[events.indexOf(event) - 1], build);
}

const checkpointOf = (event: LoggedEvent | undefined, build: ProjectionBuild): Checkpoint =>
  event ? { position: event.position, eventId: event.id } : build.checkpoint;

const poisonOf = (event: LoggedEvent, reason: string): Poison => ({
  position: event.position,
  eventId: event.id,
  reason,
});

/** Errors of another realm (a worker, a test's sandbox) are not `instanceof Error` here. */
const reasonOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
