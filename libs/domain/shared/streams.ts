import {
  type ApplicationId,
  type BillingEntityId,
  type ChargeId,
  type BillingRunId,
  type ImportId,
  type PartnerId,
  type PaymentId,
  type StreamName,
  type SubscriptionId,
  streamName,
  type TenantId,
} from './ids.js';

/** The names of the streams. They are stored forms and never change. */
export const programStream: StreamName = streamName('program');
export const partnerStream = (partnerId: PartnerId): StreamName =>
  streamName(`partner-${partnerId}`);
export const customerStream = (tenantId: TenantId): StreamName =>
  streamName(`customer-${tenantId}`);
export const importStream = (importId: ImportId): StreamName => streamName(`import-${importId}`);
/** One event a revision of a market's price list for one month (`YYYY-MM`). */
export const priceListStream = (market: string, month: string): StreamName =>
  streamName(`pricelist-${market}-${month}`);
/** One event a revision of a partner's selling prices for a market and month. */
export const sellingPricesStream = (
  partnerId: PartnerId,
  market: string,
  month: string,
): StreamName => streamName(`sellingprices-${partnerId}-${market}-${month}`);
/** One event a revision of a partner's own offers for one month. */
export const partnerOffersStream = (partnerId: PartnerId, month: string): StreamName =>
  streamName(`partneroffers-${partnerId}-${month}`);
export const revenueStream = (partnerId: PartnerId): StreamName =>
  streamName(`revenue-${partnerId}`);
export const applicationStream = (applicationId: ApplicationId): StreamName =>
  streamName(`application-${applicationId}`);
/** The billing entity of a partner: one stream a partner, so that it has one entity at most. */
export const billingEntityStream = (partnerId: PartnerId): StreamName =>
  streamName(`billingentity-${partnerId}`);
/** The partner that an entity's id is assigned to. */
export const billingEntityIdStream = (entityId: BillingEntityId): StreamName =>
  streamName(`billingentityid-${entityId}`);
/** `payer` is `customer:<tenantId>` or `partner:<partnerId>`. */
export const billingProfileStream = (payer: string): StreamName =>
  streamName(`billingprofile-${payer}`);
/** Charges, documents and payments of a payer: `customer:<tenantId>` or `partner:<partnerId>`. */
export const accountStream = (payer: string): StreamName => streamName(`billing-${payer}`);
/** The payer that the id of a manual charge is assigned to. */
export const manualChargeStream = (chargeId: ChargeId): StreamName =>
  streamName(`manualcharge-${chargeId}`);
export const subscriptionStream = (subscriptionId: SubscriptionId): StreamName =>
  streamName(`subscription-${subscriptionId}`);
/** The payer that the id of a payment is assigned to. */
export const paymentStream = (paymentId: PaymentId): StreamName =>
  streamName(`payment-${paymentId}`);
/** The series of numbers of an entity's documents of one kind. */
export const numberingStream = (
  entityId: BillingEntityId,
  kind: 'invoice' | 'credit-note',
): StreamName => streamName(`numbering-${entityId}-${kind}`);
export const taxRatesStream = (country: string): StreamName => streamName(`taxrates-${country}`);
/** What happened to an issued document itself: its PDF. */
export const documentStream = (documentId: string): StreamName =>
  streamName(`document-${documentId}`);
/** One event a revision of Microsoft's file for an invoice. */
export const reconciliationStream = (invoiceNumber: string): StreamName =>
  streamName(`reconciliation-${invoiceNumber}`);
export const billingRunStream = (runId: BillingRunId): StreamName =>
  streamName(`billingrun-${runId}`);
