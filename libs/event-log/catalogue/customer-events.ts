import type { CustomerEvent } from '../../domain/customer/customer.js';
import { type EntriesOf, entry, factEntries, personalDataErased } from './entry.js';
import { decision, orderDecided } from './order-schemas.js';
import {
  country,
  date,
  flag,
  list,
  money,
  object,
  oneOf,
  orNull,
  partnerId,
  sealed,
  tenantId,
  text,
  uuid,
} from './schema.js';

const qualifications = list(oneOf('nonprofit', 'education', 'gcc', 'stateOwnedEntity'));

export const customerEvents: EntriesOf<CustomerEvent> = {
  CustomerRegistered: entry(
    'customer',
    'A tenant was registered as a customer. Its stream can have earlier events: an observed association, a refused order.',
    object(
      { tenantId, legalName: text, country, qualifications },
      { marketCode: text, domain: text, language: text, creditLimit: money },
    ),
  ),
  CustomerDetailsChanged: entry(
    'customer',
    "The customer's registration changed. Fields that did not change are omitted; `null` clears a field.",
    object(
      {},
      {
        legalName: text,
        country,
        qualifications,
        marketCode: orNull(text),
        domain: orNull(text),
        language: orNull(text),
        creditLimit: orNull(money),
      },
    ),
  ),
  CustomerAgreementSigned: entry(
    'customer',
    'The customer accepted the Microsoft Customer Agreement.',
    object({
      signedOn: date,
      country,
      language: text,
      version: text,
      signatory: sealed,
      method: oneOf('partner-attested', 'customer-accepted'),
    }),
  ),
  CustomerAgreementWithdrawn: entry(
    'customer',
    'Every agreement on record ended: `on` is the first day on which none of them is in force. The customer can sign again.',
    object({ on: date, reason: text }),
  ),
  TenantCspAssociationObserved: entry(
    'customer',
    'The tenant was checked for an association with CSP. The latest observation counts.',
    object({ associated: flag, observedOn: date, source: text }),
  ),
  TenantCspAssociationRegistered: entry(
    'customer',
    "The tenant is a partner's CSP tenant. The gate refuses its orders, whatever is observed.",
    object({ partnerId }),
  ),
  TenantCspAssociationRegistrationEnded: entry(
    'customer',
    "The tenant is no longer that partner's CSP tenant from a day on.",
    object({ partnerId, on: date, reason: text }),
  ),
  // The kind of key that recorded it decides whether scoped keys have the customer in their scope
  // (decision 0039).
  ...factEntries(
    'CustomerPartnerRelationship',
    'customer',
    "A partner's relationship with the customer",
    {
      required: { partnerId },
      beside: { recordedBy: oneOf('unscoped-key', 'scoped-key', 'registration') },
    },
  ),
  CustomerClosed: entry(
    'customer',
    "The customer's account is closed from a day on.",
    object({ on: date, reason: text }),
  ),
  OrderPlaced: entry('customer', 'An order, or a quantity increase, was accepted.', orderDecided),
  OrderRefused: entry('customer', 'An order, or a quantity increase, was refused.', orderDecided),
  OrderVoided: entry(
    'customer',
    "Validation at the order's position in the log refused an accepted order (only on logs without guards). The event contains the refusing decision.",
    object({ orderId: uuid, decision }),
  ),
  OrderCancelled: entry(
    'customer',
    'A placed order was cancelled within the cancellation windows of its offers.',
    object({ orderId: uuid, on: date, reason: text }),
  ),
  PersonalDataErased: personalDataErased,
};
