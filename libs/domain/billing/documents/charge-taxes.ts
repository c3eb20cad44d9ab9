import { accept, type Result } from '../../shared/result.js';
import { lineTax, type TaxBlock, type TaxQuestion } from '../tax/line-tax.js';
import { correctedCharge } from './corrected-charge.js';
import type { BillableCharge } from './document.js';

/** A charge before its tax is known. */
export type UntaxedCharge = Omit<BillableCharge, 'tax'> & {
  readonly half: 'charge' | 'credit';
  /** The tax category of the offer; `standard` unless the price list says otherwise. */
  readonly taxCategory: string;
};

/**
 * The charges with their tax: each by the first day that it is for, and a credit by the tax of the
 * charge that it corrects, on a document or in the same run. `billed` are the charges on documents,
 * in the order of recording. One charge without a tax blocks the payer.
 */
export function withTaxes(
  charges: readonly UntaxedCharge[],
  billed: readonly BillableCharge[],
  parties: Omit<TaxQuestion, 'category' | 'on'>,
): Result<readonly BillableCharge[], TaxBlock> {
  const taxed: BillableCharge[] = [];
  for (const { half, taxCategory, ...charge } of charges) {
    const corrected =
      half === 'credit'
        ? (correctedCharge(charge, taxed) ?? correctedCharge(charge, billed))
        : undefined;
    const tax = corrected
      ? accept(corrected.tax)
      : lineTax({ ...parties, category: taxCategory, on: charge.from });
    if (!tax.ok) return tax;
    taxed.push({ ...charge, tax: tax.value });
  }
  return accept(taxed);
}
