import type {
  BillingEntityEvent,
  BillingEntityIdEvent,
} from '../../domain/billing/parties/billing-entity.js';
import type { BillingProfileEvent } from '../../domain/billing/parties/billing-profile.js';
import type { TaxRatesEvent } from '../../domain/billing/tax/tax-rates.js';
import { type EntriesOf, entry } from './entry.js';
import {
  country,
  currency,
  date,
  decimal,
  dictionary,
  list,
  object,
  oneOf,
  partnerId,
  text,
  wholeNumber,
} from './schema.js';

export type BillingEvent =
  BillingEntityEvent | BillingEntityIdEvent | BillingProfileEvent | TaxRatesEvent;

const address = object(
  { lines: list(text), country },
  { city: text, region: text, postalCode: text },
);
const language = oneOf('en', 'ja');
/** An entity's id has the pattern of a partner's. */
const entityId = partnerId;

const entityDetails = {
  required: {
    legalName: text,
    address,
    currency,
    language,
    numberPrefix: text,
    paymentTermsDays: wholeNumber,
    timeZone: text,
    taxRounding: oneOf('half-up', 'truncate'),
    pricing: object({ basis: oneOf('erp-price', 'unit-price'), adjustmentPercent: decimal }),
  },
  optional: { taxId: text, bankDetails: text },
};
const profile = {
  required: { address },
  optional: {
    taxId: text,
    purchaseOrder: text,
    paymentTermsDays: wholeNumber,
    language,
    taxTreatment: object({
      treatment: oneOf('standard', 'exempt', 'reverse-charge', 'outside-scope'),
      reason: text,
    }),
  },
};

export const billingEvents: EntriesOf<BillingEvent> = {
  BillingEntityRegistered: entry(
    'billingentity',
    'The legal person that issues documents for the partner was registered. A partner has one.',
    object({ entityId, partnerId, ...entityDetails.required }, entityDetails.optional),
  ),
  BillingEntityChanged: entry(
    'billingentity',
    "The billing entity's details changed. The event contains all of them; an optional field that is omitted has no value.",
    object(entityDetails.required, entityDetails.optional),
  ),
  BillingEntityIdAssigned: entry(
    'billingentityid',
    "An entity's id was assigned to a partner, for ever. It precedes `BillingEntityRegistered`.",
    object({ entityId, partnerId }),
  ),
  BillingProfileRegistered: entry(
    'billingprofile',
    'How a payer is billed was registered.',
    object({ payer: text, ...profile.required }, profile.optional),
  ),
  BillingProfileChanged: entry(
    'billingprofile',
    'How a payer is billed changed. The event contains the whole profile.',
    object(profile.required, profile.optional),
  ),
  TaxRatesPublished: entry(
    'taxrates',
    "A country's tax rates by category are in force from a day on. The last event of a day counts.",
    object({ country, from: date, rates: dictionary(text, decimal) }),
  ),
};
