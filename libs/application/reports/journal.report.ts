import {
  amountColumn,
  currencyColumn,
  issuerColumn,
  payerColumn,
  wantedIssuers,
} from './issuers.js';
import type { Report } from './report.js';

export const journalReport: Report = {
  name: 'journal',
  version: 1,
  hasPeriod: true,
  summary:
    'The postings of every event that changes a balance, in the order of the log; those of one event sum to zero',
  columns: [
    {
      name: 'position',
      type: 'position',
      unit: 'position in the log',
      description: 'The position of the event; the rows are in this order',
    },
    { name: 'eventId', type: 'text', description: 'The event' },
    { name: 'on', type: 'date', description: 'The business date' },
    issuerColumn,
    payerColumn,
    {
      name: 'account',
      type: 'text',
      description:
        'accounts-receivable, credit-balance, cash, bad-debt, revenue:<family> or tax:<treatment> <rate>',
    },
    currencyColumn,
    amountColumn('amount', 'A debit is positive, a credit negative'),
  ],
  async *pages(query, sources) {
    const entityIds = await wantedIssuers(query, sources);
    for (let after: number | undefined; ;) {
      const { items, next } = await sources.readModels.journalAtPosition({
        ...query,
        entityIds,
        after,
      });
      yield items.flatMap(({ postings, position, eventId, on, ...row }) =>
        postings.map(({ account, amount }) => ({
          position,
          eventId,
          on,
          entityId: row.entityId,
          payer: row.payer,
          account,
          currency: row.currency,
          amount,
        })),
      );
      if (next === undefined) return;
      after = next;
    }
  },
};
