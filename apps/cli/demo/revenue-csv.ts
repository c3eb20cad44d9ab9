import type { RevenueStatement } from '../../../libs/domain/qualification/revenue.js';

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

/** A file of revenue in the form that an operator would upload. */
export function revenueCsv(entries: readonly RevenueStatement[]): Uint8Array {
  const rows = entries.map((entry) => {
    const cells = { ...entry, ...entry.amount };
    return columns.map((column) => quoted(cells[column]));
  });
  return Buffer.from([columns, ...rows].map((cells) => cells.join(',')).join('\r\n') + '\r\n');
}

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
