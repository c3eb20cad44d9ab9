import { randomUUID } from 'node:crypto';

export interface Statement {
  readonly partnerId: string;
  readonly tenantId: string;
  readonly amount: { readonly amount: string; readonly currency: string };
  readonly recognizedOn: string;
  readonly family: string;
  readonly soldAs: string;
  readonly source: string;
  readonly reference: string;
}

/** An entry that counts: ten dollars, sold as an indirect reseller, each with its own reference. */
export const statement = (
  partnerId: string,
  recognizedOn: string,
  more: Partial<Statement> = {},
): Statement => ({
  partnerId,
  tenantId: '3f2c1d5e-0000-4000-8000-000000000001',
  amount: { amount: '10.00', currency: 'USD' },
  recognizedOn,
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: 'Partner Center',
  reference: randomUUID(),
  ...more,
});

const columns = [
  'partnerId',
  'tenantId',
  'amount',
  'currency',
  'recognizedOn',
  'family',
  'soldAs',
  'source',
  'reference',
] as const;

export function revenueCsv(rows: readonly Statement[]): string {
  const line = ({ amount, ...row }: Statement): string => {
    const cells: Readonly<Record<string, string>> = { ...row, ...amount };
    return columns.map((column) => cells[column]).join(',');
  };
  return [columns.join(','), ...rows.map(line)].join('\n') + '\n';
}

export const revenueNdjson = (rows: readonly Statement[]): string =>
  rows.map((row) => JSON.stringify(row)).join('\n') + '\n';

export interface TrailingRevenueAnswer {
  readonly asOf: string;
  readonly knownAt: string;
  readonly total: { readonly amount: string };
  readonly billed: { readonly amount: string };
  readonly paid: { readonly amount: string };
  readonly months: readonly {
    readonly month: string;
    readonly amount: { readonly amount: string };
  }[];
  readonly excluded: readonly {
    readonly reason: string;
    readonly amount: { readonly amount: string };
  }[];
  readonly policyVersion: string;
}
