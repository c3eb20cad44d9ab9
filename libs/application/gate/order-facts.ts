import { ledgerOf } from '../../domain/billing/account/payer-account.js';
import { addedSeatCharges } from '../../domain/billing/credit-limit/credit-charges.js';
import {
  noSubscription,
  type SubscriptionRecord,
} from '../../domain/billing/subscription/subscription-record.js';
import type { Customer } from '../../domain/customer/customer.js';
import type { CreditFacts, Facts } from '../../domain/gate/case/facts.js';
import { type JudgementTime, monthOf } from '../../domain/shared/calendar.js';
import { type Program, requiredPolicyOn } from '../../domain/program/program.js';
import type { Ruleset } from '../../domain/gate/rulebook.js';
import {
  priceListToRead,
  providersToRead,
  readsPartnerOffers,
} from '../../domain/gate/case/foreign-streams.js';
import type { OrderRequest } from '../../domain/order/order.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { PartnerId, StreamName } from '../../domain/shared/ids.js';
import {
  customerFold,
  partnerFold,
  partnerOffersFold,
  priceListFold,
  programFold,
  subscriptionFold,
} from '../records/folds.js';
import type { Loaded, Fold } from '../engine/states/fold.js';
import type { View } from '../engine/states/view.js';
import { creditFacts } from './credit-facts.js';
import type { PriceRows } from './price-rows.js';

const NO_ROWS = [] as const;

/**
 * Gathers all facts that a judgement may use, from one view of the log, and records the revision of
 * every other stream that it loads.
 */
export async function gatherFacts(
  order: OrderRequest,
  time: JudgementTime,
  view: View,
  priceRows: PriceRows,
  rulesetOf: (program: Program) => Ruleset,
  target?: Loaded<Customer>,
): Promise<Facts> {
  const reads: [StreamName, number][] = [];
  const look = async <State>(fold: Fold<State>): Promise<State> => {
    const { state, revision } = await view.load(fold);
    reads.push([fold.stream, revision]);
    return state;
  };

  const customer = (target ?? (await view.load(customerFold(order.tenantId)))).state;
  const program = await look(programFold);
  const seller = await look(partnerFold(order.partnerId));

  const providers = new Map<PartnerId, Partner>();
  for (const providerId of providersToRead(order, seller, time.date))
    providers.set(providerId, await lookOnce(providerId));

  const wanted = priceListToRead(customer, program, time.date);
  const priceList = wanted && (await look(priceListFold(wanted.market, wanted.month)));
  const rows = await priceRows.of(priceList?.published?.importId);

  const ruleset = rulesetOf(program);
  const partnerOffers =
    ruleset.hasPartnerOffers && readsPartnerOffers(order, (offerId) => rows.has(offerId))
      ? await look(partnerOffersFold(order.partnerId, monthOf(time.date)))
      : undefined;
  const credit = ruleset.hasCreditLimits
    ? await creditFacts(
        { order, customer, date: time.date, market: wanted?.market },
        look,
        priceRows,
      )
    : undefined;
  const { record: addsTo } =
    order.subscriptionId === undefined
      ? noSubscription
      : await look(subscriptionFold(order.subscriptionId));
  const ownRows = await priceRows.of(partnerOffers?.published?.importId);

  return {
    time,
    program,
    customer,
    seller,
    providers,
    reads,
    seatsBefore: addsTo?.subscription.quantity ?? 0,
    priceRows: (offerId) => rows.get(offerId) ?? NO_ROWS,
    partnerRows: (offerId) => ownRows.get(offerId) ?? NO_ROWS,
    ...(priceList ? { priceList } : {}),
    ...(partnerOffers ? { partnerOffers } : {}),
    ...(credit ? { credit: addsTo ? { ...credit, ...added(credit, addsTo) } : credit } : {}),
  };

  /** The charges of the added seats, for CREDIT-1. */
  function added(
    { account, entity }: CreditFacts,
    record: SubscriptionRecord,
  ): Pick<CreditFacts, 'added'> {
    const seats = order.lines[0]?.quantity ?? 0;
    const ledger = ledgerOf(account, {
      entityId: entity.entityId,
      currency: record.sold.currency,
    });
    const { prorationRounding } = requiredPolicyOn(program, time.date).policy;
    const charges = addedSeatCharges(record, seats, time.date, ledger, prorationRounding);
    return charges ? { added: charges } : {};
  }

  /** Loads a seller that names itself as its provider only once. */
  async function lookOnce(providerId: PartnerId): Promise<Partner> {
    return providerId === order.partnerId ? seller : look(partnerFold(providerId));
  }
}
