import { Injectable } from '@nestjs/common';
import {
  currentTerm,
  type SubscriptionRecord,
} from '../../../domain/billing/subscription/subscription-record.js';
import { decidingObservation } from '../../../domain/gate/case/deciding-observation.js';
import { EventLog, type Position } from '../../../event-log/event-log.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import { customerFold } from '../../records/folds.js';
import { TermPricing } from '../term-pricing.js';
import { termToPrice } from './due-charges.js';

/** What a reader sees beside the record itself. */
export interface SubscriptionFactsToday {
  /** Of one unit for the whole term, as far as they are published. */
  readonly prices: {
    readonly cost?: string;
    readonly customer?: string;
    readonly reseller?: string;
  };
  /** TENANT-1 fails now: the subscription stays, and a person reviews it. */
  readonly isTenantAssociated: boolean;
  /** UTC. */
  readonly today: string;
}

/** The locked prices of a subscription, and whether its customer needs a review. */
@Injectable()
export class SubscriptionViews {
  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly pricing: TermPricing,
    private readonly clock: Clock,
  ) {}

  async factsOf(record: SubscriptionRecord, known?: Position): Promise<SubscriptionFactsToday> {
    const { date: today, latestDate } = this.clock.judgementTime();
    const { sold } = record;
    const term = currentTerm(record);
    const prices = await this.pricing.pricesOf(
      termToPrice(sold, term),
      known ?? (await this.log.head()),
    );
    const cost = sold.family === 'partner-owned' ? undefined : (term.stated.cost ?? prices.cost);
    const customer = term.stated.customer ?? prices.customer?.unitPrice;
    const reseller = term.stated.reseller ?? prices.reseller?.unitPrice;
    return {
      prices: {
        ...(cost !== undefined && { cost }),
        ...(customer !== undefined && { customer }),
        ...(reseller !== undefined && { reseller }),
      },
      isTenantAssociated: await this.isAssociated(record, today, latestDate),
      today,
    };
  }

  private async isAssociated(
    { sold }: SubscriptionRecord,
    today: string,
    latestDate: string,
  ): Promise<boolean> {
    const { state } = await this.states.load(customerFold(sold.tenantId));
    return (
      decidingObservation(state.observations, latestDate)?.associated === true ||
      state.registrations.some(({ endedOn }) => endedOn === undefined || today < endedOn)
    );
  }
}
