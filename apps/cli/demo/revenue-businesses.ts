import type { OfferFamily } from '../../../libs/domain/catalog/price-list.js';
import type { PartnerModel } from '../../../libs/domain/partner/partner.js';

/** The monthly revenue of a partner of the demonstration. */
export interface DemoBusiness {
  readonly partnerId: string;
  readonly currency: string;
  readonly soldAs: PartnerModel;
  /**
   * Revenue of cloud services in the last month before the demonstration, in whole units of the
   * currency.
   */
  readonly monthly: bigint;
  /** The growth a month, in percent of that amount, before and after. */
  readonly growth: bigint;
  /** Its sales beside cloud services, which do not count. */
  readonly beside?: readonly DemoSideline[];
  /** True if it sells nothing from the demonstration's first month on. */
  readonly endsBefore?: true;
}

export interface DemoSideline {
  readonly family: Exclude<OfferFamily, 'cloud'>;
  /** In each month whose number is a multiple of this. */
  readonly everyMonths: number;
  readonly day: number;
  /** In whole units of the currency. */
  readonly price: bigint;
}

export const demoBusinesses: readonly DemoBusiness[] = [
  {
    // Above the threshold for some months.
    partnerId: 'sakura-systems',
    currency: 'JPY',
    soldAs: 'indirect-reseller',
    monthly: 5_600_000n,
    growth: 2n,
    beside: [
      { family: 'partner-owned', everyMonths: 1, day: 27, price: 320_000n },
      { family: 'perpetual-software', everyMonths: 3, day: 20, price: 590_000n },
    ],
  },
  {
    partnerId: 'hokuto-it',
    currency: 'JPY',
    soldAs: 'indirect-reseller',
    monthly: 1_400_000n,
    growth: 1n,
    beside: [{ family: 'perpetual-software', everyMonths: 6, day: 15, price: 175_000n }],
  },
  {
    partnerId: 'lumiere-conseil',
    currency: 'EUR',
    soldAs: 'indirect-reseller',
    monthly: 14_200n,
    growth: 1n,
    beside: [{ family: 'partner-owned', everyMonths: 1, day: 24, price: 1_150n }],
  },
  {
    // Above the threshold only because of one large project: when the project is a year old, the
    // partner falls below. See single-entries.ts.
    partnerId: 'nordlicht-it',
    currency: 'EUR',
    soldAs: 'indirect-reseller',
    monthly: 18_500n,
    growth: 0n,
    endsBefore: true,
  },
  {
    partnerId: 'thames-cloud',
    currency: 'GBP',
    soldAs: 'indirect-reseller',
    monthly: 17_000n,
    growth: 1n,
    beside: [{ family: 'perpetual-software', everyMonths: 4, day: 10, price: 4_850n }],
  },
  {
    // Until its membership ended.
    partnerId: 'ardoise-numerique',
    currency: 'EUR',
    soldAs: 'indirect-reseller',
    monthly: 6_300n,
    growth: 0n,
  },
  {
    partnerId: 'mistral-services',
    currency: 'EUR',
    soldAs: 'indirect-reseller',
    monthly: 2_100n,
    growth: 2n,
  },
  // It bills its customers itself, so its revenue counts at the yearly re-check only.
  {
    partnerId: 'cascade-cloud',
    currency: 'USD',
    soldAs: 'direct-bill',
    monthly: 52_000n,
    growth: 1n,
  },
];
