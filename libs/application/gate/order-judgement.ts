import type { Customer, CustomerEvent } from '../../domain/customer/customer.js';
import type { Facts } from '../../domain/gate/case/facts.js';
import type { OrderRequest } from '../../domain/order/order.js';
import { type Judgement, judge, type Ruleset } from '../../domain/gate/rulebook.js';
import { rulesetNamed } from '../../domain/gate/rulesets.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import type { Program } from '../../domain/program/program.js';
import { type JudgementTime, latestDateOnEarth } from '../../domain/shared/calendar.js';
import { type StreamName, tenantId } from '../../domain/shared/ids.js';
import { customerStream } from '../../domain/shared/streams.js';
import type { KnownEvent } from '../../event-log/catalogue/catalogue.js';
import { canonicalJson } from '../../event-log/canonical.js';
import type { EventLog } from '../../event-log/event-log.js';
import { UnknownRuleset } from './failures.js';
import type { Logged } from '../engine/commands/decision.js';
import type { Loaded } from '../engine/states/fold.js';
import { RecordedView, type View } from '../engine/states/view.js';
import { gatherFacts } from './order-facts.js';
import type { PriceRows } from './price-rows.js';

export interface Judged {
  readonly judgement: Judgement;
  readonly facts: Facts;
}

/** Judges an order by the ruleset that is active in the view. */
export async function judgeOrder(
  order: OrderRequest,
  time: JudgementTime,
  view: View,
  priceRows: PriceRows,
  target?: Loaded<Customer>,
): Promise<Judged> {
  const facts = await gatherFacts(order, time, view, priceRows, activeRuleset, target);
  return { judgement: judge(order, facts, activeRuleset(facts.program)), facts };
}

export function activeRuleset(program: Program): Ruleset {
  return known(program.ruleset?.name ?? 'none');
}

function known(name: string): Ruleset {
  const ruleset = rulesetNamed(name);
  if (!ruleset) throw new UnknownRuleset(name);
  return ruleset;
}

export type OrderDecidedEvent = Logged<
  Extract<CustomerEvent, { type: 'OrderPlaced' | 'OrderRefused' }>
>;

export const isOrderDecision = (event: Logged<KnownEvent>): event is OrderDecidedEvent =>
  event.type === 'OrderPlaced' || event.type === 'OrderRefused';

/**
 * Reproduces a recorded decision: judges the order by the ruleset that the decision names, at the
 * revisions and the instant that it recorded. The result must equal the record on every store;
 * `sekisho verify` reports a difference as a finding.
 */
export async function reproduceDecision(
  event: OrderDecidedEvent,
  log: EventLog,
  priceRows: PriceRows,
  /** A caller that reads the whole log passes a view of the states that it has already. */
  recordedView: (revisions: ReadonlyMap<StreamName, number>) => View = (revisions) =>
    new RecordedView(log, revisions),
): Promise<{ readonly holds: boolean; readonly derived: StoredDecision }> {
  const { decision } = event.data;
  const revisions = new Map(decision.reads.map(([stream, revision]) => [stream, revision]));
  const order = requestOf(event);
  const view = recordedView(revisions.set(customerStream(order.tenantId), event.revision - 1));

  const ruleset = known(decision.ruleset);
  const facts = await gatherFacts(order, timeOf(decision), view, priceRows, () => ruleset);
  const judgement = judge(order, facts, ruleset);
  const holds =
    canonicalJson([judgement.decision, judgement.lines, judgement.total ?? null]) ===
    canonicalJson([decision, event.data.lines, event.data.total ?? null]);
  return { holds, derived: judgement.decision };
}

/**
 * Validates an accepted order: judges it by the ruleset that is active at its position, using only
 * the events before it. `before` is the view of the log before the order's event.
 */
export async function validateOrder(
  event: OrderDecidedEvent,
  before: View,
  priceRows: PriceRows,
): Promise<StoredDecision> {
  const { judgement } = await judgeOrder(
    requestOf(event),
    timeOf(event.data.decision),
    before,
    priceRows,
  );
  return judgement.decision;
}

/** The dates of the judgement follow from the recorded instant. */
const timeOf = ({ judgedAt, date }: StoredDecision): JudgementTime => ({
  instant: judgedAt,
  date,
  latestDate: latestDateOnEarth(judgedAt),
});

/** The request as it was judged: its lines without the fields that the price list added. */
export function requestOf({ stream, data }: OrderDecidedEvent): OrderRequest {
  return {
    partnerId: data.partnerId,
    tenantId: tenantOfStream(stream),
    currency: data.currency,
    lines: data.lines.map(({ offerId, quantity, term, billingPlan }) => ({
      offerId,
      quantity,
      term,
      billingPlan,
    })),
    ...(data.providerId === undefined ? {} : { providerId: data.providerId }),
    ...(data.reference === undefined ? {} : { reference: data.reference }),
    ...(data.subscriptionId === undefined ? {} : { subscriptionId: data.subscriptionId }),
  };
}

const tenantOfStream = (stream: StreamName): OrderRequest['tenantId'] =>
  tenantId(stream.slice('customer-'.length));
