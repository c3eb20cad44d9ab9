import type { Proposed, Recorded } from '../../../domain/shared/event.js';
import type { CommandId, StreamName } from '../../../domain/shared/ids.js';
import { CommandConflict, WrongRevision } from '../../../event-log/errors.js';
import type { EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import { newEvent } from '../../engine/commands/new-event.js';

/** The command of one step of a process: its id derives from the step. */
export interface DerivedCommand {
  readonly commandId: CommandId;
  readonly actor: string;
  readonly correlationId: string;
  readonly causationId: string;
}

/**
 * Appends what a step decided on the stream at this revision. No idempotency claim is needed, on any
 * log: a step first reads in the stream whether it is done, and the expected revision fails if that
 * has changed since. Throws what the log's append throws.
 */
export async function appendDerived<E extends Recorded>(
  log: EventLog,
  command: DerivedCommand,
  { stream, revision }: { readonly stream: StreamName; readonly revision: number },
  events: readonly Proposed<E>[],
): Promise<readonly LoggedEvent[]> {
  const appended = await log.append({
    stream,
    expectedRevision: revision,
    events: events.map((event, index) => newEvent(event, command, stream, index)),
  });
  return appended.events;
}

/** Another process was faster: read the stream again. */
export const isMoved = (error: unknown): boolean =>
  error instanceof WrongRevision || error instanceof CommandConflict;

const ATTEMPTS_AT_MOST = 50;

/** Repeats the work while other processes are faster. */
export async function untilUnmoved<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isMoved(error) || attempt === ATTEMPTS_AT_MOST) throw error;
    }
  }
}
