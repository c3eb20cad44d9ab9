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
    'A tenant becomes a customer. Its stream may be older: an association observed, an order refused.',
    object(
      { tenantId, legalName: text, country, qualifications },
      { marketCode: text, domain: text, language: text, creditLimit: money },
    ),
  ),
  CustomerDetailsChanged: entry(
    'customer',
    'Something of its registration is different. What did not change is left out; `null` clears.',
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
    'The customer has accepted the Microsoft Customer Agreement.',
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
    'Every agreement on record ends: `on` is the first day on which none of them holds. Signing again restores.',
    object({ on: date, reason: text }),
  ),
  TenantCspAssociationObserved: entry(
    'customer',
    'Somebody looked whether the tenant is associated with CSP. The latest observation wins.',
    object({ associated: flag, observedOn: date, source: text }),
  ),
  TenantCspAssociationRegistered: entry(
    'customer',
    "The tenant is a partner's CSP tenant: nothing may be sold to it, whatever is observed.",
    object({ partnerId }),
  ),
  TenantCspAssociationRegistrationEnded: entry(
    'customer',
    "The tenant is no longer that partner's CSP tenant from a day on.",
    object({ partnerId, on: date, reason: text }),
  ),
  // Who recorded it says whether it has the customer in the scope of keys that are limited to the
  // partner (decision 0039).
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
    'The account is closed from a day on.',
    object({ on: date, reason: text }),
  ),
  OrderPlaced: entry(
    'customer',
    'An order, or a quantity increase, was judged and accepted.',
    orderDecided,
  ),
  OrderRefused: entry(
    'customer',
    'An order, or a quantity increase, was judged and refused.',
    orderDecided,
  ),
  OrderVoided: entry(
    'customer',
    "An accepted order does not stand in the log's order (logs without guards only). It carries the refusing decision.",
    object({ orderId: uuid, decision }),
  ),
  OrderCancelled: entry(
    'customer',
    "A placed order is cancelled within its offers' windows.",
    object({ orderId: uuid, on: date, reason: text }),
  ),
  PersonalDataErased: personalDataErased,
};
