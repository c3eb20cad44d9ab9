import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  type BillingEntityEvent,
  type BillingEntityIdEvent,
  evolveBillingEntity,
  evolveBillingEntityId,
  noBillingEntity,
} from '../../domain/billing/parties/billing-entity.js';
import {
  type BillingProfileEvent,
  evolveBillingProfile,
  noBillingProfile,
} from '../../domain/billing/parties/billing-profile.js';
import {
  evolveTaxRates,
  noTaxRates,
  type TaxRatesEvent,
} from '../../domain/billing/tax/tax-rates.js';
import {
  evolvePartnerOffers,
  type PartnerOffersEvent,
} from '../../domain/catalog/partner-offers.js';
import {
  evolvePaymentId,
  type PaymentIdEvent,
  unassignedPaymentId,
} from '../../domain/billing/payments/payment-id.js';
import {
  evolvePriceList,
  type PriceListEvent,
  unpublishedPriceList,
} from '../../domain/catalog/price-list.js';
import {
  evolveSellingPrices,
  type SellingPricesEvent,
} from '../../domain/catalog/selling-prices.js';
import {
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../domain/customer/customer.js';
import { emptyProgram, evolveProgram, type ProgramEvent } from '../../domain/program/program.js';
import { evolvePartner, type PartnerEvent, unknownPartner } from '../../domain/partner/partner.js';
import {
  type DirectBillApplicationEvent,
  evolveApplication,
  unknownApplication,
} from '../../domain/direct-bill/application.js';
import type { RevenueEntry, RevenueEvent } from '../../domain/qualification/revenue.js';
import { evolveRevenueEntry } from '../../domain/qualification/revenue-entry.js';
import type { Recorded } from '../../domain/shared/event.js';
import { applicationId, partnerId, tenantId } from '../../domain/shared/ids.js';
import {
  catalogue,
  currentVersion,
  knownEvent,
  UnknownEvent,
  upcast,
  upcastWith,
} from './catalogue.js';
import {
  evolveManualCharge,
  type ManualChargeEvent,
  noManualCharge,
} from '../../domain/billing/account/manual-charge.js';
import type { SubscriptionEvent } from '../../domain/billing/subscription/subscription-events.js';
import {
  evolveSubscription,
  noSubscription,
} from '../../domain/billing/subscription/subscription-record.js';
import type { AccountEvent } from '../../domain/billing/account/account-events.js';
import { evolvePayerAccount, newPayerAccount } from '../../domain/billing/account/payer-account.js';
import {
  type BillingRunEvent,
  evolveBillingRun,
  unknownBillingRun,
} from '../../domain/billing/runs/billing-run.js';
import {
  type DocumentPdfEvent,
  evolveDocumentPdf,
  noDocumentPdf,
} from '../../domain/billing/documents/document-pdf.js';
import {
  evolveReconciliation,
  noReconciliation,
  type ReconciliationEvent,
} from '../../domain/billing/reconciliation/reconciliation-file.js';
import type { CatalogueEntry } from './entry.js';
import { renderCatalogue } from './render.js';

/**
 * Every event that was ever released, as it was first written: here in version 1. The file is never
 * changed, only extended.
 */
const read = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const recorded = read('v1.ndjson')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Recorded);
const entries = Object.entries(catalogue) as [string, CatalogueEntry][];

const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true });
const validators = new Map(entries.map(([type, { schema }]) => [type, ajv.compile(schema)]));

const folds: Record<string, (events: readonly Recorded[]) => unknown> = {
  program: (events) =>
    events.reduce((state, event) => evolveProgram(state, event as ProgramEvent), emptyProgram),
  partner: (events) =>
    events.reduce(
      (state, event) => evolvePartner(state, event as PartnerEvent),
      unknownPartner(partnerId('kansai-cloud')),
    ),
  customer: (events) =>
    events.reduce(
      (state, event) => evolveCustomer(state, event as CustomerEvent),
      unknownCustomer(tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301')),
    ),
  pricelist: (events) =>
    events.reduce(
      (state, event) => evolvePriceList(state, event as PriceListEvent),
      unpublishedPriceList('JP', '2026-11'),
    ),
  sellingprices: (events) =>
    events.reduce((state, event) => evolveSellingPrices(state, event as SellingPricesEvent), {}),
  partneroffers: (events) =>
    events.reduce((state, event) => evolvePartnerOffers(state, event as PartnerOffersEvent), {}),
  // An import has no state: its rows are looked up (application/gate/price-rows.ts).
  import: (events) => events.map(({ type }) => type),
  revenue: (events) =>
    events.reduce(
      (entries, event) => evolveEntries(entries, event as RevenueEvent),
      new Map<string, RevenueEntry>(),
    ),
  application: (events) =>
    events.reduce(
      (state, event) => evolveApplication(state, event as DirectBillApplicationEvent),
      unknownApplication(applicationId(events[0]!.stream.slice('application-'.length))),
    ),
  billingentity: (events) =>
    events.reduce(
      (state, event) => evolveBillingEntity(state, event as BillingEntityEvent),
      noBillingEntity,
    ),
  billingentityid: (events) =>
    events.reduce(
      (state, event) => evolveBillingEntityId(state, event as BillingEntityIdEvent),
      {},
    ),
  billingprofile: (events) =>
    events.reduce(
      (state, event) => evolveBillingProfile(state, event as BillingProfileEvent),
      noBillingProfile,
    ),
  billing: (events) =>
    events.reduce(
      (state, event) => evolvePayerAccount(state, event as AccountEvent),
      newPayerAccount,
    ),
  payment: (events) =>
    events.reduce(
      (state, event) => evolvePaymentId(state, event as PaymentIdEvent),
      unassignedPaymentId,
    ),
  manualcharge: (events) =>
    events.reduce(
      (state, event) => evolveManualCharge(state, event as ManualChargeEvent),
      noManualCharge,
    ),
  subscription: (events) =>
    events.reduce(
      (state, event) => evolveSubscription(state, event as SubscriptionEvent),
      noSubscription,
    ),
  // Only the last event of a series matters: the date of the number before.
  numbering: (events) => events.map(({ data }) => (data as { number: string }).number),
  billingrun: (events) =>
    events.reduce(
      (state, event) => evolveBillingRun(state, event as BillingRunEvent),
      unknownBillingRun,
    ),
  reconciliation: (events) =>
    events.reduce(
      (state, event) => evolveReconciliation(state, event as ReconciliationEvent),
      noReconciliation,
    ),
  document: (events) =>
    events.reduce(
      (state, event) => evolveDocumentPdf(state, event as DocumentPdfEvent),
      noDocumentPdf,
    ),
  taxrates: (events) =>
    events.reduce((state, event) => evolveTaxRates(state, event as TaxRatesEvent), noTaxRates),
};

function evolveEntries(
  entries: ReadonlyMap<string, RevenueEntry>,
  event: RevenueEvent,
): Map<string, RevenueEntry> {
  const { revenueId } = event.data;
  const evolved = evolveRevenueEntry(entries.get(revenueId), event);
  return evolved ? new Map(entries).set(revenueId, evolved) : new Map(entries);
}

const plain = (state: unknown): unknown =>
  JSON.parse(
    JSON.stringify(state, (_key, value: unknown) =>
      value instanceof Map ? Object.fromEntries(value) : value,
    ),
  );

describe('the recorded log of version 1', () => {
  it('contains every event of the catalogue', () => {
    const types = new Set(recorded.map(({ type }) => type));
    expect(entries.map(([type]) => type).filter((type) => !types.has(type))).toEqual([]);
  });

  it.each(recorded.map((event): [string, string, Recorded] => [event.stream, event.type, event]))(
    'fits the schema: %s: %s',
    (_stream, type, event) => {
      const validate = validators.get(type)!;
      expect(validate(event.data) ? [] : validate.errors).toEqual([]);
    },
  );

  it.each(recorded.map((event): [string, string] => [event.stream, event.type]))(
    'lets %s contain %s',
    (stream, type) => {
      const entry = entries.find(([name]) => name === type)![1];
      expect(entry.streams).toContain(stream.split('-')[0]);
    },
  );

  it('still folds to the same states', () => {
    const streams = Map.groupBy(recorded.map(upcast), ({ stream }) => stream);
    const states = Object.fromEntries(
      [...streams].map(([stream, events]) => [
        stream,
        plain(folds[stream.split('-')[0]!]!(events)),
      ]),
    );
    expect(states).toEqual(JSON.parse(read('v1.states.json')));
  });

  it('is in the order of each stream', () => {
    for (const events of Map.groupBy(recorded, ({ stream }) => stream).values()) {
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_event, index) => index));
    }
  });
});

describe('the schemas', () => {
  it.each(recorded.map((event): [string, Recorded] => [event.type, event]))(
    'for %s refuses a field that it does not name',
    (type, event) => {
      expect(validators.get(type)!({ ...(event.data as object), unheardOf: true })).toBe(false);
    },
  );

  it.each(entries)('for %s has a sentence on when the event happens', (_type, { when }) => {
    expect(when).toMatch(/^[A-Z].*\.$/);
  });
});

describe('an event read by this build', () => {
  const event = recorded[0]!;

  it('stays unchanged in the current version', () => {
    expect(upcast(event)).toBe(event);
  });

  it.each([
    ['a type of a newer release', { ...event, type: 'LogSealed' }],
    ['a version of a newer release', { ...event, version: 2 }],
    ['no version', { ...event, version: 0 }],
    ['a type that every object has', { ...event, type: 'constructor' }],
  ])('is never skipped: %s', (_what, unknown) => {
    expect(() => upcast(unknown)).toThrow(UnknownEvent);
    expect(knownEvent(unknown.type, unknown.version)).toBe(false);
  });

  it('has a version that the build knows when it is written', () => {
    expect(currentVersion('OrderPlaced')).toBe(1);
    expect(() => currentVersion('LogSealed')).toThrow(UnknownEvent);
  });

  it.each([
    [1, { name: 'x', first: true, second: true }],
    [2, { name: 'x', second: true }],
    [3, { name: 'x' }],
  ])('is upgraded from version %d to the current one, step by step', (version, data) => {
    const upcasters = [
      (older: object) => ({ ...older, first: true }),
      (older: object) => ({ ...older, second: true }),
    ];
    const lifted = upcastWith(
      { version: 3, upcasters },
      { ...event, version, data: { name: 'x' } },
    );
    expect(lifted).toEqual({ ...event, version: 3, data });
  });
});

describe('docs/events.md', () => {
  it('equals the rendered catalogue', () => {
    expect(readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')).toBe(
      renderCatalogue(),
    );
  });
});
