import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  FORWARDS,
  type RecordedEvent,
  type ResolvedEvent,
  START,
} from '@eventstore/db-client';
import { LogUnavailable } from '../errors.js';
import { comparePositions, type AllPosition } from './position-index.js';
import type { Connection } from './connection.js';
import { Backoff } from '../../platform/time/backoff.js';
import { Deadline } from './timeouts.js';
import { failureOf, StaleNode } from './errors.js';
import { received, type ServerStream, type NonReconnectingClient } from './client.js';
import {
  isSameEvent,
  type SeenEventCheck,
  type SeenEvent,
  seenEventOf,
  NOTHING_SEEN,
  type SeenLog,
} from './seen-log.js';
import { approximateBytes } from './stored-form.js';

/** Limits of one page, so that no read holds much memory. */
export const MAX_PAGE_EVENTS = 500;
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

export interface RecordedPage {
  readonly events: readonly RecordedEvent[];
  /** The read reached the end. */
  readonly atEnd: boolean;
}

export interface StreamCut {
  readonly direction: 'forwards' | 'backwards';
  /** First revision to read; default: the first forwards, the last backwards. */
  readonly from: number | undefined;
  readonly limit: number;
}

/** Reads of the leader, retried until they succeed or their deadline passes. */
export class ServerReads {
  constructor(
    private readonly connection: Connection,
    private readonly prefix: string,
    private readonly closed: () => boolean,
    readonly seen: SeenLog = NOTHING_SEEN,
  ) {}

  /** At most one page; empty when the stream does not exist. */
  streamPage(stream: string, { direction, from, limit }: StreamCut): Promise<RecordedPage> {
    const maxCount = Math.min(limit, MAX_PAGE_EVENTS);
    const fromRevision = from === undefined ? (direction === FORWARDS ? START : END) : BigInt(from);
    const options = { direction, fromRevision, maxCount, requiresLeader: true } as const;
    const seen = this.seen.revisionOf(stream);
    return this.persistently(async (client) => {
      const page = await this.page(client, client.readStream(stream, options), maxCount).catch(
        emptyWithoutStream,
      );
      if (endsBefore(seen, page, direction, from)) {
        this.seen.requestCheck();
        throw new StaleNode('a stream');
      }
      return page;
    });
  }

  async eventAt(stream: string, revision: number): Promise<RecordedEvent | undefined> {
    const { events } = await this.streamPage(stream, {
      direction: FORWARDS,
      from: revision,
      limit: 1,
    });
    return events[0]?.revision === BigInt(revision) ? events[0] : undefined;
  }

  async lastOf(stream: string): Promise<RecordedEvent | undefined> {
    const { events } = await this.streamPage(stream, {
      direction: BACKWARDS,
      from: undefined,
      limit: 1,
    });
    return events[0];
  }

  /**
   * Checks on the leader, with one call, whether a seen event is in its place. A node that lacks it
   * is not asked again. Throws LogUnavailable.
   */
  async checkSeen(seen: SeenEvent): Promise<SeenEventCheck> {
    try {
      const again = await this.connection.call(
        (client) => this.checkSeenOn(client, seen),
        this.connection.timeouts.callMs,
      );
      if (again === 'missing') this.distrust(new StaleNode('the log'));
      return again;
    } catch (error) {
      throw new LogUnavailable('EventStoreDB could not be read', { cause: error });
    }
  }

  /**
   * The same check on the node of one client. A log that is longer than what was seen and lacks the
   * event is not an older state of the same log. The event is read once more after the end, because
   * it may have arrived in between. Throws the client's errors.
   */
  async checkSeenOn(client: NonReconnectingClient, seen: SeenEvent): Promise<SeenEventCheck> {
    const found = await this.placeOn(client, seen);
    if (found) return isSameEvent(seen, found) ? 'same' : 'another';
    const { events } = await this.page(
      client,
      client.readAll({
        direction: BACKWARDS,
        fromPosition: END,
        maxCount: 1,
        requiresLeader: true,
      }),
      1,
    );
    const end = events[0]?.position;
    if (!end || comparePositions(end, seen.at) < 0) return 'missing';
    const later = await this.placeOn(client, seen);
    return later && isSameEvent(seen, later) ? 'same' : 'another';
  }

  private async placeOn(
    client: NonReconnectingClient,
    { stream, revision }: SeenEvent,
  ): Promise<SeenEvent | undefined> {
    const options = {
      direction: FORWARDS,
      fromRevision: BigInt(revision),
      maxCount: 1,
      requiresLeader: true,
    } as const;
    const [event] = (
      await this.page(client, client.readStream(stream, options), 1).catch(emptyWithoutStream)
    ).events;
    return event && seenEventOf(event);
  }

  /** The deadline of a read that starts now. */
  deadline(): Deadline {
    return new Deadline(this.connection.timeouts.readMs);
  }

  /** The node gave an answer from its past: the next call goes to another node. */
  distrust(node: StaleNode): void {
    this.connection.begin().failed(node);
  }

  /**
   * Reads `$all` backwards from its end or from before a position, including other applications'
   * events.
   */
  allBackwards(before: AllPosition | undefined, maxCount: number): Promise<RecordedPage> {
    const options = {
      direction: BACKWARDS,
      fromPosition: before ?? END,
      maxCount,
      requiresLeader: true,
    } as const;
    return this.persistently((client) => this.page(client, client.readAll(options), maxCount));
  }

  /** All events under the prefix after a position. Never ends: the consumer must leave the loop. */
  async *after(after: AllPosition | undefined): AsyncIterable<RecordedEvent> {
    let last = after;
    const backoff = new Backoff(50, 1_000);
    let deadline = new Deadline(this.connection.timeouts.readMs);
    for (;;) {
      const use = this.connection.begin();
      try {
        for await (const { event } of received<AllStreamResolvedEvent>(
          use.client.subscribeAfter(last, this.prefix),
          this.connection.timeouts.callMs,
        )) {
          if (!event || (last && comparePositions(event.position, last) <= 0)) continue;
          yield event;
          last = event.position;
          deadline = new Deadline(this.connection.timeouts.readMs);
          backoff.reset();
        }
        throw new Error('the server has ended a subscription');
      } catch (error) {
        use.failed(error);
        await this.orGiveUp(error, deadline, backoff);
      }
    }
  }

  private async persistently(
    read: (client: NonReconnectingClient) => Promise<RecordedPage>,
  ): Promise<RecordedPage> {
    const deadline = new Deadline(this.connection.timeouts.readMs);
    const backoff = new Backoff(30, 1_000);
    for (;;) {
      try {
        return await this.connection.call(read, deadline.leftMs);
      } catch (error) {
        await this.orGiveUp(error, deadline, backoff);
      }
    }
  }

  private async orGiveUp(error: unknown, deadline: Deadline, backoff: Backoff): Promise<void> {
    const failure = failureOf(error);
    if (this.closed()) throw new LogUnavailable('the log has been closed', { cause: error });
    const reason = 'reason' in failure ? failure.reason : failure.kind;
    if (failure.kind !== 'failed' || deadline.passed)
      throw new LogUnavailable(`EventStoreDB could not be read: ${reason}`, { cause: error });
    await deadline.wait(backoff.nextMs());
  }

  private async page(
    client: NonReconnectingClient,
    stream: ServerStream,
    maxCount: number,
  ): Promise<RecordedPage> {
    const events: RecordedEvent[] = [];
    let bytes = 0;
    for await (const { event } of received<ResolvedEvent>(
      stream,
      this.connection.timeouts.callMs,
    )) {
      if (!event) continue;
      events.push(event);
      bytes += approximateBytes(event);
      if (bytes >= MAX_PAGE_BYTES) return { events, atEnd: false };
    }
    if (client.isClosed) throw new Error('the client was closed while it read');
    return { events, atEnd: events.length < maxCount };
  }
}

function emptyWithoutStream(error: unknown): RecordedPage {
  if (failureOf(error).kind === 'no-stream') return { events: [], atEnd: true };
  throw error;
}

/** Whether a page that should reach the revision `seen` ends before it. */
function endsBefore(
  seen: number,
  { events, atEnd }: RecordedPage,
  direction: StreamCut['direction'],
  from: number | undefined,
): boolean {
  if (direction === FORWARDS)
    return atEnd && Number(events.at(-1)?.revision ?? (from ?? 0) - 1) < seen;
  return Number(events[0]?.revision ?? -1) < Math.min(seen, from ?? Number.POSITIVE_INFINITY);
}
