import type { AccountEvent } from '../../domain/billing/account/account-events.js';
import { asPayer, type Payer } from '../../domain/billing/parties/billing-profile.js';
import { sourceKey } from '../../domain/billing/charges/charge.js';
import { monthOf } from '../../domain/shared/calendar.js';
import type { StreamName } from '../../domain/shared/ids.js';
import { projection, table } from '../projection.js';
import { type BlockedRow, type ChargeRow, chargeSequence } from '../subscriptions.js';

const charges = table<ChargeRow>('charges', {
  columns: {
    sequence: { type: 'integer', of: (row) => row.sequence },
    subscriptionId: {
      type: 'text',
      of: ({ source }) => (source && 'subscriptionId' in source ? source.subscriptionId : null),
    },
    payer: { type: 'text', of: (row) => row.payer },
    entityId: { type: 'text', of: (row) => row.entityId },
    partnerId: { type: 'text', of: (row) => row.partnerId },
    currency: { type: 'text', of: (row) => row.currency },
    date: { type: 'text', of: (row) => row.date },
    month: { type: 'text', of: ({ date }) => monthOf(date) },
  },
  sequence: 'sequence',
  indexes: [
    ['subscriptionId', 'sequence'],
    ['payer', 'sequence'],
    ['entityId', 'sequence'],
    ['date', 'sequence'],
    ['partnerId', 'month', 'sequence'],
  ],
});

const blocked = table<BlockedRow>('blocked_charges', {
  columns: {
    position: { type: 'integer', of: (row) => row.position },
    market: { type: 'text', of: (row) => row.market },
    month: { type: 'text', of: ({ from }) => monthOf(from) },
    partnerId: { type: 'text', of: (row) => row.partnerId },
  },
  indexes: [
    ['market', 'month', 'position'],
    ['partnerId', 'month', 'position'],
  ],
});

const payerOf = (stream: StreamName): Payer => asPayer(stream.slice('billing-'.length));

const blockedKey = (
  stream: StreamName,
  {
    entityId,
    currency,
    source,
    from,
  }: Pick<BlockedRow, 'entityId' | 'currency' | 'source' | 'from'>,
): string => JSON.stringify([payerOf(stream), entityId, currency, sourceKey(source), from]);

/** The charges of every payer, each with the document that it is on, and those without a price. */
export const chargesProjection = projection<AccountEvent>('charges', 1, {
  streams: ['billing'],
  tables: [charges, blocked],
  on: {
    ChargesRecorded: ({ stream, position, data: { charges: recorded, ...data } }) =>
      recorded.map((charge, index) =>
        charges.put(charge.chargeId, {
          ...charge,
          ...data,
          payer: payerOf(stream),
          sequence: chargeSequence(position, index),
        }),
      ),
    DocumentLinesDrafted: ({ data: { documentId, lines } }) =>
      lines
        // A requested credit note repeats lines of an invoice: the charge stays on the invoice.
        .filter(({ creditedLineIndex }) => creditedLineIndex === undefined)
        .map(({ chargeId }) => charges.change(chargeId, (row) => row && { ...row, documentId })),
    ChargesBlocked: ({ stream, position, data }) =>
      blocked.put(blockedKey(stream, data), { ...data, payer: payerOf(stream), position }),
    ChargesUnblocked: ({ stream, data }) =>
      blocked.change(blockedKey(stream, data), () => undefined),
  },
});
