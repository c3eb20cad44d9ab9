import { LRUCache } from 'lru-cache';
import type { StreamName } from '../../domain/shared/ids.js';
import { WrongRevision } from '../../event-log/errors.js';
import type { EventLog, LoggedEvent, Position } from '../../event-log/event-log.js';
import { newEventId, processCommandId } from '../../event-log/identity.js';
import type { Fold, Loaded } from '../states/fold.js';
import { readState, step, View } from '../states/view.js';
import { type OrderDecidedEvent, standing } from './judge-order.js';
import type { PriceRows } from './price-rows.js';

const STREAMS_AT_MOST = 10_000;
const VOID_ATTEMPTS_AT_MOST = 64;

/** The standing states: written only by the turns of the subscription, so that each turn sees exactly what precedes its event. */
class StandingStates extends View {
  private readonly held = new LRUCache<StreamName, Loaded<unknown> & { readonly fold: Fold<unknown> }>({ max: STREAMS_AT_MOST });
  /** The event whose turn it is. */
  turn: Position = -1;

  constructor(private readonly log: EventLog) {
    super();
  }

  async load<State>(fold: Fold<State>): Promise<Loaded<State>> {
    const held = this.held.get(fold.stream) ?? {
      fold: fold as Fold<unknown>,
      ...(await readState(this.log, fold, { upTo: this.turn - 1 })),
    };
    this.held.set(fold.stream, held);
    return held as unknown as Loaded<State>; // a stream has one fold, named by its stream
  }

  follow(event: LoggedEvent): void {
    const held = this.held.peek(event.stream);
    if (held) this.held.set(event.stream, { ...held, state: step(held.fold, held.state, event), revision: event.revision });
  }
}

/**
 * Makes sure of each accepted order on a log without guards, whatever handler died: in the turn of the order's own event it is judged
 * by what precedes it; if it does not stand, exactly one `OrderVoided` follows, under the same command id whoever appends it.
 */
export class StandingProcess {
  private readonly states: StandingStates;
  private readonly verdicts = new LRUCache<string, { readonly voided: LoggedEvent | undefined }>({ max: STREAMS_AT_MOST });
  private readonly waiting = new Map<string, ((voided: LoggedEvent | undefined) => void)[]>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** Everything up to this position has been judged. */
  checkpoint: Position;

  constructor(
    private readonly log: EventLog,
    private readonly priceRows: PriceRows,
    after: Position = -1,
  ) {
    this.states = new StandingStates(log);
    this.checkpoint = after;
  }

  start(onError: (error: unknown) => void): void {
    this.running = this.run().catch(onError);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Resolves in the order's turn: the event that voided it, or undefined when it stands. */
  verdictOn(order: LoggedEvent): Promise<LoggedEvent | undefined> {
    const known = this.verdicts.get(order.id);
    if (known) return Promise.resolve(known.voided);
    return new Promise((resolve) => this.waiting.set(order.id, [...(this.waiting.get(order.id) ?? []), resolve]));
  }

  private async run(): Promise<void> {
    for await (const { events } of this.log.subscribe({ after: this.checkpoint, signal: this.stopping.signal })) {
      for (const event of events) await this.take(event);
    }
  }

  private async take(event: LoggedEvent): Promise<void> {
    this.states.turn = event.position;
    if (event.type === 'OrderPlaced') this.tell(event, await this.judge(event as OrderDecidedEvent));
    this.states.follow(event);
    this.checkpoint = event.position;
  }

  private async judge(order: OrderDecidedEvent): Promise<LoggedEvent | undefined> {
    const decision = await standing(order, this.states, this.priceRows);
    if (decision.outcome === 'accepted') return undefined;

    const commandId = processCommandId('standing', order.id, 'void');
    const data = { orderId: order.data.orderId, decision };
    const id = newEventId({ commandId, index: 0, stream: order.stream, type: 'OrderVoided', version: 1, data });
    const metadata = { commandId, index: 0, actor: 'process:standing', correlationId: order.metadata.correlationId, causationId: order.id };
    return this.append(order.stream, { id, type: 'OrderVoided', version: 1, data, metadata });
  }

  /** Behind whatever has come since; one that another process appended first is the one that counts. */
  private async append(
    stream: StreamName,
    event: Omit<LoggedEvent, 'position' | 'stream' | 'revision' | 'recordedAt'>,
  ): Promise<LoggedEvent> {
    for (let attempt = 0; attempt < VOID_ATTEMPTS_AT_MOST; attempt += 1) {
      const [already] = await this.log.eventsOfCommand(event.metadata.commandId);
      if (already) return already;
      try {
        const appended = await this.log.append({ stream, expectedRevision: await this.log.revisionOf(stream), events: [event] });
        const [voided] = appended.events;
        if (voided) return voided;
      } catch (error) {
        if (!(error instanceof WrongRevision)) throw error;
      }
    }
    throw new Error(`${stream} moved ${VOID_ATTEMPTS_AT_MOST} times while an order was being voided`);
  }

  private tell(order: LoggedEvent, voided: LoggedEvent | undefined): void {
    this.verdicts.set(order.id, { voided });
    for (const resolve of this.waiting.get(order.id) ?? []) resolve(voided);
    this.waiting.delete(order.id);
  }
}
