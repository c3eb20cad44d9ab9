import { hash } from 'node:crypto';
import { v7 } from 'uuid';
import type { DocumentDraft } from '../domain/billing/account/account-events.js';
import { type ChargeIdentity, chargeKey } from '../domain/billing/charges/charge.js';
import {
  applicationId as asApplicationId,
  billingRunId as asBillingRunId,
  chargeId as asChargeId,
  documentId as asDocumentId,
  paymentId as asPaymentId,
  subscriptionId as asSubscriptionId,
  commandId as asCommandId,
  eventId as asEventId,
  importId as asImportId,
  orderId as asOrderId,
  revenueId as asRevenueId,
} from '../domain/shared/ids.js';
import type {
  ApplicationId,
  BillingEntityId,
  BillingRunId,
  ChargeId,
  DocumentId,
  PaymentId,
  SubscriptionId,
  CommandId,
  EventId,
  ImportId,
  OrderId,
  PartnerId,
  RevenueId,
  StreamName,
} from '../domain/shared/ids.js';
import { canonicalData, canonicalJson } from './canonical.js';

/**
 * Derives ids: UUIDv5 (RFC 9562 section 5.5) of a canonical JSON array, with a namespace for each
 * kind. This is a stored form: the namespaces and arrays never change, because a repeated request
 * must find the result of the first, even years later.
 */
const NS_COMMAND = '10155d91-a554-487a-8d54-6ce2b3e2292e';
const NS_PROCESS = '0aa03c5e-c408-4e93-9238-509f9b1e76b9';
const NS_STEP = '54e47977-11bc-494a-8b08-5ccb9a5cec16';
const NS_EVENT = '90a3509c-4735-4334-aa61-29238e7c873d';
const NS_ORDER = 'f9d70a75-e7d1-45a7-bbff-7e5ce9fc8d98';
const NS_IMPORT = 'cbc6c30c-132e-4a44-8926-669b302a8a2f';
const NS_REVENUE = '7b467636-9ea8-48eb-ae6f-6de2c15f9930';
const NS_APPLICATION = '6e86ea52-c0e0-4bfd-91f1-6f40753e7dbb';
const NS_SUBSCRIPTION = 'bfef38ad-cb58-4455-a46e-64d505553105';
const NS_CHARGE = '79818bd4-0799-4f5c-bea4-9c2789deb0ff';
const NS_DOCUMENT = 'e4c47f89-2a89-4a1c-9395-8dd525ee2253';
const NS_PAYMENT = 'ca88bbe8-166d-45db-a455-3a6f6ed9cabb';
const NS_BILLING_RUN = 'd58617bb-a9c7-4131-a1a1-67dd94e575d2';

/** The same principal with the same Idempotency-Key is the same command. */
export const commandIdFrom = (principal: string, idempotencyKey: string): CommandId =>
  asCommandId(derived(NS_COMMAND, [principal, idempotencyKey]));

/** A request without a key has its own command id (UUIDv7, ordered by time). */
export const randomCommandId = (): CommandId => asCommandId(v7());

/** The reaction of a process to an event is one command, however often the process restarts. */
export const processCommandId = (
  process: string,
  triggeringEventId: EventId,
  step: string,
): CommandId => asCommandId(derived(NS_PROCESS, [process, triggeringEventId, step]));

/** A secondary append of a command, to another stream than its decision's. */
export const stepCommandId = (commandId: CommandId, stream: StreamName): CommandId =>
  asCommandId(derived(NS_STEP, [commandId, stream]));

export interface EventIdentity {
  readonly commandId: CommandId;
  readonly index: number;
  readonly stream: StreamName;
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}

/**
 * The same event of the same command has the same id; the digest of the data is SHA-256 in
 * lower-case hexadecimal.
 */
export const newEventId = ({
  commandId,
  index,
  stream,
  type,
  version,
  data,
}: EventIdentity): EventId =>
  asEventId(
    derived(NS_EVENT, [
      commandId,
      index,
      stream,
      type,
      version,
      hash('sha256', canonicalData(data)),
    ]),
  );

export const orderIdOf = (commandId: CommandId): OrderId =>
  asOrderId(derived(NS_ORDER, [commandId]));
export const importIdOf = (commandId: CommandId): ImportId =>
  asImportId(derived(NS_IMPORT, [commandId]));
export const applicationIdOf = (commandId: CommandId): ApplicationId =>
  asApplicationId(derived(NS_APPLICATION, [commandId]));
/**
 * The id of an import of revenue: the idempotency key alone would not show which file an earlier,
 * interrupted run had begun to import.
 */
export const revenueImportIdOf = (commandId: CommandId, digest: string): ImportId =>
  asImportId(derived(NS_IMPORT, [commandId, digest]));

/**
 * The same source and reference of a partner is the same entry, from any sender, alone or in an
 * import.
 */
export const revenueIdOf = (partnerId: PartnerId, source: string, reference: string): RevenueId =>
  asRevenueId(derived(NS_REVENUE, [partnerId, source, reference]));

/** The subscription of an order's line; `line` is its index, from 0. */
export const subscriptionIdOf = (orderId: OrderId, line: number): SubscriptionId =>
  asSubscriptionId(derived(NS_SUBSCRIPTION, [orderId, line]));
/**
 * The id of an imported subscription without one: of the vendor's id, or of what was sold and its
 * term.
 */
export const importedSubscriptionIdOf = (identity: readonly (string | number)[]): SubscriptionId =>
  asSubscriptionId(derived(NS_SUBSCRIPTION, ['import', ...identity]));
export const chargeIdOf = (identity: ChargeIdentity): ChargeId =>
  asChargeId(derived(NS_CHARGE, chargeKey(identity)));
/** The same issuer and reference is the same manual charge. */
export const manualChargeIdOf = (entityId: BillingEntityId, reference: string): ChargeId =>
  asChargeId(derived(NS_CHARGE, ['manual', entityId, reference]));
/** A document of a billing run. A run that is continued composes the same documents again. */
export const documentIdOf = (
  runId: BillingRunId,
  {
    payer,
    entityId,
    currency,
    kind,
  }: Pick<DocumentDraft, 'payer' | 'entityId' | 'currency' | 'kind'>,
): DocumentId => asDocumentId(derived(NS_DOCUMENT, [runId, payer, entityId, currency, kind]));
/** A credit note that a command requested. */
export const requestedDocumentIdOf = (commandId: CommandId): DocumentId =>
  asDocumentId(derived(NS_DOCUMENT, [commandId]));
/** The same issuer and reference is the same payment. */
export const paymentIdOf = (entityId: BillingEntityId, reference: string): PaymentId =>
  asPaymentId(derived(NS_PAYMENT, [entityId, reference]));
export const billingRunIdOf = (commandId: CommandId): BillingRunId =>
  asBillingRunId(derived(NS_BILLING_RUN, [commandId]));

const namespaceBytes = new Map<string, Buffer>();

/** UUIDv5 by hand, because every order computes several: `uuid` takes five times as long (0059). */
function derived(namespace: string, name: readonly (string | number)[]): string {
  let prefix = namespaceBytes.get(namespace);
  if (prefix === undefined)
    namespaceBytes.set(namespace, (prefix = Buffer.from(namespace.replaceAll('-', ''), 'hex')));
  const digest = hash('sha1', Buffer.concat([prefix, Buffer.from(canonicalJson(name))]));
  // Version 5 in the 13th digit, the variant 10xx in the 17th.
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
