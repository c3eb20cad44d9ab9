import type { OrderDecidedEvent } from '../../../libs/application/gate/order-judgement.js';
import type { OrderStatus } from '../../../libs/domain/order/order.js';
import {
  type RenderedCheck,
  type RenderedDecision,
  type RenderedEvidence,
  sourceOf,
} from '../../../libs/domain/gate/decision-view.js';
import { rulesetNamed } from '../../../libs/domain/gate/rulesets.js';
import type { Money } from '../../../libs/domain/shared/money.js';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import { rendered } from '../orders/decision-text.js';
import type { Terminal } from '../running/terminal.js';

export interface Explanation {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly partnerId: string;
  readonly tenantId: string;
  readonly total?: Money;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly decision: Omit<RenderedDecision, 'checks'> & {
    readonly checks: readonly ExplainedCheck[];
  };
}

export interface ExplainedCheck extends Omit<RenderedCheck, 'evidence'> {
  /** The sentence of the program that the rule enforces. */
  readonly source: string;
  readonly evidence: readonly (RenderedEvidence & { readonly type: string })[];
}

/** A recorded decision with each rule's source, and the type of each event that proves it. */
export async function explanation(
  log: EventLog,
  order: OrderDecidedEvent,
  status: OrderStatus,
  terminal: Terminal,
): Promise<Explanation> {
  const { orderId, partnerId, total, decision } = order.data;
  const { checks, ...head } = await rendered(log, decision, order.stream, terminal);
  const typeOf = eventTypes(log);
  const explained: ExplainedCheck[] = [];
  for (const check of checks) {
    const evidence = await Promise.all(
      check.evidence.map(async (ref) => ({ ...ref, type: await typeOf(ref) })),
    );
    explained.push({ ...check, source: ruleSource(decision.ruleset, check, terminal), evidence });
  }
  return {
    orderId,
    status,
    partnerId,
    tenantId: order.stream.slice('customer-'.length),
    ...(total ? { total } : {}),
    stream: order.stream,
    revision: order.revision,
    position: String(order.position),
    decision: { ...head, checks: explained },
  };
}

function ruleSource(ruleset: string, { rule }: RenderedCheck, terminal: Terminal): string {
  const judgedBy = rulesetNamed(ruleset);
  const source = judgedBy && sourceOf(judgedBy, rule);
  return source ? terminal.text(source) : '';
}

/** Several rules refer to the same events, so each event is read once. */
function eventTypes(log: EventLog): (ref: RenderedEvidence) => Promise<string> {
  const types = new Map<string, Promise<string>>();
  return (ref) => {
    const type = types.get(ref.eventId) ?? read(ref);
    types.set(ref.eventId, type);
    return type;
  };

  async function read({ stream, revision }: RenderedEvidence): Promise<string> {
    for await (const [event] of log.readStream(stream, { from: revision, limit: 1 }))
      if (event) return event.type;
    return '?';
  }
}
