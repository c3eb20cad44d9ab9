import { Injectable } from '@nestjs/common';
import type { OrderRequest } from '../../domain/order/order.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import { EventLog, type Position } from '../../event-log/event-log.js';
import { judgeOrder } from '../gate/order-judgement.js';
import { PriceRows } from '../gate/price-rows.js';
import { DayEffects } from '../days/day-effects.js';
import { ProgramHistory } from '../records/program-history.js';
import { StateCache } from '../engine/states/state-cache.js';
import { PastView } from '../engine/states/view.js';
import { Clock, timeOf } from '../engine/time/clock.js';

export interface CheckedEligibility {
  readonly decision: StoredDecision;
  /** The log position up to which the check used events. */
  readonly knownAt: Position;
}

/**
 * Judges an order without placing it: the same rules on the same facts, for any date and any past
 * state of the log. Appends nothing.
 */
@Injectable()
export class EligibilityChecks {
  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly priceRows: PriceRows,
    private readonly clock: Clock,
    private readonly history: ProgramHistory,
    private readonly days: DayEffects,
  ) {}

  /**
   * `asOf`: a business date (UTC). `knownAt`: a position or an instant. `head`: the log's head, if
   * the caller has just read it.
   */
  async check(
    order: OrderRequest,
    asOf?: string,
    knownAt?: string,
    head?: Position,
  ): Promise<CheckedEligibility> {
    const seen =
      knownAt === undefined
        ? await this.days.headFor(order.partnerId, head ?? (await this.log.head()))
        : head;
    const position = await this.history.resolve(knownAt, seen);
    const view = knownAt === undefined ? this.states : new PastView(this.log, position);
    const { judgement } = await judgeOrder(
      order,
      timeOf(this.clock.judgementTime(), asOf),
      view,
      this.priceRows,
    );
    return { decision: judgement.decision, knownAt: position };
  }
}
