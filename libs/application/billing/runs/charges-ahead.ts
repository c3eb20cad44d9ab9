import type { PayerAccount } from '../../../domain/billing/account/payer-account.js';
import { evolvePayerAccount } from '../../../domain/billing/account/payer-account.js';
import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import { recordCharges } from '../../../domain/billing/account/record-charges.js';
import {
  customerPayer,
  partnerPayer,
  type Payer,
} from '../../../domain/billing/parties/billing-profile.js';
import { decideTermEnd } from '../../../domain/billing/subscription/subscription.decide.js';
import type { SubscriptionEvent } from '../../../domain/billing/subscription/subscription-events.js';
import { windowDaysOf } from '../../../domain/billing/subscription/order-lines.js';
import {
  evolveSubscription,
  isRunning,
  type SubscriptionRecord,
} from '../../../domain/billing/subscription/subscription-record.js';
import { nextTermStart } from '../../../domain/billing/terms/term.js';
import { type Program, requiredPolicyOn } from '../../../domain/program/program.js';
import { addDays, daysBetween } from '../../../domain/shared/calendar.js';
import { assumed } from '../../../domain/shared/event.js';
import { partnerId, type SubscriptionId, tenantId } from '../../../domain/shared/ids.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import { readState } from '../../engine/states/view.js';
import { subscriptionFold } from '../../records/folds.js';
import { DueCharges } from '../subscriptions/due-charges.js';
import { pagesOf } from '../subscriptions/subscription-reads.js';
import type { TermPricing } from '../term-pricing.js';

export interface AheadParts {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly pricing: Pick<TermPricing, 'pricesOf'>;
}

export interface AheadOf {
  readonly program: Program;
  readonly knownAt: Position;
  /** The last day whose charges are recorded, and the last day to compute. */
  readonly today: string;
  readonly through: string;
}

/** Cycles start on the same day of every month, so a month of days has all of them. */
const DAYS_OF_A_MONTH = 31;

/**
 * The charges that fall due after today, if nothing but the passing of days happens: cycles start,
 * and terms that end are renewed at the prices that are published now, or expire.
 */
export class ChargesAhead {
  private readonly due: DueCharges;

  constructor(
    private readonly parts: AheadParts,
    private readonly of: AheadOf,
  ) {
    this.due = new DueCharges(parts.log, parts.pricing, (day) => this.policyOn(day));
  }

  /** Every payer with a cycle or a term that may start on these days. */
  async payers(): Promise<ReadonlySet<Payer>> {
    const { today, through, knownAt: covering } = this.of;
    const payers = new Set<Payer>();
    const days = Math.min(daysBetween(today, through), DAYS_OF_A_MONTH);
    for (let day = 1; day <= days; day += 1) {
      const dueOn = addDays(today, day);
      const pages = pagesOf((after) =>
        this.parts.readModels.scanSubscriptions({ dueOn, covering, after }),
      );
      for await (const page of pages)
        for (const { record } of page) for (const payer of payersOf(record)) payers.add(payer);
    }
    return payers;
  }

  /** The account as it will be on the last day. */
  async accountOf(payer: Payer, account: PayerAccount): Promise<PayerAccount> {
    const { today: since, through, knownAt } = this.of;
    let ahead = account;
    for await (const subscriptionId of this.subscriptionsOf(payer)) {
      const known = await readState(this.parts.log, subscriptionFold(subscriptionId), {
        upTo: knownAt,
      });
      if (!known.state.record) continue;
      const record = this.lived(known.state.record);
      const due = await this.due.ofSubscription(record, { since, through, knownAt });
      ahead = recordCharges(
        ahead,
        due.filter((one) => one.payer === payer),
      )
        .map((event) => assumed<AccountEvent>(event))
        .reduce(evolvePayerAccount, ahead);
    }
    return ahead;
  }

  /** The subscription with all of its terms that begin by the last day. */
  private lived(record: SubscriptionRecord): SubscriptionRecord {
    let state: { readonly record?: SubscriptionRecord } = { record };
    let now = record;
    for (;;) {
      const day = nextTermStart(now.subscription.term);
      if (!isRunning(now.subscription) || day > this.of.through) return now;
      const windowDays = windowDaysOf(now.sold, this.policyOn(day));
      const events = decideTermEnd(now, { day, windowDays, begunAt: this.of.knownAt });
      if (events.length === 0) return now;
      for (const event of events)
        state = evolveSubscription(state, assumed<SubscriptionEvent>(event));
      if (!state.record) return now;
      now = state.record;
    }
  }

  private async *subscriptionsOf(payer: Payer): AsyncGenerator<SubscriptionId> {
    const id = payer.slice(payer.indexOf(':') + 1);
    const { readModels } = this.parts;
    const covering = this.of.knownAt;
    if (payer.startsWith('partner:')) {
      const pages = pagesOf((after) =>
        readModels.scanSubscriptions({ partnerId: partnerId(id), covering, after }),
      );
      for await (const page of pages)
        for (const { record } of page)
          if (payersOf(record).includes(payer)) yield record.subscriptionId;
      return;
    }
    for (let cursor: string | undefined; ;) {
      const { items, nextCursor } = await readModels.listSubscriptions({
        tenantId: tenantId(id),
        minPosition: covering,
        limit: 500,
        cursor,
      });
      for (const { record } of items) yield record.subscriptionId;
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  private policyOn(day: string) {
    return requiredPolicyOn(this.of.program, day).policy;
  }
}

/** The customer, and the reseller if a provider bills it. */
const payersOf = ({ sold }: SubscriptionRecord): readonly Payer[] => [
  customerPayer(sold.tenantId),
  ...(sold.providerId === undefined ? [] : [partnerPayer(sold.partnerId)]),
];
