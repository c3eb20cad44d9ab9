// prettier-ignore
const COLUMNS = 'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment,Family';
const PLANS = [
  ['P1M', 'Monthly', 1],
  ['P1Y', 'Annual', 12],
] as const;

export const OFFERS = 300;
export const MARKET = 'JP';
export const CURRENCY = 'JPY';

export const offerId = (number: number): string => `${productId(number)}:0001`;
const productId = (number: number): string => `CFQ7TTC${String(number).padStart(5, '0')}`;

/** A few hundred monthly and yearly offers for a month. */
export function priceListCsv(): string {
  const rows = Array.from({ length: OFFERS }, (_, number) =>
    PLANS.map(([term, plan, months]) => {
      const unitPrice = (500 + number * 10) * months;
      // prettier-ignore
      return `Product ${number},${productId(number)},0001,Plan ${number},Microsoft Corporation,,1 License,${term},${plan},${MARKET},${CURRENCY},${unitPrice},,,,,,${Math.ceil(unitPrice * 1.25)},Commercial,cloud`;
    }).join('\n'),
  );
  return [COLUMNS, ...rows, ''].join('\n');
}
