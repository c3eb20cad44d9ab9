import { randomUUID } from 'node:crypto';
import { allFilter, type EventFilter } from './event-filter.js';
import type { DeliveryFault } from './faults.js';
import type { Ending, Node } from './node.js';
import { recorded, type UuidForm } from './recorded-event.js';
import { Refusal, refusals } from './refusal.js';
import type { ReplyStream } from './reply-stream.js';
import type { StoredEvent } from './transaction-log.js';
import type { ServerCall } from './server-call.js';
import { textOf, type WireReadOptions } from './wire.js';

/**
 * The number of events that the server reads at a time, and of live events that it keeps for a slow
 * reader.
 */
const PAGE = 32;
const LARGEST = '18446744073709551615';

/** A position as a subscription compares them: (commit, prepare), (−1, −1) before everything. */
interface Checkpoint {
  readonly commit: number;
  readonly prepare: number;
}
const BEFORE_ALL: Checkpoint = { commit: -1, prepare: -1 };
const START: Checkpoint = { commit: 0, prepare: 0 };
const BEYOND_ALL: Checkpoint = { commit: Infinity, prepare: Infinity };

/**
 * A subscription: confirmation, existing events, "caught up", then new events. A reader that is too
 * slow falls behind, catches up from the log and gets "caught up" again. Filtered subscriptions get
 * checkpoints.
 */
export class Subscription {
  readonly #node: Node;
  readonly #passes: EventFilter;
  readonly #source: Source;
  readonly #form: UuidForm;
  readonly #window: number;
  readonly #checkpointEvery: number;
  readonly #isFiltered: boolean;
  #cursor: number;
  #checkpoint: Checkpoint;
  #lastCheckpoint: Checkpoint | undefined;
  #delivered = 0;
  #ended: 'end' | Refusal | undefined;
  #wake: () => void = () => undefined;
  #tellDropped: () => void = () => undefined;
  readonly #dropped = new Promise<void>((resolve) => (this.#tellDropped = resolve));

  constructor(
    private readonly visit: ServerCall,
    private readonly replies: ReplyStream,
    options: WireReadOptions,
  ) {
    this.#node = visit.node;
    this.#source = options.stream
      ? streamSource(this.#node, textOf(options.stream.stream))
      : allSource(this.#node);
    this.#passes = options.stream ? () => true : allFilter(options.filter);
    this.#isFiltered = options.filter !== undefined;
    this.#form = options.uuid?.form ?? 'halves';
    this.#window = options.filter?.max ?? PAGE;
    this.#checkpointEvery = this.#window * (options.filter?.checkpointInterval ?? 1);
    [this.#cursor, this.#checkpoint] = this.#source.start(options);
  }

  async run(): Promise<void> {
    const stopListening = this.#node.view.onMore(() => this.#wake());
    const leave = this.#node.join({ call: this.visit.call, drop: (how) => this.#drop(how) });
    this.replies.gone.addEventListener('abort', () => this.#wake());
    try {
      this.replies.send({ confirmation: { subscriptionId: randomUUID() } });
      this.#misleadAtStart();
      if (this.#source.isBehind(this.#checkpoint)) await this.#catchUp();
      while (!this.#isOver) {
        await this.#node.awake();
        this.#tellCaughtUp();
        await this.#live();
        if (!this.#isOver) await this.#catchUp();
      }
    } finally {
      stopListening();
      leave();
    }
    if (this.#ended instanceof Refusal) throw this.#ended;
  }

  get #isOver(): boolean {
    return this.#ended !== undefined || this.replies.isGone;
  }

  #drop(how: Ending): void {
    this.#tellDropped();
    this.#ended = { end: 'end' as const, reset: refusals.reset(), error: refusals.cancelled() }[
      how
    ];
    this.#wake();
  }

  /** Page by page, with a checkpoint after each window of examined events, and one at the end. */
  async #catchUp(): Promise<void> {
    let considered = 0;
    let pageStart = isBefore(this.#checkpoint, START) ? START : this.#checkpoint;
    for (; !this.#isOver; pageStart = this.#source.offset(this.#cursor)) {
      let found = 0;
      let looked = 0;
      while (
        found < PAGE &&
        looked < this.#window &&
        this.#cursor < this.#source.count() &&
        !this.#isOver
      ) {
        const event = this.#source.at(this.#cursor++);
        looked++;
        if (!this.#passes(event) || !isBefore(this.#checkpoint, positionOf(event))) continue;
        found++;
        this.#checkpoint = positionOf(event);
        await this.#deliver(event);
      }
      considered += looked;
      if (this.#cursor >= this.#source.count() && found < PAGE && looked < this.#window)
        return this.#sendCheckpoint(this.#checkpoint);
      if (considered < this.#checkpointEvery) continue;
      considered %= this.#checkpointEvery;
      if (isBefore(this.#checkpoint, pageStart)) this.#checkpoint = pageStart;
      this.#sendCheckpoint(this.#checkpoint);
    }
  }

  /** Event by event; returns when the reader has fallen behind, or the subscription is over. */
  async #live(): Promise<void> {
    let considered = 0;
    while (!this.#isOver) {
      if (this.#cursor >= this.#source.count()) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const event = this.#source.at(this.#cursor++);
      if (this.#passes(event) && isBefore(this.#checkpoint, positionOf(event))) {
        this.#checkpoint = positionOf(event);
        const hadToWait = await this.#deliver(event);
        if (hadToWait && this.#source.count() - this.#cursor > PAGE)
          return this.#sendCheckpoint(this.#checkpoint);
      }
      if (!this.#isFiltered || ++considered < this.#checkpointEvery) continue;
      considered = 0;
      if (isBefore(positionOf(event), this.#checkpoint)) continue;
      this.#checkpoint = positionOf(event);
      this.#sendCheckpoint(this.#checkpoint);
    }
  }

  /** Whether the reader was too slow. */
  async #deliver(event: StoredEvent): Promise<boolean> {
    await this.#applyFault();
    if (this.#isOver) return false;
    await this.#node.awake();
    const message = recorded(event, this.#form);
    this.replies.send(message);
    if (this.#has('duplicate-delivery')) this.replies.send(message);
    this.#delivered++;
    const { room } = this.replies;
    await room;
    return room !== undefined;
  }

  #tellCaughtUp(): void {
    this.replies.send({ caughtUp: {} });
  }

  /**
   * Never a checkpoint that is not after the last; one from before everything is sent as the
   * largest number, as the server does.
   */
  #sendCheckpoint(checkpoint: Checkpoint): void {
    const sent = checkpoint.commit < 0 ? BEYOND_ALL : checkpoint;
    if (!this.#isFiltered || (this.#lastCheckpoint && !isBefore(this.#lastCheckpoint, sent)))
      return;
    this.#lastCheckpoint = sent;
    this.replies.send({
      checkpoint: sent === BEYOND_ALL ? { commit: LARGEST, prepare: LARGEST } : sent,
    });
  }

  /** Whether this fault applies now. */
  #has(kind: DeliveryFault): boolean {
    const { fault } = this.visit;
    if (fault?.kind !== kind) return false;
    fault.strike();
    return true;
  }

  #misleadAtStart(): void {
    if (this.#has('impossible-checkpoint'))
      this.replies.send({ checkpoint: { commit: LARGEST, prepare: LARGEST } });
    if (this.#has('early-caught-up')) this.#tellCaughtUp();
    const { lastPosition } = this.#node.view;
    if (this.#has('early-checkpoint'))
      this.replies.send({ checkpoint: { commit: lastPosition, prepare: lastPosition } });
  }

  /** Applies the fault of this subscription before its next event. */
  async #applyFault(): Promise<void> {
    const { fault } = this.visit;
    if (!fault || this.#delivered < (fault.programme.afterEvents ?? 0)) return;
    if (this.#has('subscription-error')) this.#drop('error');
    if (this.#has('subscription-reset')) this.#drop('reset');
    if (this.#has('subscription-end')) this.#drop('end');
    if (this.#has('subscription-connection-drop')) this.visit.cut();
    if (this.#has('subscription-silence'))
      await this.replies.orGone(Promise.race([fault.released, this.#dropped]));
  }
}

const positionOf = ({ position }: StoredEvent): Checkpoint => ({
  commit: position,
  prepare: position,
});
const isBefore = (one: Checkpoint, other: Checkpoint): boolean =>
  one.commit < other.commit || (one.commit === other.commit && one.prepare < other.prepare);

/** The source of events: `$all` or a stream, by index. */
interface Source {
  /** Whether there are events after the checkpoint; refuses a position that cannot be read from. */
  isBehind(checkpoint: Checkpoint): boolean;
  count(): number;
  at(index: number): StoredEvent;
  /** The position of a page that begins at this index. */
  offset(index: number): Checkpoint;
  start(options: WireReadOptions): readonly [cursor: number, checkpoint: Checkpoint];
}

function allSource({ log, view }: Node): Source {
  return {
    isBehind: (checkpoint) => {
      if (!isBefore(checkpoint, { commit: view.lastPosition, prepare: view.lastPosition }))
        return false;
      if (!log.isBoundary(Math.max(0, checkpoint.commit))) throw refusals.invalidPosition();
      return true;
    },
    count: () => view.count,
    at: (index) => log.at(index)!,
    offset: (index) => ({ commit: log.at(index - 1)?.end ?? 0, prepare: 0 }),
    start: ({ all }) => {
      const isEnd = all?.from === 'end' || String(all?.position?.commit) === LARGEST;
      if (isEnd) return [view.count, { commit: view.lastPosition, prepare: view.lastPosition }];
      if (all?.from !== 'position') return [0, BEFORE_ALL];
      const after = {
        commit: Number(all.position?.commit ?? 0),
        prepare: Number(all.position?.prepare ?? 0),
      };
      return [Math.min(log.indexFrom(after.commit), view.count), after];
    },
  };
}

function streamSource({ log, view }: Node, name: string): Source {
  const shown = (): number => {
    const events = log.stream(name)?.events ?? [];
    let count = events.length;
    while (count > 0 && events[count - 1]!.position > view.lastPosition) count--;
    return count;
  };
  return {
    isBehind: () => true,
    count: shown,
    at: (index) => log.stream(name)!.events[index]!,
    offset: () => BEFORE_ALL,
    start: ({ stream }) => {
      const first = log.stream(name)?.truncatedBefore ?? 0;
      if (stream?.from === 'end') return [shown(), BEFORE_ALL];
      if (stream?.from === 'revision')
        return [Math.max(first, Number(stream.revision) + 1), BEFORE_ALL];
      return [first, BEFORE_ALL];
    },
  };
}
