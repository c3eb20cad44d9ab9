import { WrongExpectedVersionError } from '@eventstore/db-client';
import { convertToCommandError } from '@eventstore/db-client/dist/utils/CommandError.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { LogUnavailable, LogWentBack, OutcomeUnknown, UnfitEvent } from '../errors.js';
import type { CallArguments } from './client.js';
import type { Connection } from './connection.js';
import type { LogContinuity } from './continuity.js';
import { type Failure, failureOf, StaleNode } from './errors.js';
import type { AllPosition } from './position-index.js';
import type { WireEvent } from './stored-form.js';
import type { ServerReads } from './server-reads.js';
import { Backoff } from '../../platform/time/backoff.js';
import type { Deadline } from './timeouts.js';

/**
 * Always has a concrete revision: only then does the server recognise a repetition at any later
 * time.
 */
export type ServerAppend = WireAppend;

export interface Acknowledged {
  readonly outcome: 'appended';
  /** The position of the last event; for a repetition, of its first append. */
  readonly at: AllPosition | undefined;
}
export type AppendAnswer =
  Acknowledged | { readonly outcome: 'wrong-revision'; readonly actual: number };

/** The longest deadline that the client accepts: a year. */
const NEVER_MS = 0x757b12c00;

/**
 * When to stop retrying: at the deadline, or when `stopped` says that the outcome is known
 * otherwise or no longer wanted.
 */
export interface Attempts {
  readonly deadline: Deadline;
  readonly stopped: () => boolean;
}

/**
 * Sends an append by unary calls, with the same bytes, ids and revision each time, until its
 * outcome is known.
 */
export class AppendAttempts {
  constructor(
    private readonly connection: Connection,
    private readonly server: ServerReads,
    /**
     * Set for a log with a subscription: nothing is sent to a server that may have been restored
     * meanwhile.
     */
    private readonly continuity?: Pick<LogContinuity, 'confirmed'>,
  ) {}

  /**
   * Throws OutcomeUnknown; LogUnavailable if it is certain that nothing was appended; UnfitEvent.
   */
  async untilKnown(append: ServerAppend, { deadline, stopped }: Attempts): Promise<AppendAnswer> {
    const backoff = new Backoff(40, 1_000);
    let mayBeThere = false;
    for (;;) {
      try {
        await this.continuity?.confirmed(deadline);
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
      await deadline.wait(backoff.nextMs());
    }
  }

  /**
   * An acknowledged event is in the log, even if the process ends before the subscription delivers
   * it.
   */
  private seen(
    { stream, expectedRevision, events }: ServerAppend,
    at: AllPosition | undefined,
  ): void {
    const last = events.at(-1);
    if (at && last)
      this.server.seen.furthest.see({
        stream,
        revision: expectedRevision + events.length,
        id: last.id,
        at,
      });
  }

  /**
   * If a call of several events is cancelled or reaches its deadline on the server, the server
   * takes the events that have arrived for the whole append (observed with 24.6; a broken
   * connection has no such effect). So such calls have no deadline on the server: this process
   * gives up the call and retries it. A single event cannot be cut in half.
   */
  private attempt(append: ServerAppend, deadline: Deadline): Promise<AllPosition | undefined> {
    const deadlineMs = Math.max(
      1,
      Math.min(this.connection.timeouts.callMs, Math.ceil(deadline.leftMs)),
    );
    const seen = this.server.seen.revisionOf(append.stream);
    const serverDeadlineMs = append.events.length > 1 ? NEVER_MS : deadlineMs;
    return this.connection.call(
      (client) =>
        client
          .callLeader('append', serverDeadlineMs, (grpc, callArguments) =>
            unaryAppend(grpc, append, callArguments),
          )
          .catch((error: unknown) => {
            if (!isConflictBelow(seen, error)) throw error;
            this.server.seen.requestCheck();
            throw new StaleNode('a stream');
          }),
      deadlineMs,
    );
  }

  /**
   * After an attempt with an unknown outcome, a conflict may be with the events of that attempt.
   */
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
    const { events: there } = await this.server.streamPage(stream, cut).catch((error: unknown) => {
      throw new OutcomeUnknown(`${UNKNOWN}; the stream could not be read`, { cause: error });
    });
    const same =
      there.length === events.length && there.every(({ id }, place) => id === events[place]?.id);
    return same ? there.at(-1)?.position : undefined;
  }
}

/** A conflict at a revision that the stream has already passed: the answer of a former leader. */
function isConflictBelow(seen: number, error: unknown): boolean {
  const failure = failureOf(error);
  return failure.kind === 'wrong-revision' && failure.actual < seen;
}

const UNKNOWN =
  'whether it was appended is not known; the same append can be repeated safely and shows the outcome';

function givenUp(failure: Failure, mayBeThere: boolean, cause: unknown): Error {
  const reason = 'reason' in failure ? failure.reason : failure.kind;
  if (mayBeThere) {
    return new OutcomeUnknown(`${UNKNOWN} (${reason})`, { cause });
  }
  if (cause instanceof LogWentBack) return cause;
  if (failure.kind === 'refused' && failure.tooLarge)
    return new UnfitEvent(`the append is larger than EventStoreDB accepts: ${reason}`, { cause });
  return new LogUnavailable(
    `EventStoreDB did not accept the append; nothing was appended (${reason})`,
    { cause },
  );
}

export interface WireAppend {
  readonly stream: string;
  /** −1: the stream must not exist. */
  readonly expectedRevision: number;
  readonly events: readonly WireEvent[];
}

/**
 * The unary `Append` with the client's own messages and channel, but without `appendToStream`:
 * where the server offers batch appends and the call has no credentials, that method uses them and
 * encodes every event a second time as JSON and base64, which was half the cost of an append.
 * Throws the client's errors.
 */
export function unaryAppend(
  grpc: StreamsClient,
  append: WireAppend,
  [metadata, options]: CallArguments,
): Promise<AllPosition | undefined> {
  return new Promise((resolve, reject) => {
    const call = grpc.append(metadata, options, (error, answer) => {
      if (error) reject(convertToCommandError(error));
      else if (answer.hasWrongExpectedVersion()) reject(conflictOf(append, answer));
      else resolve(positionOf(answer));
    });
    call.on('error', reject);
    call.write(header(append));
    for (const event of append.events) call.write(proposed(event));
    call.end();
  });
}

function header({ stream, expectedRevision }: WireAppend): streams.AppendReq {
  const options = new streams.AppendReq.Options().setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(utf8.encode(stream)),
  );
  if (expectedRevision < 0) options.setNoStream(new shared.Empty());
  else options.setRevision(String(expectedRevision));
  return new streams.AppendReq().setOptions(options);
}

function proposed({ id, type, data, metadata }: WireEvent): streams.AppendReq {
  const message = new streams.AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(data)
    .setCustomMetadata(metadata);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return new streams.AppendReq().setProposedMessage(message);
}

function conflictOf(
  { stream, expectedRevision }: WireAppend,
  answer: streams.AppendResp,
): WrongExpectedVersionError {
  const found = answer.getWrongExpectedVersion();
  return new WrongExpectedVersionError(undefined, {
    streamName: stream,
    current: found?.hasCurrentRevision() ? BigInt(found.getCurrentRevision()) : 'no_stream',
    expected: expectedRevision < 0 ? 'no_stream' : BigInt(expectedRevision),
  });
}

function positionOf(answer: streams.AppendResp): AllPosition | undefined {
  const position = answer.getSuccess()?.getPosition();
  return (
    position && {
      commit: BigInt(position.getCommitPosition()),
      prepare: BigInt(position.getPreparePosition()),
    }
  );
}

const utf8 = new TextEncoder();
