import { LogUnavailable, LogWentBack, OutcomeUnknown, UnfitEvent } from '../errors.js';
import type { LogContinuity } from './log-continuity.js';
import type { AllPosition } from './log-index.js';
import type { Connection } from './connection.js';
import { Backoff, type Deadline } from './deadline.js';
import { type Failure, failureOf } from './failures.js';
import type { ServerReading } from './server-reading.js';
import type { WireAppend } from './unary-call.js';
import { StaleNode } from './what-was-seen.js';

/** Always with a concrete revision: only with that a repetition is recognised for ever. */
export type ServerAppend = WireAppend;

export interface Acknowledged {
  readonly outcome: 'appended';
  /** Of the last event; of its first append when the server recognises a repetition. */
  readonly at: AllPosition | undefined;
}
export type AppendAnswer =
  Acknowledged | { readonly outcome: 'wrong-revision'; readonly actual: number };

/** The longest that the client takes: a year. */
const NEVER_MS = 0x757b12c00;

/** When to stop trying: the append is known by other means, or nobody wants to know any more. */
export interface Attempts {
  readonly deadline: Deadline;
  readonly stopped: () => boolean;
}

/**
 * Appends by the unary call, again and again with the same bytes, ids and revision, until the
 * outcome is known.
 */
export class UnaryAppends {
  constructor(
    private readonly connection: Connection,
    private readonly reading: ServerReading,
    /**
     * Over a log that is followed: nothing is sent to a server that may have been restored
     * meanwhile.
     */
    private readonly continuity?: Pick<LogContinuity, 'sure'>,
  ) {}

  /**
   * Throws OutcomeUnknown; LogUnavailable if it is certain that nothing was appended; UnfitEvent.
   */
  async untilKnown(append: ServerAppend, { deadline, stopped }: Attempts): Promise<AppendAnswer> {
    const backoff = new Backoff(40, 1_000);
    let mayBeThere = false;
    for (;;) {
      try {
        await this.continuity?.sure(deadline);
        const at = await this.attempt(append, deadline);
        this.seen(append, at);
        return { outcome: 'appended', at };
      } catch (error) {
        const failure = failureOf(error);
        if (failure.kind === 'wrong-revision') {
          const there = mayBeThere ? await this.placeOf(append) : undefined;
          return there
            ? { outcome: 'appended', at: there }
            : { outcome: 'wrong-revision', actual: failure.actual };
        }
        mayBeThere ||= failure.kind === 'failed' && failure.sent;
        if (
          failure.kind !== 'failed' ||
          error instanceof LogWentBack ||
          deadline.passed ||
          stopped()
        )
          throw givenUp(failure, mayBeThere, error);
      }
      await backoff.wait(deadline);
    }
  }

  /**
   * What was acknowledged is in the log, whether or not the subscription brings it before the
   * process ends.
   */
  private seen(
    { stream, expectedRevision, events }: ServerAppend,
    at: AllPosition | undefined,
  ): void {
    const last = events.at(-1);
    if (at && last)
      this.reading.seen.furthest.see({
        stream,
        revision: expectedRevision + events.length,
        id: last.id,
        at,
      });
  }

  /**
   * A server that sees a call cancelled, or its deadline pass, while events are still on their way
   * takes those that have come for the whole append (seen on 24.6; a broken connection it does
   * not). So several events have no deadline at the server: their call is given up here and tried
   * again, and ends with its connection if it is never answered. Of a single event there is no
   * half.
   */
  private attempt(append: ServerAppend, deadline: Deadline): Promise<AllPosition | undefined> {
    const deadlineMs = Math.max(
      1,
      Math.min(this.connection.patience.callMs, Math.ceil(deadline.leftMs)),
    );
    const seen = this.reading.seen.revisionOf(append.stream);
    const serverDeadlineMs = append.events.length > 1 ? NEVER_MS : deadlineMs;
    return this.connection.call(
      (client) =>
        client.append(append, serverDeadlineMs).catch((error: unknown) => {
          if (!isConflictBelow(seen, error)) throw error;
          this.reading.seen.doubt();
          throw new StaleNode('a stream');
        }),
      deadlineMs,
    );
  }

  /** After an attempt whose outcome nobody knows, a conflict may be one with that attempt. */
  private async placeOf({
    stream,
    expectedRevision,
    events,
  }: ServerAppend): Promise<AllPosition | undefined> {
    const cut = {
      direction: 'forwards',
      from: expectedRevision + 1,
      limit: events.length,
    } as const;
    const { events: there } = await this.reading.streamPage(stream, cut).catch((error: unknown) => {
      throw new OutcomeUnknown(`${UNKNOWN}; the stream could not be read`, { cause: error });
    });
    const same =
      there.length === events.length && there.every(({ id }, place) => id === events[place]?.id);
    return same ? there.at(-1)?.position : undefined;
  }
}

/**
 * A conflict with a revision that the stream has passed: a stale leader answers it without asking
 * anybody.
 */
function isConflictBelow(seen: number, error: unknown): boolean {
  const failure = failureOf(error);
  return failure.kind === 'wrong-revision' && failure.actual < seen;
}

const UNKNOWN = 'whether it was appended is not known; the same append again is safe and will tell';

function givenUp(failure: Failure, mayBeThere: boolean, cause: unknown): Error {
  const reason = 'reason' in failure ? failure.reason : failure.kind;
  if (mayBeThere) {
    return new OutcomeUnknown(`${UNKNOWN} (${reason})`, { cause });
  }
  if (cause instanceof LogWentBack) return cause;
  if (failure.kind === 'refused' && failure.tooLarge)
    return new UnfitEvent(`EventStoreDB takes no append so large: ${reason}`, { cause });
  return new LogUnavailable(
    `EventStoreDB did not take the append; nothing was appended (${reason})`,
    { cause },
  );
}
