import type {
  BlockedCharges,
  RecordedCharge,
} from '../../../domain/billing/account/account-events.js';
import type { ChargesDue } from '../../../domain/billing/account/record-charges.js';
import {
  type ChargeBasis,
  oneTimeCharge,
  oneTimeCredit,
} from '../../../domain/billing/charges/charge-basis.js';
import {
  type ChargeSource,
  priceCharge,
  type Relation,
} from '../../../domain/billing/charges/charge.js';
import { customerPayer, partnerPayer } from '../../../domain/billing/parties/billing-profile.js';
import type { LockedPrices, TermToPrice } from '../../../domain/billing/prices/term-prices.js';
import type { OneTimeOrder } from '../../../domain/billing/subscription/order-lines.js';
import type { SubscribedOffer } from '../../../domain/billing/subscription/subscription-events.js';
import {
  chargesThrough,
  type RecordedTerm,
  type SubscriptionRecord,
} from '../../../domain/billing/subscription/subscription-record.js';
import type { Policy } from '../../../domain/program/policy.js';
import type { BillingEntityId, EventId, PartnerId } from '../../../domain/shared/ids.js';
import { eventId } from '../../../domain/shared/ids.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import { chargeIdOf } from '../../../event-log/identity.js';
import { StateHistory } from '../../engine/states/state-history.js';
import { partnerBillingFold } from '../billing-folds.js';
import type { TermPricing } from '../term-pricing.js';

/** Which charges are wanted: those of these days, at the prices published by a position. */
export interface DueIn {
  readonly since: string;
  readonly through: string;
  readonly knownAt: Position;
}

type PricedTerm = Pick<TermToPrice, 'term' | 'billingPlan' | 'quantity' | 'from' | 'beganAt'>;

/** The term of a subscription, as the prices need it. */
export const termToPrice = (sold: SubscribedOffer, term: RecordedTerm): TermToPrice =>
  priceable(sold, pricedTerm(term));

const pricedTerm = (term: RecordedTerm): PricedTerm => ({
  term: term.duration,
  billingPlan: term.billingPlan,
  quantity: term.quantity,
  from: term.from,
  // The first lists of the month count for an imported term.
  beganAt: term.begunAt ?? 0,
});

const priceable = (
  { offerId, currency, segment, family, market = '', partnerId, providerId }: SubscribedOffer,
  term: PricedTerm,
): TermToPrice => ({
  ...term,
  offerId,
  currency,
  segment,
  family,
  market,
  seller: partnerId,
  ...(providerId !== undefined && { provider: providerId }),
});

/** Charges at the same prices: those of a term, or a one-time purchase. */
interface Priceable {
  readonly source: ChargeSource;
  readonly sold: SubscribedOffer;
  readonly term: Omit<
    TermToPrice,
    'offerId' | 'currency' | 'segment' | 'family' | 'market' | 'seller' | 'provider'
  >;
  /** Prices that the event states; they come before published ones. */
  readonly stated: RecordedTerm['stated'];
  /** Days of the term; a one-time purchase has none. */
  readonly dates?: { readonly from: string; readonly to: string };
  readonly charges: readonly (ChargeBasis & { readonly causedBy: EventId })[];
}

interface Issued {
  readonly issuer: PartnerId;
  readonly entityId: BillingEntityId;
  readonly relation: Relation;
}

/** Computes the charges of subscriptions and one-time purchases, for the relations that bill. */
export class DueCharges {
  private readonly entities: StateHistory;

  constructor(
    log: EventLog,
    private readonly pricing: Pick<TermPricing, 'pricesOf'>,
    private readonly policyOn: (day: string) => Policy,
  ) {
    this.entities = new StateHistory(log);
  }

  async ofSubscription(record: SubscriptionRecord, due: DueIn): Promise<readonly ChargesDue[]> {
    const { sold, subscriptionId } = record;
    const charges = chargesThrough(record, due.through).filter(
      ({ charge }) => due.since <= charge.date,
    );
    const priceables = [...Map.groupBy(charges, ({ term }) => term)].map(
      ([term, ofTerm]): Priceable => ({
        source: { subscriptionId },
        sold,
        term: pricedTerm(term),
        stated: term.stated,
        dates: { from: term.from, to: term.to },
        // `causedBy` is the id of the event that the fold was given.
        charges: ofTerm.map(({ charge }) => ({ ...charge, causedBy: eventId(charge.causedBy) })),
      }),
    );
    return this.priced(priceables, due.knownAt);
  }

  ofOneTimeOrder(order: OneTimeOrder, due: DueIn): Promise<readonly ChargesDue[]> {
    const { orderId, on, placedBy, begunAt, cancelled } = order;
    const priceables = order.lines.map(({ line, sold, quantity, unitPrice }): Priceable => ({
      source: { orderId, line },
      sold,
      term: { term: 'none', billingPlan: 'one_time', quantity, from: on, beganAt: begunAt },
      stated: { cost: unitPrice },
      charges: [
        { ...oneTimeCharge(on, quantity), causedBy: placedBy },
        ...(cancelled
          ? [{ ...oneTimeCredit(on, quantity, cancelled.on), causedBy: cancelled.by }]
          : []),
      ],
    }));
    return this.priced(priceables, due.knownAt);
  }

  private async priced(
    priceables: readonly Priceable[],
    knownAt: Position,
  ): Promise<readonly ChargesDue[]> {
    const due: ChargesDue[] = [];
    for (const priceable of priceables) {
      const issuers = await this.issuersOf(priceable.sold, knownAt);
      if (issuers.length === 0) continue;
      const prices = await this.pricesOf(priceable, knownAt);
      for (const issued of issuers) due.push(this.dueIn(priceable, issued, prices));
    }
    return due;
  }

  /** The seller bills the customer, the provider its reseller; each only with a billing entity. */
  private async issuersOf(
    { partnerId, providerId, family }: SubscribedOffer,
    knownAt: Position,
  ): Promise<readonly Issued[]> {
    const relations: [Relation, PartnerId | undefined][] = [
      ['customer', partnerId],
      ['reseller', family === 'partner-owned' ? undefined : providerId],
    ];
    const issuers: Issued[] = [];
    for (const [relation, issuer] of relations) {
      if (issuer === undefined) continue;
      const states = await this.entities.upTo(partnerBillingFold(issuer), knownAt);
      const entity = states.at(-1)?.state.entity;
      if (entity) issuers.push({ issuer, entityId: entity.entityId, relation });
    }
    return issuers;
  }

  private pricesOf({ sold, term }: Priceable, knownAt: Position): Promise<LockedPrices> {
    return this.pricing.pricesOf(priceable(sold, term), knownAt);
  }

  private dueIn(
    { source, sold, term, stated, dates, charges }: Priceable,
    { issuer, entityId, relation }: Issued,
    prices: LockedPrices,
  ): ChargesDue {
    const { tenantId, partnerId, currency, market, offerId, title, family } = sold;
    const named: Pick<BlockedCharges, 'source' | 'from'> = { source, from: term.from };
    const base = {
      payer: relation === 'customer' ? customerPayer(tenantId) : partnerPayer(partnerId),
      entityId,
      currency,
      partnerId: issuer,
      relation,
    };
    const cost = family === 'partner-owned' ? undefined : (stated.cost ?? prices.cost);
    const unitPrice = stated[relation] ?? prices[relation]?.unitPrice;
    if (unitPrice === undefined || (cost === undefined && family !== 'partner-owned'))
      return {
        ...base,
        charges: [],
        priced: [],
        blocked: [{ ...named, tenantId, ...(market !== undefined && { market }), offerId }],
      };

    const price = { unitPrice, currency, ...(cost !== undefined && { cost }) };
    return {
      ...base,
      blocked: [],
      priced: [named],
      charges: charges.map(({ causedBy, ...basis }): RecordedCharge => {
        const { type, from } = basis;
        const { half } = basis;
        return {
          chargeId: chargeIdOf({ source, relation, type, from, causedBy, half }),
          half,
          source,
          tenantId,
          offerId,
          ...(dates && { term: dates }),
          description: title,
          family,
          ...priceCharge(basis, price, this.policyOn(basis.date).prorationRounding),
          taxCategory: prices.taxCategory ?? 'standard',
          causedBy,
        };
      }),
    };
  }
}
