import type { CommandId, StreamName } from '../../domain/shared/ids.js';
import { claimOutcome, claimFromEvents } from '../idempotency-claim.js';
import { CommitSignal, follow, type CommitListener, CommitListeners } from '../commits.js';
import { LogUnavailable, UnfitEvent } from '../errors.js';
import {
  type Append,
  type Appended,
  type IdempotencyClaim,
  type ClaimOutcome,
  EventLog,
  type LoggedEvent,
  type TakenClaim,
} from '../event-log.js';
import type { Page, Position, ReadAll, ReadStream, Subscribe } from '../event-log.js';
import { type PreparedAppend, prepareAppend } from '../prepared-append.js';
import { nextRecordedAt, parseInstant, renderInstant } from '../recorded-at.js';
import { MemoryClaims } from './memory-claims.js';
import { MemoryEvents } from './memory-events.js';
import { refusalOrRepetition } from './memory-append-rules.js';

export type AppendMoment = 'before-append' | 'after-append';

export interface MemoryEventLogOptions {
  /**
   * `atomic`: like SQLite. `none`: like EventStoreDB, where an append depends only on its stream's
   * revision.
   */
  readonly guards: 'atomic' | 'none';
  /** Milliseconds since the epoch, UTC. */
  readonly clock: () => number;
  /**
   * Awaited around every append, so that a test controls what happens in between. If it throws
   * before the append, the append fails without effect; if it throws after, the caller gets the
   * error although the append took effect (a lost reply, a crash).
   */
  readonly barrier?: (moment: AppendMoment, append: Append) => Promise<void> | void;
}

/** The log in memory: for tests, and for `EVENT_LOG=memory`. Its content ends with the process. */
export class MemoryEventLog extends EventLog {
  readonly capabilities: { readonly guards: 'atomic' | 'none' };
  private readonly events = new MemoryEvents();
  private readonly claims = new MemoryClaims();
  private readonly listeners = new CommitListeners();
  private readonly commits = new CommitSignal();
  private closed = false;

  constructor(private readonly options: MemoryEventLogOptions) {
    super();
    this.capabilities = { guards: options.guards };
  }

  async append(append: Append): Promise<Appended> {
    if (this.closed) throw new LogUnavailable('the log has been closed');
    const prepared = prepareAppend(append);
    if (this.capabilities.guards === 'none' && prepared.guards.length > 0)
      throw new UnfitEvent('this log checks no guards');
    await this.options.barrier?.('before-append', append);
    const appended = this.takeEffect(prepared);
    await this.options.barrier?.('after-append', append);
    return appended;
  }

  async claim(claim: IdempotencyClaim, over?: IdempotencyClaim): Promise<ClaimOutcome> {
    if (this.capabilities.guards === 'atomic')
      return claimOutcome(this.events.ofCommand(claim.commandId));
    return this.claims.claim(claim, renderInstant(this.nextRecordedAtMs()), over);
  }

  async claimOn(commandId: CommandId): Promise<TakenClaim | undefined> {
    return this.capabilities.guards === 'atomic'
      ? claimFromEvents(this.events.ofCommand(commandId))
      : this.claims.current(commandId);
  }

  async releaseClaim(commandId: CommandId, claimant?: string): Promise<void> {
    this.claims.release(commandId, claimant);
  }

  async eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]> {
    return this.events.ofCommand(commandId);
  }

  async head(): Promise<Position> {
    return this.events.head;
  }

  async revisionOf(stream: StreamName): Promise<number> {
    return this.events.ofStream(stream).length - 1;
  }

  readStream(stream: StreamName, options: ReadStream = {}): AsyncIterable<readonly LoggedEvent[]> {
    return this.events.streamPages(stream, options);
  }

  readAll(options: ReadAll): AsyncIterable<Page> {
    return this.events.pages(options);
  }

  subscribe(options: Subscribe): AsyncIterable<Page> {
    return follow((cut) => this.events.pages(cut), this.commits, options);
  }

  async positionAt(instant: string): Promise<Position> {
    return this.events.positionAt(renderInstant(parseInstant(instant)));
  }

  async lastRecordedAt(): Promise<string | undefined> {
    return this.events.last?.recordedAt;
  }

  onCommitted(listener: CommitListener): () => void {
    return this.listeners.add(listener);
  }

  async catchUp(): Promise<void> {
    // No other process can append here.
  }

  async close(): Promise<void> {
    this.closed = true;
    this.commits.close();
  }

  /** Synchronous from the checks to the last listener, like one transaction on disk. */
  private takeEffect(append: PreparedAppend): Appended {
    const repeated = refusalOrRepetition(append, this.events, this.capabilities.guards);
    if (repeated !== undefined) return { events: repeated, repeated: true };
    const events = this.events.add(append, renderInstant(this.nextRecordedAtMs()));
    this.listeners.publish(events);
    this.commits.notify();
    return { events, repeated: false };
  }

  private nextRecordedAtMs(): number {
    const { last } = this.events;
    return nextRecordedAt(
      this.options.clock(),
      last === undefined ? 0 : Date.parse(last.recordedAt),
    );
  }
}
