import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import {
  type IssuedDocument,
  issuedInvoices,
  type Ledger,
  ledgerOf,
} from '../../../domain/billing/account/payer-account.js';
import { asPayer, type Payer } from '../../../domain/billing/parties/billing-profile.js';
import {
  groupOf,
  paidByGroup,
  reversedRevenue,
  type RevenueGroup,
  revenueGroups,
} from '../../../domain/billing/revenue/document-revenue.js';
import { modelOn, type PartnerModel } from '../../../domain/partner/partner.js';
import {
  type Program,
  type ProgramEvent,
  requiredPolicyOn,
} from '../../../domain/program/program.js';
import { recordRevenue } from '../../../domain/qualification/revenue.decide.js';
import type { RecordedRevenue, RevenueEvent } from '../../../domain/qualification/revenue.js';
import { usdValue } from '../../../domain/qualification/revenue-amount.js';
import { addDays, addMonthsClamped } from '../../../domain/shared/calendar.js';
import type { Proposed } from '../../../domain/shared/event.js';
import { eventId, type PartnerId, tenantId } from '../../../domain/shared/ids.js';
import { compareDecimals, negated } from '../../../domain/shared/money.js';
import { revenueStream } from '../../../domain/shared/streams.js';
import type { EventLog, LoggedEvent } from '../../../event-log/event-log.js';
import { processCommandId, revenueIdOf } from '../../../event-log/identity.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import type { Decisions } from '../../engine/commands/decisions.js';
import { decided, type Logged } from '../../engine/commands/decision.js';
import type { LogProcess } from '../../engine/processes/log-process.js';
import { revisionFold } from '../../engine/states/fold.js';
import type { StateCache } from '../../engine/states/state-cache.js';
import { readState } from '../../engine/states/view.js';
import type { Clock } from '../../engine/time/clock.js';
import { partnerFold, programFold } from '../../records/folds.js';
import { accountFold } from '../billing-folds.js';
import { billingEntityOf } from '../billing-folds.js';

export const REVENUE_PROCESS = 'invoice-revenue';
/** The source of these entries of revenue. */
export const INVOICE_SOURCE = 'invoice';

const types = [
  'InvoiceIssued',
  'CreditNoteIssued',
  'PaymentAllocated',
  'PaymentAllocationReversed',
] as const;
type Billed = Logged<Extract<AccountEvent, { type: (typeof types)[number] }>>;
type RatesPublished = Logged<Extract<ProgramEvent, { type: 'ExchangeRatesPublished' }>>;

export interface RevenueParts {
  readonly log: EventLog;
  readonly states: StateCache;
  readonly decisions: Decisions;
  readonly readModels: ReadModels;
  readonly clock: Clock;
}

interface Account {
  readonly ledger: Ledger;
  readonly payer: Payer;
  readonly issuer: PartnerId;
}

/**
 * Records the revenue of own invoices, where the policy of their date of issue says so. Revenue whose
 * exchange rate is missing follows when the rate is published, with everything that has happened to
 * the invoice since. Each command derives from the event that causes it, so it is given once.
 */
export class InvoiceRevenue implements LogProcess<Billed | RatesPublished> {
  readonly name = REVENUE_PROCESS;
  readonly types = [...types, 'ExchangeRatesPublished'];

  constructor(private readonly parts: RevenueParts) {}

  async take(event: Billed | RatesPublished): Promise<void> {
    const { state: program } = await this.parts.states.load(programFold);
    // The default policy counts what Microsoft bills, so most logs have nothing to do here.
    if (!program.policies.some(({ policy }) => policy.revenueAmount === 'own-invoices')) return;
    if (event.type === 'ExchangeRatesPublished') return this.catchUp(event, program);
    const account = await this.accountOf(event);
    return this.follow(event, account, program);
  }

  private async follow(event: Billed, account: Account, program: Program): Promise<void> {
    switch (event.type) {
      case 'InvoiceIssued':
        return this.record(event, account, program);
      case 'CreditNoteIssued':
        return this.reverse(event, account);
      case 'PaymentAllocated':
        return this.pay(event, account, (amount) => amount);
      case 'PaymentAllocationReversed':
        return this.pay(event, account, negated);
    }
  }

  private async accountOf({ stream, data, position }: Billed): Promise<Account> {
    const payer = asPayer(stream.slice('billing-'.length));
    const { state } = await readState(this.parts.log, accountFold(payer), { upTo: position });
    const ledger = ledgerOf(state, data);
    const { partnerId } = await billingEntityOf(this.parts.states, ledger.entityId);
    return { ledger, payer, issuer: partnerId };
  }

  private async record(
    event: Extract<Billed, { type: 'InvoiceIssued' }>,
    account: Account,
    program: Program,
  ): Promise<void> {
    const invoice = documentOf(account.ledger, event.data.documentId);
    const { policy } = requiredPolicyOn(program, invoice.issuedOn);
    if (policy.revenueAmount !== 'own-invoices') return;
    const soldAs = await this.soldAs(account, invoice.issuedOn);
    const { latestDate: latestToday } = this.parts.clock.judgementTime();
    const { currency, issuedOn: recognizedOn, documentId } = invoice;
    const events: Proposed<RevenueEvent>[] = [];
    for (const group of revenueGroups(invoice.lines, currency)) {
      const statement = {
        partnerId: account.issuer,
        tenantId: tenantId(group.tenantId),
        amount: { amount: group.net, currency },
        recognizedOn,
        family: group.family,
        soldAs,
        source: INVOICE_SOURCE,
        reference: referenceOf(documentId, group),
      };
      const revenueId = revenueIdOf(account.issuer, INVOICE_SOURCE, statement.reference);
      const recorded = recordRevenue(statement, { program, latestToday }, revenueId);
      if (recorded.ok) events.push({ type: 'RevenueRecorded', data: recorded.value });
      // The rate's publication brings the invoice here again.
      else if (recorded.refusal.code === 'exchange-rate-missing') return;
      else throw new Error(`the revenue of ${documentId} is refused: ${recorded.refusal.code}`);
    }
    await this.append(event, account.issuer, events);
  }

  private async reverse(
    event: Extract<Billed, { type: 'CreditNoteIssued' }>,
    account: Account,
  ): Promise<void> {
    const note = documentOf(account.ledger, event.data.documentId);
    const events: Proposed<RevenueEvent>[] = [];
    for (const { invoiceId, groups } of reversedRevenue(note, issuedInvoices(account.ledger))) {
      const entries = await this.entriesOf(account, invoiceId);
      for (const group of groups) {
        const value = valueOf(entries.get(groupOf(group)), group.net);
        if (value)
          events.push({
            type: 'RevenueReversed',
            data: { ...value, on: note.issuedOn, reason: `credit note ${note.number}` },
          });
      }
    }
    await this.append(event, account.issuer, events);
  }

  private async pay(
    event: Extract<Billed, { type: 'PaymentAllocated' | 'PaymentAllocationReversed' }>,
    account: Account,
    sign: (amount: string) => string,
  ): Promise<void> {
    const { invoiceId, amount, on: paidOn } = event.data;
    const entries = await this.entriesOf(account, invoiceId);
    if (entries.size === 0) return;
    const invoice = documentOf(account.ledger, invoiceId);
    const events = paidByGroup(amount, invoice).flatMap((group): Proposed<RevenueEvent>[] => {
      const value = valueOf(entries.get(groupOf(group)), sign(group.net));
      return value ? [{ type: 'RevenuePaid', data: { ...value, paidOn } }] : [];
    });
    await this.append(event, account.issuer, events);
  }

  /** The seller's own model; a provider sells as a provider. */
  private async soldAs({ payer, issuer }: Account, on: string): Promise<PartnerModel> {
    if (payer.startsWith('partner:')) return 'indirect-provider';
    const { state } = await this.parts.states.load(partnerFold(issuer));
    const model = modelOn(state, on);
    if (!model) throw new Error(`${issuer} issued an invoice before it had a model`);
    return model;
  }

  /** The entries of an invoice by group, with the rates that were fixed; none if it has none. */
  private async entriesOf(
    { ledger, payer }: Account,
    invoiceId: string,
  ): Promise<ReadonlyMap<string, RecordedRevenue>> {
    const issued = await this.issueOf(payer, ledger, invoiceId);
    const events = issued ? await this.parts.log.eventsOfCommand(commandIdOf(issued)) : [];
    return new Map(
      // The events of this command are entries of revenue.
      (events as readonly Logged<Extract<RevenueEvent, { type: 'RevenueRecorded' }>>[]).map(
        ({ data }) => [groupOf(data), data],
      ),
    );
  }

  private async issueOf(
    payer: Payer,
    { documents }: Ledger,
    invoiceId: string,
  ): Promise<LoggedEvent | undefined> {
    if (!documents.some(({ documentId }) => documentId === invoiceId)) return undefined;
    for await (const page of this.parts.log.readStream(accountFold(payer).stream)) {
      const issued = (page as readonly Logged<AccountEvent>[]).find(
        ({ type, data }) =>
          type === 'InvoiceIssued' && 'documentId' in data && data.documentId === invoiceId,
      );
      if (issued) return issued;
    }
    return undefined;
  }

  private async append(
    event: LoggedEvent,
    issuer: PartnerId,
    events: readonly Proposed<RevenueEvent>[],
  ): Promise<void> {
    if (events.length === 0) return;
    await this.parts.decisions.commit(
      {
        commandId: commandIdOf(event),
        actor: `process:${REVENUE_PROCESS}`,
        causationId: event.id,
        correlationId: event.metadata.correlationId,
        isStep: true,
      },
      revisionFold<RevenueEvent>(revenueStream(issuer)),
      () => decided<RevenueEvent>(events),
    );
  }

  /** The invoices of the month in these currencies, with what has happened to them since. */
  private async catchUp({ data, position }: RatesPublished, program: Program): Promise<void> {
    const from = `${data.month}-01`;
    const to = addDays(addMonthsClamped(from, 1), -1);
    const payers = new Set<Payer>();
    for (let cursor: string | undefined; ;) {
      const { items, nextCursor } = await this.parts.readModels.listDocuments({
        from,
        to,
        kind: 'invoice',
        cursor,
        limit: 100,
        minPosition: position,
      });
      for (const { payer, currency } of items)
        if (Object.hasOwn(data.usdPerUnit, currency)) payers.add(payer);
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    for (const payer of payers) await this.replay(payer, position, program);
  }

  private async replay(payer: Payer, upTo: number, program: Program): Promise<void> {
    const { stream } = accountFold(payer);
    for await (const page of this.parts.log.readStream(stream, { upTo })) {
      for (const event of page as readonly Billed[])
        if (types.includes(event.type))
          await this.follow(event, await this.accountOf(event), program);
    }
  }
}

const commandIdOf = ({ id }: LoggedEvent) =>
  processCommandId(REVENUE_PROCESS, eventId(id), 'revenue');

const referenceOf = (documentId: string, group: RevenueGroup): string =>
  `${documentId} ${groupOf(group)}`;

function documentOf({ documents }: Ledger, documentId: string): IssuedDocument {
  const document = documents.find((one) => one.documentId === documentId);
  if (!document) throw new Error(`${documentId} is not issued`);
  return document;
}

/** A part of an entry, at the entry's rate; nothing of zero, or of an entry that does not exist. */
function valueOf(entry: RecordedRevenue | undefined, amount: string) {
  if (!entry || compareDecimals(amount, '0') === 0) return undefined;
  const part = { amount, currency: entry.amount.currency };
  const usdAmount = usdValue(part, entry.usdPerUnit);
  if (!usdAmount) throw new Error(`${amount} of ${entry.revenueId} has too many digits in USD`);
  return { revenueId: entry.revenueId, amount: part, usdAmount };
}
