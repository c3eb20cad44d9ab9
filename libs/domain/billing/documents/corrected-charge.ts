import { compareDecimals } from '../../shared/money.js';
import type { ChargeSource } from '../charges/charge.js';
import type { BillableCharge, IssuedInvoice } from './document.js';

type Corrected = Pick<BillableCharge, 'source' | 'from' | 'to' | 'amount'>;

/**
 * The charge that a credit corrects: the last one before it, of the same subscription, that covers
 * its days. A credit takes the tax rate of that charge. `earlier` is in the order of recording.
 */
export const correctedCharge = <Charge extends Corrected>(
  credit: Corrected,
  earlier: readonly Charge[],
): Charge | undefined => earlier.findLast((charge) => isCorrectedBy(charge, credit));

/**
 * The latest invoice that has such a charge: the one that a credit note names, and lowers.
 * `invoices` are in the order of issue.
 */
export const correctedInvoice = (
  line: Corrected,
  invoices: readonly IssuedInvoice[],
): IssuedInvoice | undefined =>
  invoices.findLast(({ lines }) => lines.some((charge) => isCorrectedBy(charge, line)));

const isCorrectedBy = (charge: Corrected, credit: Corrected): boolean =>
  charge.source !== undefined &&
  credit.source !== undefined &&
  isSameSource(charge.source, credit.source) &&
  compareDecimals(charge.amount, '0') >= 0 &&
  charge.from <= credit.from &&
  credit.to <= charge.to;

const isSameSource = (a: ChargeSource, b: ChargeSource): boolean =>
  'subscriptionId' in a
    ? 'subscriptionId' in b && a.subscriptionId === b.subscriptionId
    : 'orderId' in b && a.orderId === b.orderId && a.line === b.line;
