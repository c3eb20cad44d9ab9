declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A UUID: the identity of one event. */
export type EventId = Branded<'EventId'>;
/**
 * A UUID derived from the principal and its idempotency key, so that a repeated request is the same
 * command.
 */
export type CommandId = Branded<'CommandId'>;
/** `^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`, chosen by the client. */
export type PartnerId = Branded<'PartnerId'>;
/** A Microsoft Entra tenant's GUID in lower case: the customer's account. */
export type TenantId = Branded<'TenantId'>;
export type OrderId = Branded<'OrderId'>;
/** The import whose rows a price list published (UUID of the command's import stream). */
export type ImportId = Branded<'ImportId'>;
/** One entry of a partner's revenue: a UUID derived from partner, source and reference. */
export type RevenueId = Branded<'RevenueId'>;
/** A direct-bill application. */
export type ApplicationId = Branded<'ApplicationId'>;
/** A legal person that issues documents: chosen by the client, in the pattern of a partner's id. */
export type BillingEntityId = Branded<'BillingEntityId'>;
/** The subscription of a placed order line: a UUID derived from the order and the line's index. */
export type SubscriptionId = Branded<'SubscriptionId'>;
/** A charge: a UUID derived from what is charged, so that it cannot be charged twice. */
export type ChargeId = Branded<'ChargeId'>;
/** An invoice or a credit note. */
export type DocumentId = Branded<'DocumentId'>;
/** A payment: a UUID derived from the billing entity and the payment's reference. */
export type PaymentId = Branded<'PaymentId'>;
export type BillingRunId = Branded<'BillingRunId'>;
/** The partners that a key is limited to. */
export type Scope = readonly PartnerId[];
/** The name of a stream of the log, for example `customer-<tenantId>`. */
export type StreamName = Branded<'StreamName'>;

// The only casts into these brands: callers have validated the text (the HTTP schema, the log's own
// records).
export const eventId = (text: string): EventId => text as EventId;
export const commandId = (text: string): CommandId => text as CommandId;
export const partnerId = (text: string): PartnerId => text as PartnerId;
export const tenantId = (text: string): TenantId => text.toLowerCase() as TenantId;
export const orderId = (text: string): OrderId => text.toLowerCase() as OrderId;
export const importId = (text: string): ImportId => text as ImportId;
export const revenueId = (text: string): RevenueId => text.toLowerCase() as RevenueId;
export const applicationId = (text: string): ApplicationId => text.toLowerCase() as ApplicationId;
export const billingEntityId = (text: string): BillingEntityId => text as BillingEntityId;
export const subscriptionId = (text: string): SubscriptionId =>
  text.toLowerCase() as SubscriptionId;
export const chargeId = (text: string): ChargeId => text.toLowerCase() as ChargeId;
export const documentId = (text: string): DocumentId => text.toLowerCase() as DocumentId;
export const paymentId = (text: string): PaymentId => text.toLowerCase() as PaymentId;
export const billingRunId = (text: string): BillingRunId => text.toLowerCase() as BillingRunId;
export const streamName = (text: string): StreamName => text as StreamName;
