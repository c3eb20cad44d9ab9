import type { ListedOrder } from '../../read-models/rows.js';
import { partyNames, type PartyNames } from './party-names.js';
import {
  type ReportColumn,
  type ReportQuery,
  type ReportRow,
  type ReportSources,
  scopeToday,
} from './report.js';

/** The first columns of a row about an order. */
export const orderColumns: readonly ReportColumn[] = [
  {
    name: 'position',
    type: 'position',
    unit: 'position in the log',
    description: 'The position of the decision; the rows are in this order',
  },
  { name: 'orderId', type: 'text', description: 'The order' },
  {
    name: 'status',
    type: 'text',
    description: 'As known at knownAt, as of asOf: placed, refused, cancelled, pending or voided',
  },
  { name: 'date', type: 'date', unit: 'UTC', description: 'The date of the order' },
  { name: 'placedAt', type: 'instant', unit: 'UTC', description: 'The time of the decision' },
  { name: 'partnerId', type: 'text', description: 'The seller of record' },
  {
    name: 'partnerName',
    type: 'text',
    nullable: true,
    description: 'The partner’s legal name as known at knownAt',
  },
  {
    name: 'providerId',
    type: 'text',
    nullable: true,
    description: 'The indirect provider that the order names or goes through',
  },
  { name: 'tenantId', type: 'text', description: "The customer's tenant" },
  {
    name: 'customerName',
    type: 'text',
    nullable: true,
    description: "The customer's legal name as known at knownAt",
  },
  { name: 'reference', type: 'text', nullable: true, description: 'The client’s own reference' },
];

/** The orders of a report, a page at a time, each with the names of its parties. */
export async function* orderPages(
  query: ReportQuery & { readonly refused?: true },
  { readModels }: ReportSources,
): AsyncGenerator<{ readonly orders: readonly ListedOrder[]; readonly names: PartyNames }> {
  const scope = scopeToday(query);
  for (let after: number | undefined; ;) {
    const { items: orders, next } = await readModels.ordersAtPosition({ ...query, scope, after });
    const partners = orders.map(({ partnerId }) => partnerId);
    const customers = orders.map(({ tenantId }) => tenantId);
    yield { orders, names: await partyNames(readModels, query.knownAt, { partners, customers }) };
    if (next === undefined) return;
    after = next;
  }
}

/** The cells of `orderColumns`. */
export const orderCells = (order: ListedOrder, names: PartyNames): ReportRow => ({
  position: order.position,
  orderId: order.orderId,
  status: order.status,
  date: order.date,
  placedAt: order.placedAt,
  partnerId: order.partnerId,
  partnerName: names.partner(order.partnerId),
  providerId: order.providerId ?? null,
  tenantId: order.tenantId,
  customerName: names.customer(order.tenantId),
  reference: order.reference ?? null,
});
