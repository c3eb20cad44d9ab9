import {
  judgeOrder,
  isOrderDecision,
  requestOf,
} from '../../../libs/application/gate/order-judgement.js';
import type { PriceRows } from '../../../libs/application/gate/price-rows.js';
import type { View } from '../../../libs/application/engine/states/view.js';
import type { JudgementTime } from '../../../libs/domain/shared/calendar.js';
import { reasonsOf } from '../../../libs/domain/gate/rulebook.js';
import type { Reason } from '../../../libs/domain/order/reasons.js';
import { upcast } from '../../../libs/event-log/catalogue/catalogue.js';
import type { EventLog, Position } from '../../../libs/event-log/event-log.js';
import { orderDecisions } from '../orders/find-order.js';

export interface OtherOutcome {
  readonly orderId: string;
  readonly stream: string;
  readonly position: Position;
  readonly date: string;
  readonly was: 'accepted' | 'refused';
  readonly would: 'accepted' | 'refused';
  /** The reason code of the refusal, recorded or now. */
  readonly reasons: readonly Reason[];
}

/**
 * Judges every order of the log on another day, with the states of the view. Returns the orders
 * whose outcome differs.
 */
export async function rejudgeOrders(
  log: EventLog,
  priceRows: PriceRows,
  view: View,
  time: JudgementTime,
  upTo: Position,
  advanced: () => void,
): Promise<readonly OtherOutcome[]> {
  const others: OtherOutcome[] = [];
  for await (const { events } of log.readAll({ after: -1, upTo, types: orderDecisions })) {
    for (const order of events.map(upcast).filter(isOrderDecision)) {
      const { decision: was } = order.data;
      const { decision: would } = (await judgeOrder(requestOf(order), time, view, priceRows))
        .judgement;
      advanced();
      if (was.outcome === would.outcome) continue;
      const reasons = reasonsOf(would.outcome === 'refused' ? would : was);
      others.push({
        orderId: order.data.orderId,
        stream: order.stream,
        position: order.position,
        date: was.date,
        was: was.outcome,
        would: would.outcome,
        reasons,
      });
    }
  }
  return others;
}
