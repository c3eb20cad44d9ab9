import type { CommandId, StreamName } from '../../../domain/shared/ids.js';
import { LogUnavailable } from '../../../event-log/errors.js';
import type { IdempotencyClaim, EventLog, LoggedEvent } from '../../../event-log/event-log.js';

/**
 * A command's result nearly always lies right behind its claim: a first look need not read a long
 * stream to its end.
 */
const FIRST_LOOK_EVENTS = 16;

export interface LookedBehind {
  /** What the command has appended to its home stream, by index; none: nothing up to `through`. */
  readonly events: readonly LoggedEvent[];
  /** Revision of the last event that was looked at. */
  readonly through: number;
}

/**
 * Looks through the home stream of a claimed command, behind the revision of its first claim: there
 * its result lies, if there is one. All claimants of a command append to that one stream, each at a
 * revision up to which it has looked; so of two appends the later one fails, and whoever looks
 * again finds the earlier. `atLeast`: the revision that was decided on, which the read must have
 * seen.
 */
export async function lookBehind(
  log: EventLog,
  { targetStream, revision }: Pick<IdempotencyClaim, 'targetStream' | 'revision'>,
  commandId: CommandId,
  atLeast: number,
): Promise<LookedBehind> {
  const events: LoggedEvent[] = [];
  let through = revision;
  for await (const event of eventsBehind(log, targetStream, revision)) {
    through = event.revision;
    if (event.metadata.commandId === commandId) events.push(event);
    else if (events.length > 0) break; // one append: nothing of another command lies in between
  }
  // A read that ends before what was decided on is a stale one: nothing may be concluded from it.
  if (events.length === 0 && through < atLeast)
    throw new LogUnavailable(`${targetStream} could be read up to ${through} only, not ${atLeast}`);
  return { events: events.toSorted((a, b) => a.metadata.index - b.metadata.index), through };
}

async function* eventsBehind(
  log: EventLog,
  stream: StreamName,
  revision: number,
): AsyncGenerator<LoggedEvent> {
  const near = revision + FIRST_LOOK_EVENTS;
  let through = revision;
  for (const range of [{ from: revision + 1, limit: FIRST_LOOK_EVENTS }, { from: near + 1 }]) {
    for await (const page of log.readStream(stream, range)) {
      for (const event of page) {
        through = event.revision;
        yield event;
      }
    }
    if (through < near) return;
  }
}
