import type { AccountEvent, NumberingEvent } from '../../domain/billing/account/account-events.js';
import type { PaymentIdEvent } from '../../domain/billing/payments/payment-id.js';
import { type EntriesOf, entry } from './entry.js';
import {
  count,
  country,
  currency,
  date,
  decimal,
  either,
  list,
  object,
  oneOf,
  partnerId,
  tenantId,
  text,
  uuid,
  wholeNumber,
} from './schema.js';

/** An entity's id has the pattern of a partner's. */
const ledger = { entityId: partnerId, currency };
const chargeSource = either(
  object({ subscriptionId: uuid }),
  object({ orderId: uuid, line: wholeNumber }),
);
const chargeType = oneOf(
  'new',
  'renew',
  'cycleCharge',
  'addQuantity',
  'removeQuantity',
  'cancelImmediate',
  'oneTime',
  'manual',
);
const family = oneOf('cloud', 'perpetual-software', 'partner-owned', 'manual');
const treatment = oneOf('standard', 'exempt', 'reverse-charge', 'outside-scope');
const chargeFields = {
  chargeId: uuid,
  type: chargeType,
  description: text,
  family,
  from: date,
  to: date,
  date,
  quantity: count,
  unitPrice: decimal,
  amount: decimal,
};
const charge = object(
  { ...chargeFields, half: oneOf('charge', 'credit'), taxCategory: text },
  {
    source: chargeSource,
    reference: text,
    tenantId,
    offerId: text,
    term: object({ from: date, to: date }),
    cost: decimal,
    causedBy: uuid,
  },
);
const line = object(
  {
    lineIndex: wholeNumber,
    ...chargeFields,
    tax: object({ treatment, category: text, rate: decimal }, { reason: text }),
  },
  { source: chargeSource, tenantId, creditedLineIndex: wholeNumber },
);
const party = object(
  {
    name: text,
    address: object({ lines: list(text), country }, { city: text, region: text, postalCode: text }),
  },
  { taxId: text },
);
const totals = {
  taxes: list(object({ treatment, rate: decimal, net: decimal, tax: decimal })),
  net: decimal,
  tax: decimal,
  total: decimal,
};
const creditSource = either(object({ paymentId: uuid }), object({ creditNoteId: uuid }));
const allocation = object({
  ...ledger,
  source: creditSource,
  invoiceId: uuid,
  amount: decimal,
  on: date,
});
const numbered = object({
  documentId: uuid,
  number: text,
  payer: text,
  currency,
  net: decimal,
  tax: decimal,
  total: decimal,
  issuedOn: date,
  digest: text,
});

export const accountEvents: EntriesOf<AccountEvent | NumberingEvent | PaymentIdEvent> = {
  ChargesRecorded: entry(
    'billing',
    'Charges of one issuer and currency became due. A charge is recorded once.',
    object(
      { ...ledger, partnerId, charges: list(charge) },
      { relation: oneOf('customer', 'reseller') },
    ),
  ),
  ChargesBlocked: entry(
    'billing',
    'Charges of a term, or of a one-time purchase, are due and have no published price.',
    object(
      {
        ...ledger,
        partnerId,
        relation: oneOf('customer', 'reseller'),
        source: chargeSource,
        tenantId,
        from: date,
        offerId: text,
      },
      { market: text },
    ),
  ),
  ChargesUnblocked: entry(
    'billing',
    'The price was published, and the charges that were blocked are recorded.',
    object({ ...ledger, source: chargeSource, from: date }),
  ),
  DocumentDrafted: entry(
    'billing',
    'A document was composed. It reserves the charges of its lines and is always issued afterwards.',
    object(
      {
        documentId: uuid,
        kind: oneOf('invoice', 'credit-note'),
        ...ledger,
        payer: text,
        language: oneOf('en', 'ja'),
        issuer: party,
        recipient: party,
        ...totals,
        lines: wholeNumber,
      },
      {
        runId: uuid,
        creditOf: uuid,
        reason: text,
        purchaseOrder: text,
        bankDetails: text,
        paymentTermsDays: wholeNumber,
        corrects: list(uuid),
      },
    ),
  ),
  DocumentLinesDrafted: entry(
    'billing',
    'Lines of the document that the same append drafted, in the order of the document.',
    object({ documentId: uuid, ...ledger, lines: list(line) }),
  ),
  InvoiceIssued: entry(
    'billing',
    'The invoice has its number, by an event in the stream of its series.',
    object({
      documentId: uuid,
      ...ledger,
      number: text,
      issuedOn: date,
      dueOn: date,
      digest: text,
    }),
  ),
  CreditNoteIssued: entry(
    'billing',
    'The credit note has its number, by an event in the stream of its series.',
    object({ documentId: uuid, ...ledger, number: text, issuedOn: date, digest: text }),
  ),
  CreditNoteApplied: entry(
    'billing',
    'A credit note lowered the open amount of an invoice.',
    object({ ...ledger, creditNoteId: uuid, invoiceId: uuid, amount: decimal, on: date }),
  ),
  PaymentReceived: entry(
    'billing',
    'The payer paid. Until it is allocated, the amount is credit balance.',
    object(
      { ...ledger, paymentId: uuid, amount: decimal, receivedOn: date, reference: text },
      { allocations: list(object({ invoiceId: uuid, amount: decimal })) },
    ),
  ),
  PaymentAllocated: entry(
    'billing',
    'A part of a payment, or of the credit balance of a credit note, settled an invoice.',
    allocation,
  ),
  PaymentAllocationReversed: entry(
    'billing',
    'An allocation was taken back, because its payment was reversed.',
    allocation,
  ),
  PaymentReversed: entry(
    'billing',
    'A payment was reversed, for example because it bounced. Its allocations were taken back before.',
    object({ ...ledger, paymentId: uuid, amount: decimal, on: date, reason: text }),
  ),
  RefundPaid: entry(
    'billing',
    'Credit balance was paid back.',
    object({
      ...ledger,
      paymentId: uuid,
      source: creditSource,
      amount: decimal,
      on: date,
      reason: text,
    }),
  ),
  InvoiceWrittenOff: entry(
    'billing',
    'An open amount of an invoice was recorded as a loss.',
    object({ ...ledger, invoiceId: uuid, amount: decimal, on: date, reason: text }),
  ),
  InvoiceWriteOffReversed: entry(
    'billing',
    'A credit note took back a loss.',
    object({ ...ledger, invoiceId: uuid, amount: decimal, on: date }),
  ),
  PaymentIdAssigned: entry(
    'payment',
    'The id of a payment, which derives from entity and reference, was assigned to a payer.',
    object({ paymentId: uuid, entityId: partnerId, reference: text, payer: text }),
  ),
  InvoiceNumbered: entry(
    'numbering',
    'An invoice was issued. Its number in the series is the revision of this event + 1.',
    numbered,
  ),
  CreditNoteNumbered: entry(
    'numbering',
    'A credit note was issued. Its number in the series is the revision of this event + 1.',
    numbered,
  ),
};
