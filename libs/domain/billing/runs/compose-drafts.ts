import { monthOf } from '../../shared/calendar.js';
import type { BillingRunId } from '../../shared/ids.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import type { DocumentDraft, RecordedCharge } from '../account/account-events.js';
import {
  billedCharges,
  type Draft,
  issuedInvoices,
  type Ledger,
} from '../account/payer-account.js';
import { withTaxes } from '../documents/charge-taxes.js';
import { composeDocuments } from '../documents/compose-documents.js';
import { applyCreditNote } from '../documents/credit-application.js';
import type { DocumentContent, DocumentKind, DocumentLine } from '../documents/document.js';
import type { BillingEntityDetails } from '../parties/billing-entity.js';
import type { BillingProfile, Payer } from '../parties/billing-profile.js';
import { openOf } from '../receivables/account.js';
import { lineTax, type TaxRateTable } from '../tax/line-tax.js';
import type { BlockCode } from './billing-run.js';
import { lastDayOfPeriod } from './run-period.js';

/** What a document states of its issuer and its payer, at the time of the run. */
export interface RunParties {
  readonly entity: BillingEntityDetails;
  /** Of the issuer's country, in the order of the log. */
  readonly rateTables: readonly TaxRateTable[];
  readonly profile: BillingProfile | undefined;
  /** The payer's legal name. */
  readonly payerName: string;
}

export interface Block {
  readonly code: BlockCode;
  readonly facts: Readonly<Record<string, string>>;
}

export interface RunOf {
  readonly runId: BillingRunId;
  readonly period: string;
  readonly payer: Payer;
  readonly documentIdOf: (kind: DocumentKind) => string;
}

/** The charges that a run for the period puts on documents. */
export const chargesDue = ({ unbilled }: Ledger, period: string): readonly RecordedCharge[] =>
  unbilled.filter(({ date }) => date <= lastDayOfPeriod(period));

/** The terms of this period whose charges could not be recorded, because their price is missing. */
export const blockedPrices = ({ blocked }: Ledger, period: string): readonly Block[] =>
  blocked
    .filter(({ from }) => from <= lastDayOfPeriod(period))
    .map(({ offerId, from }) => ({
      code: 'price-missing',
      facts: { offerId, month: monthOf(from) },
    }));

/**
 * The documents of one issuer, payer and currency in a run: an invoice, a credit note, both or none.
 * `charges` are on no document yet.
 */
export function composeDrafts(
  ledger: Ledger,
  charges: readonly RecordedCharge[],
  parties: RunParties,
  run: RunOf,
): Result<readonly Draft[], Block> {
  const { entity, profile, rateTables } = parties;
  if (charges.length === 0) return accept([]);
  if (!profile) return refuse({ code: 'billing-profile-missing', facts: {} });

  const taxParties = {
    issuerCountry: entity.address.country,
    payer: {
      country: profile.address.country,
      ...(profile.taxId !== undefined && { taxId: profile.taxId }),
      ...(profile.taxTreatment && { taxTreatment: profile.taxTreatment }),
    },
    rateTables,
  };
  const taxed = withTaxes(charges.map(billable), billedCharges(ledger), taxParties);
  if (!taxed.ok) {
    const at = charges.find(
      ({ taxCategory: category, from: on }) => !lineTax({ ...taxParties, category, on }).ok,
    );
    return refuse({ code: taxed.refusal, facts: taxFacts(taxed.refusal, taxParties, at) });
  }
  const { invoice, creditNote } = composeDocuments(
    taxed.value,
    ledger.currency,
    entity.taxRounding,
  );
  return accept(
    [invoice, creditNote].flatMap((content) =>
      content ? [draftOf(content, ledger, parties, profile, run)] : [],
    ),
  );
}

/** A document has neither the cost of its charges nor what only the account needs. */
const billable = (charge: RecordedCharge) => ({
  chargeId: charge.chargeId,
  type: charge.type,
  half: charge.half,
  ...(charge.source && { source: charge.source }),
  ...(charge.tenantId !== undefined && { tenantId: charge.tenantId }),
  description: charge.description,
  family: charge.family,
  from: charge.from,
  to: charge.to,
  date: charge.date,
  quantity: charge.quantity,
  unitPrice: charge.unitPrice,
  amount: charge.amount,
  taxCategory: charge.taxCategory,
});

function draftOf(
  content: DocumentContent,
  ledger: Ledger,
  { entity, payerName }: RunParties,
  profile: BillingProfile,
  { runId, payer, documentIdOf }: RunOf,
): Draft {
  const header: DocumentDraft = {
    documentId: documentIdOf(content.kind),
    kind: content.kind,
    entityId: ledger.entityId,
    currency: ledger.currency,
    payer,
    runId,
    language: profile.language ?? entity.language,
    issuer: party(entity.legalName, entity),
    recipient: party(payerName, profile),
    ...(profile.purchaseOrder !== undefined && { purchaseOrder: profile.purchaseOrder }),
    ...(entity.bankDetails !== undefined && { bankDetails: entity.bankDetails }),
    taxes: content.taxes,
    net: content.net,
    tax: content.tax,
    total: content.total,
    ...(content.kind === 'invoice'
      ? { paymentTermsDays: profile.paymentTermsDays ?? entity.paymentTermsDays }
      : { corrects: correctedBy(content, ledger) }),
  };
  return {
    ...header,
    lines: content.lines.map(inCanonicalOrder),
    lineCount: content.lines.length,
  };
}

const correctedBy = (content: DocumentContent, ledger: Ledger): readonly string[] =>
  applyCreditNote(content, issuedInvoices(ledger), (invoiceId) => {
    const invoice = ledger.receivables.invoices.find((one) => one.invoiceId === invoiceId);
    return invoice ? openOf(invoice, ledger.currency) : '0';
  }).corrects;

/** With the fields in the order of canonical JSON, which is written much faster then. */
const inCanonicalOrder = (line: DocumentLine): DocumentLine => ({
  amount: line.amount,
  chargeId: line.chargeId,
  date: line.date,
  description: line.description,
  family: line.family,
  from: line.from,
  lineIndex: line.lineIndex,
  quantity: line.quantity,
  ...(line.source && { source: line.source }),
  tax: line.tax,
  ...(line.tenantId !== undefined && { tenantId: line.tenantId }),
  to: line.to,
  type: line.type,
  unitPrice: line.unitPrice,
});

const party = (name: string, { address, taxId }: Pick<BillingProfile, 'address' | 'taxId'>) => ({
  address,
  name,
  ...(taxId !== undefined && { taxId }),
});

function taxFacts(
  code: BlockCode,
  { issuerCountry, payer }: { issuerCountry: string; payer: { country: string } },
  at: RecordedCharge | undefined,
): Readonly<Record<string, string>> {
  return code === 'tax-rate-missing'
    ? { country: issuerCountry, ...(at && { category: at.taxCategory, on: at.from }) }
    : { issuerCountry, payerCountry: payer.country };
}
