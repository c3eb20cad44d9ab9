import type { PriceRow } from '../../catalog/price-list.js';
import { monthOf } from '../../shared/calendar.js';
import type { EventRef } from '../../shared/event.js';
import type { Case } from '../case/case.js';
import { type LineOffer, rowsAllowing } from '../case/offers.js';
import { tooLarge } from '../case/line-pricing.js';
import {
  fail,
  failLine,
  type Finding,
  type FindingFacts,
  notApplicable,
  pass,
  rule,
} from '../case/rule.js';

export const OFFER_1 = rule(
  'OFFER-1',
  {
    en: 'Offers change often. This month’s CSP offers are those on the price list in Partner Center’s pricing workspace.',
    ja: '頻繁に変更されるさまざまなオファーを販売できます。今月の CSP オファーを確認するには、パートナー センターの Pricing ワークスペース ページを参照してください。',
  },
  (gateCase) => {
    const { market, offers, order, date, isPartnerOwned } = gateCase;
    if (!offers)
      return market && !isPartnerOwned
        ? fail('price-list-missing', { market: market.marketCode, month: monthOf(date) })
        : notApplicable;

    const lists = publications(gateCase);
    const missing = offers.filter(({ onList }) => onList.length === 0);
    if (missing.length === 0) return pass(0, lists);

    return missing.map(({ line, lineIndex }) =>
      failLine(
        'offer-not-on-price-list',
        lineIndex,
        { offerId: line.offerId, currency: order.currency, date },
        lists,
      ),
    );
  },
);

const termsAndLimits = {
  en: 'The month’s price list gives each offer’s terms, billing plans and limits.',
  ja: '今月の CSP オファーの期間、課金プラン、数量の条件は、パートナー センターの価格表で確認できます。',
};

/**
 * The amounts of an order depend on its quantities, so amounts that are too large to be recorded
 * are refused with them.
 */
export const OFFER_2 = rule('OFFER-2', termsAndLimits, (gateCase) => {
  const limits = judgeLines(gateCase, termOrQuantity);
  const amounts = amountsTooLarge(gateCase);
  if (amounts.length === 0) return limits;
  return Array.isArray(limits) ? [...limits, ...amounts] : amounts;
});

/** The ruleset 2026-11 accepted amounts of any size. */
export const OFFER_2_OF_2026_11 = rule('OFFER-2', termsAndLimits, (gateCase) =>
  judgeLines(gateCase, termOrQuantity),
);

export const OFFER_3 = rule(
  'OFFER-3',
  {
    en: 'An offer for a segment is sold to customers of that segment: its price list says for whom it is.',
    ja: '各オファーは、価格表に示されたセグメントの顧客に販売できます。',
  },
  (gateCase) => judgeLines(gateCase, segment),
);

/**
 * A line with several possible rows has a chosen one; a line without a chosen row fails for another
 * reason.
 */
function amountsTooLarge(gateCase: Case): readonly Finding<'order-amount-too-large'>[] {
  const { offers = [], order } = gateCase;
  const { currency } = order;
  const large = tooLarge(order, offers);
  if (large === undefined) return [];
  if (large === 'total')
    return [fail('order-amount-too-large', { currency }, publications(gateCase))];
  return large.map(({ line: { offerId, quantity }, lineIndex, chosen }) =>
    failLine(
      'order-amount-too-large',
      lineIndex,
      { currency, offerId, quantity, unitPrice: chosen?.unitPrice ?? '' },
      publications(gateCase),
    ),
  );
}

type LineJudgement = (
  offer: LineOffer,
  gateCase: Case,
) => Finding<'offer-term-not-available' | 'offer-quantity-out-of-range'> | undefined;

const termOrQuantity = (
  { line, lineIndex, inTerm, eligible }: LineOffer,
  gateCase: Case,
): ReturnType<LineJudgement> => {
  const { offerId, term, billingPlan } = line;
  // Seats that are added count with those of the subscription.
  const quantity = line.quantity + gateCase.facts.seatsBefore;
  if (inTerm.length === 0)
    return failLine(
      'offer-term-not-available',
      lineIndex,
      { offerId, term, billingPlan },
      publications(gateCase),
    );

  // The limits for this customer; where it may buy none of the rows, OFFER-3 reports that and any
  // row's limits are reported.
  const rows = eligible.length > 0 ? eligible : inTerm;
  if (rowsAllowing(rows, quantity).length > 0) return undefined;
  return failLine(
    'offer-quantity-out-of-range',
    lineIndex,
    { offerId, quantity, ...limitsOf(rows) },
    publications(gateCase),
  );
};

/** Judged on the rows of the line's term; if OFFER-2 found none, on all rows of the offer. */
const segment = (
  { line, lineIndex, onList, inTerm, eligible }: LineOffer,
  gateCase: Case,
): Finding<'offer-segment-not-eligible'> | undefined => {
  if (eligible.length > 0) return undefined;
  const qualifications = gateCase.customer.registration?.qualifications ?? [];
  const mayBuy = gateCase.program.mayBuy(qualifications);
  const rows = inTerm.length > 0 ? inTerm : onList;
  if (rows.some((row) => mayBuy.includes(row.segment))) return undefined;

  const segments = [...new Set(rows.map((row) => row.segment))].sort();
  return failLine(
    'offer-segment-not-eligible',
    lineIndex,
    { offerId: line.offerId, segments, mayBuy },
    publications(gateCase),
    gateCase.customer.registration?.proofs,
    gateCase.facts.program.segmentsProof,
  );
};

/**
 * Judges the lines whose offer is on the list; a line that is not has failed OFFER-1, and its term
 * cannot be judged.
 */
function judgeLines<F extends Finding>(
  gateCase: Case,
  judge: (offer: LineOffer, gateCase: Case) => F | undefined,
): readonly F[] | Finding<never> {
  const listed = gateCase.offers?.filter(({ onList }) => onList.length > 0) ?? [];
  if (listed.length === 0) return notApplicable;

  const failures = listed
    .map((offer) => judge(offer, gateCase))
    .filter((finding) => finding !== undefined);
  return failures.length > 0 ? failures : pass(0, publications(gateCase));
}

function limitsOf(rows: readonly PriceRow[]): FindingFacts {
  let min = Infinity;
  let max = 0;
  for (const { minQuantity, maxQuantity, tierMin, tierMax } of rows) {
    min = Math.min(min, Math.max(minQuantity ?? 1, tierMin ?? 1));
    max = Math.max(max, Math.min(maxQuantity ?? Infinity, tierMax ?? Infinity));
  }
  return max === Infinity ? { min } : { min, max };
}

/** The rows of the market's price list, and of the seller's own offers if they were read. */
const publications = ({ facts: { priceList, partnerOffers } }: Case): readonly EventRef[] =>
  [priceList?.published?.proof, partnerOffers?.published?.proof].filter(
    (proof) => proof !== undefined,
  );
