import type { PriceRow } from '../../catalog/price-list.js';
import { productOf, quotient, sumOf } from '../../shared/money.js';

/** The pricing of a billing entity for offers without a selling price. */
export interface Pricing {
  readonly basis: 'erp-price' | 'unit-price';
  /** Decimal: `10` adds a tenth, `-5` takes a twentieth off. */
  readonly adjustmentPercent: string;
}

/**
 * The price of one unit for the whole term in one relation, or undefined where none is known: a
 * missing price never becomes zero or cost. A partner's own offers are sold at their UnitPrice.
 */
export function relationPrice(
  row: Pick<PriceRow, 'unitPrice' | 'erpPrice' | 'family' | 'currency'>,
  pricing: Pricing,
  sellingPrice: string | undefined,
): string | undefined {
  if (row.family === 'partner-owned') return row.unitPrice;
  if (sellingPrice !== undefined) return sellingPrice;
  const basis = pricing.basis === 'erp-price' ? row.erpPrice : row.unitPrice;
  return basis === undefined
    ? undefined
    : quotient(
        productOf(basis, sumOf('100', pricing.adjustmentPercent)),
        '100',
        row.currency,
        'half-even',
      );
}
