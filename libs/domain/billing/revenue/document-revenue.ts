import type { OfferFamily } from '../../catalog/price-list.js';
import { negated, totalOf } from '../../shared/money.js';
import { correctedInvoice } from '../documents/corrected-charge.js';
import type { DocumentLine, IssuedInvoice } from '../documents/document.js';
import { splitByLargestRemainder } from '../money/largest-remainder.js';

/** What an invoice earned of one family from one customer, net of tax. */
export interface RevenueGroup {
  readonly family: OfferFamily;
  readonly tenantId: string;
  readonly net: string;
}

/**
 * The revenue of a document by family and customer, in the order of the lines. Manual lines have no
 * CSP family, and a line without a customer adds to no customer's revenue.
 */
export function revenueGroups(
  lines: readonly DocumentLine[],
  currency: string,
): readonly RevenueGroup[] {
  const groups = Map.groupBy(lines.filter(isRevenue), groupOf);
  return [...groups.values()].flatMap((ofGroup) => {
    const [first] = ofGroup;
    const net = totalOf(
      ofGroup.map(({ amount }) => amount),
      currency,
    );
    return first ? [{ family: first.family, tenantId: first.tenantId, net }] : [];
  });
}

/** With the invoice it identifies the entry of revenue. */
export const groupOf = ({ family, tenantId }: Pick<RevenueLine, 'family' | 'tenantId'>): string =>
  `${family} ${tenantId}`;

/**
 * The share of each group in a payment for an invoice: the groups and the tax share it by largest
 * remainder. A line that is not revenue has a share too.
 */
export function paidByGroup(
  amount: string,
  { lines, tax, currency }: { lines: readonly DocumentLine[]; tax: string; currency: string },
): readonly RevenueGroup[] {
  const groups = revenueGroups(lines, currency);
  const rest = totalOf(
    lines.filter((line) => !isRevenue(line)).map((line) => line.amount),
    currency,
  );
  const parts = splitByLargestRemainder(
    amount,
    [...groups.map(({ net }) => net), rest, tax],
    currency,
  );
  return groups.map((group, index) => ({ ...group, net: parts[index] ?? '0' }));
}

/** What a credit note takes back of the revenue of each invoice that it corrects. */
export interface ReversedRevenue {
  readonly invoiceId: string;
  readonly groups: readonly RevenueGroup[];
}

/**
 * A requested credit note takes back the revenue of its invoice; that of a run, line by line, the
 * revenue of the latest invoice that has the corrected charge. `invoices` are in the order of issue.
 */
export function reversedRevenue(
  {
    lines,
    currency,
    creditOf,
  }: {
    readonly lines: readonly DocumentLine[];
    readonly currency: string;
    readonly creditOf?: string;
  },
  invoices: readonly IssuedInvoice[],
): readonly ReversedRevenue[] {
  // A run's lines are the charges with the other sign.
  const invoiceOf = (line: DocumentLine): string | undefined =>
    creditOf ?? correctedInvoice({ ...line, amount: negated(line.amount) }, invoices)?.invoiceId;
  const byInvoice = Map.groupBy(lines, invoiceOf);
  return [...byInvoice].flatMap(([invoiceId, ofInvoice]) =>
    invoiceId === undefined ? [] : [{ invoiceId, groups: revenueGroups(ofInvoice, currency) }],
  );
}

type RevenueLine = DocumentLine & { readonly family: OfferFamily; readonly tenantId: string };

const isRevenue = (line: DocumentLine): line is RevenueLine =>
  line.family !== 'manual' && line.tenantId !== undefined;
