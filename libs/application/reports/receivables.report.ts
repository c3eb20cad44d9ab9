import { agingOf } from '../../domain/billing/receivables/aging.js';
import {
  amountColumn,
  currencyColumn,
  issuerColumn,
  payerColumn,
  wantedIssuers,
} from './issuers.js';
import type { Report } from './report.js';

export const receivablesReport: Report = {
  name: 'receivables',
  version: 1,
  hasPeriod: false,
  summary:
    'The open amounts of each payer by the days since they were due, in the order of the first entry',
  columns: [
    issuerColumn,
    payerColumn,
    currencyColumn,
    amountColumn('notDue', 'Open, and due on asOf or later'),
    amountColumn('days1To30', 'Open, and due 1 to 30 days before asOf'),
    amountColumn('days31To60', 'Open, and due 31 to 60 days before asOf'),
    amountColumn('days61To90', 'Open, and due 61 to 90 days before asOf'),
    amountColumn('over90', 'Open, and due more than 90 days before asOf'),
    amountColumn('creditBalance', 'Money of the payer that settles no invoice yet'),
  ],
  async *pages(query, sources) {
    const entityIds = await wantedIssuers(query, sources);
    for (let after: number | undefined; ;) {
      const { items, next } = await sources.readModels.ledgersAtPosition({
        ...query,
        entityIds,
        after,
      });
      yield items.map(({ entityId, payer, currency, open, creditBalance }) => ({
        entityId,
        payer,
        currency,
        ...agingOf({ currency, open, creditBalance }, query.asOf),
      }));
      if (next === undefined) return;
      after = next;
    }
  },
};
