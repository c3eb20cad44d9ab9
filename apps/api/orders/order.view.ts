import type { OrderDecided } from '../../../libs/domain/customer/customer.js';
import {
  renderDecision,
  type RenderedDecision,
  renderOutcome,
} from '../../../libs/domain/gate/decision-view.js';
import type { OrderStatus } from '../../../libs/domain/order/order.js';
import type { Language } from '../../../libs/domain/gate/reason-texts.js';
import type { StoredDecision } from '../../../libs/domain/order/stored-decision.js';
import type { Program } from '../../../libs/domain/program/program.js';
import type { StreamName } from '../../../libs/domain/shared/ids.js';
import type { OrderHistory } from '../../../libs/application/gate/order-history.js';

/** What a view of a decision needs in addition to the decision. */
export interface Rendering {
  readonly targetStream: StreamName;
  readonly language: Language;
  readonly program: Program;
}

export function shownDecision(
  decision: StoredDecision,
  { targetStream, language, program }: Rendering,
): RenderedDecision {
  return renderDecision(
    decision,
    targetStream,
    language,
    policyEffectiveFrom(program, decision.policy),
  );
}

/** The decision without its checks, for `Prefer: return=minimal`. */
export function shownOutcome(
  decision: StoredDecision,
  { program }: Rendering,
): Omit<RenderedDecision, 'checks'> {
  return renderOutcome(decision, policyEffectiveFrom(program, decision.policy));
}

/**
 * The first day of the policy that was published at this revision of `program`. A decision names
 * only policies that exist.
 */
function policyEffectiveFrom({ policies }: Program, revision: number): string {
  const published = policies.find(({ proof }) => proof.revision === revision);
  if (!published) throw new Error(`no policy was published at revision ${revision} of program`);
  return published.effectiveFrom;
}

/** On a log without guards an accepted order is pending until it is validated. */
export type ShownHistory = Omit<OrderHistory, 'status'> & { readonly status: OrderStatus };

/**
 * An order as the API shows it. A refused order has the decision that refused it; a voided order
 * also has the decision that voided it.
 */
export function orderView(
  order: OrderDecided,
  tenantId: string,
  history: ShownHistory,
  rendering: Rendering,
) {
  const { decision, ...asked } = order;
  // `cancelled` is an OrderCancelled
  const cancelled = history.cancelled?.data;
  const voided = history.voided?.data;
  return {
    ...asked,
    tenantId,
    status: history.status,
    placedAt: decision.judgedAt,
    date: decision.date,
    decision: shownDecision(decision, rendering),
    ...(cancelled ? { cancellation: { on: cancelled.on, reason: cancelled.reason } } : {}),
    ...(voided ? { voidedBy: shownDecision(voided.decision, rendering) } : {}),
  };
}
