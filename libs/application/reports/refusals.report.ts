import { partnerCenterCodes } from '../../domain/gate/partner-center-codes.js';
import { type Reason, reasonsOfRule } from '../../domain/order/reasons.js';
import { orderCells, orderColumns, orderPages } from './order-columns.js';
import type { Report } from './report.js';

export const refusalsReport: Report = {
  name: 'refusals',
  version: 1,
  hasPeriod: true,
  summary:
    'Every reason of every refused or voided order, in the order of the decisions, then of the rulebook',
  columns: [
    ...orderColumns,
    {
      name: 'currency',
      type: 'text',
      unit: 'ISO 4217',
      description: 'The currency of the order',
    },
    { name: 'rule', type: 'text', description: 'The rule that failed for this reason' },
    { name: 'reason', type: 'text', description: 'The reason code' },
    {
      name: 'partnerCenterCode',
      type: 'text',
      nullable: true,
      description: 'Microsoft’s own code, if there is one',
    },
  ],
  async *pages(query, sources) {
    for await (const { orders, names } of orderPages({ ...query, refused: true }, sources)) {
      yield orders.flatMap((order) => {
        const cells = orderCells(order, names);
        return order.reasons.map((reason) => ({
          ...cells,
          currency: order.currency,
          rule: ruleOf(reason),
          reason,
          partnerCenterCode: partnerCenterCodes[reason] ?? null,
        }));
      });
    }
  },
};

const rules: ReadonlyMap<Reason, string> = new Map(
  Object.entries(reasonsOfRule).flatMap(([rule, reasons]) =>
    reasons.map((reason) => [reason, rule] as const),
  ),
);

function ruleOf(reason: Reason): string {
  const rule = rules.get(reason);
  if (rule === undefined) throw new Error(`no rule fails for ${reason}`);
  return rule;
}
