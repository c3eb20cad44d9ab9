import type { Customer } from '../customer/customer.js';
import type { Program } from '../program/program.js';
import { type Partner, unknownPartner } from '../partner/partner.js';
import { partnerId, type PartnerId } from '../shared/ids.js';
import { partnerStream, programStream } from '../shared/streams.js';
import type { JudgementTime } from '../shared/calendar.js';
import type { Facts } from './case/facts.js';
import type { RuleId } from '../order/reasons.js';
import { judge, type Ruleset } from './rulebook.js';
import type { StoredDecision } from '../order/stored-decision.js';

/** A customer and, optionally, its seller, as judged by the rules that need no order. */
export interface SellerCustomer {
  readonly customer: Customer;
  /** Absent: only the customer is judged. */
  readonly seller?: Partner;
  /** The indirect provider to buy through. The default is the seller's only provider. */
  readonly providerId?: PartnerId;
  /** Every provider of `providersToRead`. */
  readonly providers: ReadonlyMap<PartnerId, Partner>;
}

/** Rules that need only the customer. MARKET-1 fails for a country that is not a market. */
const customerRules: readonly RuleId[] = [
  'MARKET-1',
  'CUSTOMER-1',
  'AGREEMENT-1',
  'TENANT-1',
  'TENANT-2',
];
/** Rules that need the seller, or both. */
const sellerRules: readonly RuleId[] = [
  'SELLER-1',
  'SELLER-2',
  'SELLER-3',
  'SELLER-4',
  'SELLER-5',
  'SELLER-6',
  'RELATIONSHIP-1',
];

const noSeller = unknownPartner(partnerId(''));
const NO_ROWS = [] as const;

/**
 * Judges a seller and a customer without an order: the gate's rules on the same facts, except those
 * about an order's currency, lines or total. The decision is shown and never appended; its read set
 * has no revisions.
 */
export function judgeSellerCustomer(
  { customer, seller, providerId, providers }: SellerCustomer,
  time: JudgementTime,
  program: Program,
  ruleset: Ruleset,
): StoredDecision {
  const asked = seller ? [...sellerRules, ...customerRules] : customerRules;
  const { partnerId: sellerId } = seller ?? noSeller;
  const streams = seller
    ? [programStream, ...[sellerId, ...providers.keys()].map(partnerStream)]
    : [programStream];
  const facts: Facts = {
    time,
    program,
    customer,
    seller: seller ?? noSeller,
    providers,
    priceRows: () => NO_ROWS,
    partnerRows: () => NO_ROWS,
    seatsBefore: 0,
    reads: streams.map((stream) => [stream, -1]),
  };
  const order = {
    partnerId: sellerId,
    tenantId: customer.tenantId,
    currency: '',
    lines: [],
    ...(providerId === undefined ? {} : { providerId }),
  };
  const rules = ruleset.rules.filter(({ id }) => asked.includes(id));
  return judge(order, facts, { ...ruleset, rules }).decision;
}
