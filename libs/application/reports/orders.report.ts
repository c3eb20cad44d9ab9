import { orderCells, orderColumns, orderPages } from './order-columns.js';
import type { Report } from './report.js';

export const ordersReport: Report = {
  name: 'orders',
  version: 1,
  hasPeriod: true,
  summary: 'Every accepted or refused order, in the order of the decisions',
  columns: [
    ...orderColumns,
    {
      name: 'kind',
      type: 'text',
      description: '"new", or "add-quantity" for more seats of a subscription',
    },
    {
      name: 'lineCount',
      type: 'integer',
      unit: 'lines',
      description: 'The number of lines',
      totalled: true,
    },
    {
      name: 'currency',
      type: 'text',
      unit: 'ISO 4217',
      description: 'The currency of the order',
    },
    {
      name: 'total',
      type: 'money',
      nullable: true,
      unit: 'of its currency',
      description:
        'The order’s total at the price list’s UnitPrice (cost); a refused order may have none',
      totalled: true,
    },
    {
      name: 'reasons',
      type: 'text',
      nullable: true,
      description: 'Reason codes in rulebook order, separated by spaces',
    },
    {
      name: 'cancelledOn',
      type: 'date',
      nullable: true,
      unit: 'UTC',
      description: 'The day of the cancellation',
    },
  ],
  async *pages(query, sources) {
    for await (const { orders, names } of orderPages(query, sources)) {
      yield orders.map((order) => ({
        ...orderCells(order, names),
        kind: order.kind,
        lineCount: order.lineCount,
        currency: order.currency,
        total: order.total ?? null,
        reasons: order.reasons.length > 0 ? order.reasons.join(' ') : null,
        cancelledOn: order.cancelledOn ?? null,
      }));
    }
  },
};
