import { presenceIn } from '../case/presence.js';
import { fail, notApplicable, pass, rule } from '../case/rule.js';

export const MARKET_1 = rule(
  'MARKET-1',
  {
    en: 'Markets are the regions and countries where CSP offers can be sold. The partner’s location decides its market.',
    ja: '市場には、CSP オファーを販売できるリージョンや国が含まれます。貴社の所在地によって、市場が決まります。',
  },
  ({ customer: { registration }, seller, sellerPresence, market, facts }) => {
    if (!registration) return notApplicable;

    const { marketsProof } = facts.program;
    if (!market)
      return fail(
        'market-unknown',
        { country: registration.country },
        registration.proofs,
        marketsProof,
      );
    if (!seller.registration) return notApplicable;

    const { marketCode, regionGroup } = market;
    const place = presenceIn(sellerPresence, regionGroup);
    if (!place) {
      return fail(
        'market-outside-region',
        { market: marketCode, regionGroup },
        registration.proofs,
        seller.registration.proof,
        marketsProof,
      );
    }

    return pass(
      { market: marketCode, regionGroup },
      registration.proofs,
      place.proofs,
      marketsProof,
    );
  },
);

export const MARKET_2 = rule(
  'MARKET-2',
  {
    en: 'Each CSP market has its currency: see the program’s regional markets and currencies.',
    ja: 'CSP のすべての市場と通貨の一覧については、「クラウド ソリューション プロバイダー プログラムの地域市場および通貨」を参照してください。',
  },
  ({ order: { currency }, customer, seller, sellerPresence, market, facts }) => {
    if (!market) return notApplicable;

    const { marketsProof } = facts.program;
    if (currency === market.currency)
      return pass({ currency }, customer.registration?.proofs, marketsProof);
    if (!seller.registration) return notApplicable;

    const locations = sellerPresence.filter(
      ({ partnerLocationId }) => partnerLocationId !== undefined,
    );
    const location = locations.find((place) => place.market.currency === currency);
    if (location) return pass({ currency }, location.proofs, marketsProof);

    const allowed = [
      ...new Set([market.currency, ...locations.map((place) => place.market.currency)]),
    ].sort();
    return fail(
      'currency-not-allowed',
      { currency, allowed },
      customer.registration?.proofs,
      ...locations.map(({ proofs }) => proofs),
      marketsProof,
    );
  },
);
