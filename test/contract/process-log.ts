import type { CommandId, StreamName } from '../../libs/domain/shared/ids.js';
import { CommitSignal, follow, type CommitListener } from '../../libs/event-log/commits.js';
import { LogUnavailable } from '../../libs/event-log/errors.js';
import {
  type Append,
  type Appended,
  type IdempotencyClaim,
  type ClaimOutcome,
  EventLog,
  type LoggedEvent,
} from '../../libs/event-log/event-log.js';
import type {
  Page,
  Position,
  ReadAll,
  ReadStream,
  Subscribe,
  TakenClaim,
} from '../../libs/event-log/event-log.js';

/** The process ended in the middle of its work: none of its later calls reaches the log. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

export interface LogCall {
  readonly name:
    | 'append'
    | 'claim'
    | 'claimOn'
    | 'releaseClaim'
    | 'readStream'
    | 'readAll'
    | 'eventsOfCommand'
    | 'revisionOf'
    | 'head';
  readonly moment: 'before' | 'after';
  readonly stream?: StreamName;
  readonly append?: Append;
}

/**
 * One process's view of a shared log, as the adapter to a server has it: others' appends arrive by
 * its subscription, later if it lags; its own appends return when the subscription has delivered
 * them. A test acts around every call, counts the calls, makes the store unavailable, and ends the
 * process.
 */
export class ProcessLog extends EventLog {
  readonly capabilities: EventLog['capabilities'];
  /** The names of all calls so far. */
  readonly calls: string[] = [];
  barrier: ((call: LogCall) => Promise<void> | void) | undefined;
  /** If true, others' events are delivered only when a call asks for them. */
  lags = false;
  away = false;
  /** Subscriptions deliver nothing after this position, as to a slow order validator. */
  subscribedThrough = Infinity;
  private dead = false;
  private readonly listeners = new Set<CommitListener>();
  private readonly commits = new CommitSignal();
  private coming: LoggedEvent[] = [];
  private delivered: Position;

  private constructor(
    private readonly log: EventLog,
    head: Position,
  ) {
    super();
    this.capabilities = log.capabilities;
    this.delivered = head;
    log.onCommitted((events) => {
      this.coming.push(...events);
      if (!this.lags) this.deliver(Infinity);
    });
  }

  static async open(log: EventLog): Promise<ProcessLog> {
    return new ProcessLog(log, await log.head());
  }

  /** Kills the process: its calls in progress and all later ones fail. */
  die(): void {
    this.dead = true;
  }

  get isDead(): boolean {
    return this.dead;
  }

  /** Lets waiting subscriptions continue. */
  resume(): void {
    this.subscribedThrough = Infinity;
    this.commits.notify();
  }

  /** Delivers others' appends as the subscription would. */
  deliver(through: Position): void {
    const events = this.coming.filter(({ position }) => position <= through);
    const [last] = events.slice(-1);
    if (!last) return;
    this.coming = this.coming.filter(({ position }) => position > through);
    this.delivered = last.position;
    for (const listener of [...this.listeners]) listener(events);
    this.commits.notify();
  }

  async append(append: Append): Promise<Appended> {
    const call = { name: 'append', stream: append.stream, append } as const;
    const appended = await this.around(call, () => this.log.append(append));
    this.deliver(appended.events.at(-1)?.position ?? -1);
    return appended;
  }

  claim(claim: IdempotencyClaim, over?: IdempotencyClaim): Promise<ClaimOutcome> {
    return this.around({ name: 'claim' }, () => this.log.claim(claim, over));
  }

  claimOn(commandId: CommandId): Promise<TakenClaim | undefined> {
    return this.around({ name: 'claimOn' }, () => this.log.claimOn(commandId));
  }

  releaseClaim(commandId: CommandId, claimant?: string): Promise<void> {
    return this.around({ name: 'releaseClaim' }, () => this.log.releaseClaim(commandId, claimant));
  }

  async eventsOfCommand(commandId: CommandId): Promise<readonly LoggedEvent[]> {
    this.deliver(Infinity);
    return this.around({ name: 'eventsOfCommand' }, () => this.log.eventsOfCommand(commandId));
  }

  async head(): Promise<Position> {
    const head = await this.around({ name: 'head' }, () => this.log.head());
    this.deliver(head);
    return head;
  }

  async catchUp(): Promise<void> {
    await this.head();
  }

  revisionOf(stream: StreamName): Promise<number> {
    return this.around({ name: 'revisionOf', stream }, () => this.log.revisionOf(stream));
  }

  async *readStream(
    stream: StreamName,
    options?: ReadStream,
  ): AsyncIterable<readonly LoggedEvent[]> {
    const pages: (readonly LoggedEvent[])[] = [];
    await this.around({ name: 'readStream', stream }, async () => {
      for await (const page of this.log.readStream(stream, options)) pages.push(page);
    });
    for (const page of pages) {
      this.deliver(Math.max(...page.map(({ position }) => position)));
      yield page;
    }
  }

  async *readAll(options: ReadAll): AsyncIterable<Page> {
    const pages: Page[] = [];
    await this.around({ name: 'readAll' }, async () => {
      for await (const page of this.log.readAll(options)) pages.push(page);
    });
    yield* pages;
  }

  /**
   * The log for this process's projector, which reads at its own pace: its reads are not recorded
   * as calls.
   */
  forProjector(): EventLog {
    return new Proxy<EventLog>(this, {
      get: (_view, name) => {
        if (name === 'readAll') return (options: ReadAll) => this.readUncounted(options);
        const member: unknown = Reflect.get(this, name);
        return typeof member === 'function' ? (member.bind(this) as unknown) : member;
      },
    });
  }

  private async *readUncounted(options: ReadAll): AsyncIterable<Page> {
    this.check();
    for await (const page of this.log.readAll(options)) {
      this.check();
      yield page;
    }
  }

  subscribe(options: Subscribe): AsyncIterable<Page> {
    return follow((cut) => this.passed(cut), this.commits, options);
  }

  positionAt(instant: string): Promise<Position> {
    return this.log.positionAt(instant);
  }

  lastRecordedAt(): Promise<string | undefined> {
    return this.log.lastRecordedAt();
  }

  onCommitted(listener: CommitListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.commits.close();
  }

  private async *passed(options: ReadAll): AsyncIterable<Page> {
    this.check();
    yield* this.log.readAll({ ...options, upTo: Math.min(this.delivered, this.subscribedThrough) });
  }

  private async around<Value>(
    call: Omit<LogCall, 'moment'>,
    work: () => Promise<Value>,
  ): Promise<Value> {
    this.check();
    this.calls.push(call.name);
    await this.barrier?.({ ...call, moment: 'before' });
    this.check();
    const value = await work();
    await this.barrier?.({ ...call, moment: 'after' });
    this.check();
    return value;
  }

  private check(): void {
    if (this.dead) throw new Crash();
    if (this.away) throw new LogUnavailable('the store is away');
  }
}
