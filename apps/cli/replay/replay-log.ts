import {
  isOrderDecision,
  reproduceDecision,
  type OrderDecidedEvent,
  validateOrder,
} from '../../../libs/application/gate/order-judgement.js';
import { OrderedStates } from '../../../libs/application/engine/states/ordered-states.js';
import type { PriceRows } from '../../../libs/application/gate/price-rows.js';
import { foldOf } from '../../../libs/application/records/folds.js';
import { reasonsOf } from '../../../libs/domain/gate/rulebook.js';
import type { StoredDecision } from '../../../libs/domain/order/stored-decision.js';
import { upcast } from '../../../libs/event-log/catalogue/catalogue.js';
import { newEventId } from '../../../libs/event-log/identity.js';
import type { EventLog, LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import { differenceOf, type ReplayFinding, finding } from './finding.js';

export interface Replayed {
  readonly events: number;
  readonly accepted: number;
  readonly refused: number;
  readonly voided: number;
  readonly findings: readonly ReplayFinding[];
  /** The states at the end. */
  readonly states: OrderedStates;
}

const STREAMS_AT_MOST = 50_000;

/**
 * Reads the log in order, up to a position. Folds every event, compares its id with its content,
 * reproduces every decision from its recorded facts, and validates every accepted order on the
 * events before it.
 */
export async function replayLog(
  log: EventLog,
  priceRows: PriceRows,
  upTo: Position,
  advanced: (events: number) => void,
): Promise<Replayed> {
  const replay = new Replay(log, priceRows);
  for await (const { events } of log.readAll({ after: -1, upTo })) {
    for (const event of events) await replay.take(event);
    advanced(events.length);
  }
  return replay.result();
}

class Replay {
  private readonly states: OrderedStates;
  private readonly findings: ReplayFinding[] = [];
  private readonly revisions = new Map<string, number>();
  /** Accepted orders that are not valid. An `OrderVoided` must follow each. */
  private readonly invalid = new Map<
    string,
    { readonly order: OrderDecidedEvent; readonly decision: StoredDecision }
  >();
  private events = 0;
  private accepted = 0;
  private refused = 0;
  private voided = 0;

  constructor(
    private readonly log: EventLog,
    private readonly priceRows: PriceRows,
  ) {
    this.states = new OrderedStates(log, foldOf, { streamsAtMost: STREAMS_AT_MOST });
  }

  async take(event: LoggedEvent): Promise<void> {
    this.checkOrder(event);
    this.checkIdentity(event);
    const known = upcast(event);
    if (isOrderDecision(known)) await this.checkDecision(known);
    if (known.type === 'OrderVoided') this.checkVoided(known, known.data);
    this.states.follow(event);
    this.events += 1;
  }

  result(): Replayed {
    const { events, accepted, refused, voided, states } = this;
    const open = [...this.invalid.values()].map(({ order, decision }) =>
      finding(
        'standing',
        order,
        `the events before it forbid it: ${reasonsOf(decision).join(', ')}`,
      ),
    );
    return {
      events,
      accepted,
      refused,
      voided,
      states,
      findings: [...this.findings, ...open].sort((a, b) => a.position - b.position),
    };
  }

  private checkOrder(event: LoggedEvent): void {
    const expected = (this.revisions.get(event.stream) ?? -1) + 1;
    if (event.position !== this.events)
      this.findings.push(
        finding('order', event, `position ${event.position} instead of ${this.events}`),
      );
    if (event.revision !== expected)
      this.findings.push(
        finding('order', event, `revision ${event.revision} instead of ${expected}`),
      );
    this.revisions.set(event.stream, event.revision);
  }

  private checkIdentity(event: LoggedEvent): void {
    const { commandId, index } = event.metadata;
    if (newEventId({ ...event, commandId, index }) !== event.id)
      this.findings.push(
        finding('identity', event, `its id ${event.id} does not match its content`),
      );
  }

  private async checkDecision(order: OrderDecidedEvent): Promise<void> {
    const { holds, derived } = await reproduceDecision(
      order,
      this.log,
      this.priceRows,
      (revisions) => this.states.at(revisions),
    );
    if (!holds)
      this.findings.push(finding('derivation', order, differenceOf(order.data.decision, derived)));
    if (order.type === 'OrderRefused') {
      this.refused += 1;
      return;
    }
    this.accepted += 1;
    const decision = await validateOrder(order, this.states, this.priceRows);
    if (decision.outcome === 'refused') this.invalid.set(order.data.orderId, { order, decision });
  }

  private checkVoided(event: LoggedEvent, { orderId }: { readonly orderId: string }): void {
    this.voided += 1;
    if (!this.invalid.delete(orderId))
      this.findings.push(finding('standing', event, 'it voids a valid order'));
  }
}
