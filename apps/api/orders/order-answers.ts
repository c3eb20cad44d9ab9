import { Injectable } from '@nestjs/common';
import type { Committed } from '../../../libs/application/engine/commands/decision.js';
import { StateCache } from '../../../libs/application/engine/states/state-cache.js';
import { programFold } from '../../../libs/application/records/folds.js';
import type { Recorded } from '../../../libs/domain/shared/event.js';
import type { CustomerEvent } from '../../../libs/domain/customer/customer.js';
import { reasonsOf } from '../../../libs/domain/gate/rulebook.js';
import type { StreamName } from '../../../libs/domain/shared/ids.js';
import { headOf } from '../commands/command-answer.js';
import { prefersMinimal } from '../http/request/preferences.js';
import type { RequestContext } from '../http/request/request-context.js';
import { answer, problemAnswer } from '../http/response/answer.js';
import { type Rendering, shownDecision, shownOutcome } from './order.view.js';

/** Whether a command's events are the decision on an order. */
export const isDecided = (did: Committed): did is Committed<CustomerEvent> =>
  isDecision(did.events[0]);

const isDecision = (event: Recorded | undefined): boolean =>
  event?.type === 'OrderPlaced' || event?.type === 'OrderRefused';

/** Answers to commands that place an order. */
@Injectable()
export class OrderAnswers {
  constructor(private readonly states: StateCache) {}

  /**
   * A refusal is a recorded decision: the problem document has the order's id and all reasons.
   * `beside`: further members of the answer to a placed order.
   */
  async decided(
    ctx: RequestContext,
    did: Committed<CustomerEvent>,
    beside: object = {},
  ): Promise<string> {
    const [decided] = did.events;
    if (decided?.type !== 'OrderPlaced' && decided?.type !== 'OrderRefused')
      throw new Error('an order is always decided');
    const { orderId, lines, total, decision } = decided.data;
    const voided = did.events.find((event) => event.type === 'OrderVoided');
    const counts = voided?.data.decision ?? decision;
    const isMinimal = prefersMinimal(ctx.request.headers['prefer']);
    const shown = (isMinimal ? shownOutcome : shownDecision)(
      counts,
      await this.rendering(ctx, decided.stream),
    );
    const applied = isMinimal ? { headers: { 'preference-applied': 'return=minimal' } } : {};
    const head = { ...headOf(did), location: `/v1/orders/${orderId}`, ...applied };
    if (counts.outcome === 'accepted')
      return answer(
        ctx,
        { orderId, status: 'placed', total, lines, decision: shown, ...beside },
        { ...head, status: 201 },
      );
    if (!did.replayed) ctx.request.admission?.orderRefused();
    return problemAnswer(
      ctx,
      'order-refused',
      { extensions: { orderId, reasons: reasonsOf(counts), decision: shown } },
      head,
    );
  }

  async rendering(ctx: RequestContext, customer: StreamName): Promise<Rendering> {
    const { state: program } = await this.states.load(programFold);
    return { targetStream: customer, language: ctx.language, program };
  }
}
