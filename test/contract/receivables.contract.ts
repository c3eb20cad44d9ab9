import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountEvent } from '../../libs/domain/billing/account/account-events.js';
import {
  accountEntryOf,
  balanceEventOf,
} from '../../libs/domain/billing/account/balance-events.js';
import {
  evolvePayerAccount,
  ledgerOf,
  newPayerAccount,
  type PayerAccount,
} from '../../libs/domain/billing/account/payer-account.js';
import {
  creditNoteOf,
  invoiceOf,
} from '../../libs/domain/billing/account/testing/issued-invoice.js';
import type { Payer } from '../../libs/domain/billing/parties/billing-profile.js';
import {
  accountAfter,
  type AccountEntry,
  type BalanceEntry,
  emptyAccount,
  openOf,
} from '../../libs/domain/billing/receivables/account.js';
import { type Aging, agingOf, balanceOf } from '../../libs/domain/billing/receivables/aging.js';
import {
  creditInvoices,
  refund,
  reversePayment,
  writeOff,
} from '../../libs/domain/billing/receivables/corrections.js';
import {
  receivePayment,
  useCreditBalance,
} from '../../libs/domain/billing/receivables/receive-payment.js';
import { addDays } from '../../libs/domain/shared/calendar.js';
import { assumed, type Proposed } from '../../libs/domain/shared/event.js';
import { billingEntityId } from '../../libs/domain/shared/ids.js';
import { compareDecimals, sumOf, totalOf } from '../../libs/domain/shared/money.js';
import type { Result } from '../../libs/domain/shared/result.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import type { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import type { LocalOpened } from '../../libs/read-models/local/open-local.js';
import type { ReceivablesPage, ReceivablesQuery } from '../../libs/read-models/receivables.js';
import { memoryLog } from '../../libs/read-models/testing/bench.js';
import { appendAtOnce } from '../../libs/read-models/testing/sample-log.js';
import { Random } from '../support/random.js';

export type OpenReadModels = (
  log: MemoryEventLog,
) => Promise<Pick<LocalOpened, 'readModels'> & { readonly close: () => Promise<void> }>;

const entities = ['e-1', 'e-2'].map(billingEntityId);
const payers: readonly Payer[] = [
  'customer:11111111-2222-4333-8444-555555555555' as Payer,
  'partner:res-1' as Payer,
];
const currencies = ['JPY', 'EUR'] as const;
const first = '2026-01-01';

/** Appends a history of accounts: every kind of change, dated back and ahead. */
async function appendHistory(log: MemoryEventLog, random: Random, steps: number): Promise<void> {
  const accounts = new Map<Payer, PayerAccount>();
  for (let step = 0; step < steps; step += 1) {
    const [payer, entityId, currency] = [
      random.of(payers),
      random.of(entities),
      random.of(currencies),
    ];
    const account = accounts.get(payer) ?? newPayerAccount;
    const ledger = { entityId, currency };
    const { receivables, documents } = ledgerOf(account, ledger);
    const on = addDays(first, step * 3 - random.below(6));
    const amount = currency === 'JPY' ? String(1 + random.below(300)) : `${1 + random.below(9)}.50`;
    const reason = 'test';
    const paymentId = random.of([...receivables.payments.map((one) => one.paymentId), 'none']);
    const invoiceId = random.of([...receivables.invoices.map((one) => one.invoiceId), 'none']);
    const taken = (entries: Result<readonly BalanceEntry[], unknown>) =>
      entries.ok ? entries.value.map((entry) => balanceEventOf(ledger, entry)) : [];
    const events = ((): readonly Proposed<AccountEvent>[] => {
      switch (random.below(8)) {
        case 0:
        case 1:
        case 2: {
          const documentId = uuid(step);
          const issued = invoiceOf({ entityId, payer, documentId, net: amount, issuedOn: on, dueOn: addDays(on, random.below(40)), currency });
          const after = issued.map((one) => assumed<AccountEvent>(one)).reduce(evolvePayerAccount, account);
          const used = useCreditBalance(ledgerOf(after, ledger).receivables, documentId);
          return [...issued, ...used.map((entry) => balanceEventOf(ledger, entry))];
        }
        case 3:
        case 4:
          return taken(
            receivePayment(receivables, { paymentId: uuid(step), amount, receivedOn: on, reference: uuid(step) }),
          );
        case 5:
          return random.below(2) === 0
            ? taken(reversePayment(receivables, { paymentId, on, reason }))
            : taken(refund(receivables, { paymentId, on, reason, amount }));
        case 6:
          return taken(writeOff(receivables, { invoiceId, on, reason }));
        default: {
          const invoice = documents.find(({ documentId, kind }) => documentId === invoiceId && kind === 'invoice');
          if (!invoice) return [];
          const documentId = uuid(step);
          const note = creditNoteOf({ entityId, payer, documentId, net: invoice.net, issuedOn: on, currency });
          const entries = creditInvoices(receivables, {
            creditNoteId: documentId,
            on,
            total: invoice.total,
            applications: [{ invoiceId, amount: invoice.total }],
          }).flatMap((entry) =>
            entry.kind === 'credit-note-issued' || entry.kind === 'invoice-issued' ? [] : [entry],
          );
          return [...note, ...entries.map((entry) => balanceEventOf(ledger, entry))];
        }
      }
    })(); // prettier-ignore
    if (events.length === 0) continue;
    await appendAtOnce(log, events.map(({ type, data }) => ({ stream: `billing-${payer}`, type, data })));
    accounts.set(payer, events.map((one) => assumed<AccountEvent>(one)).reduce(evolvePayerAccount, account));
  }
} // prettier-ignore

const uuid = (step: number): string => `00000000-0000-4000-8000-${String(step).padStart(12, '0')}`;

/** The entries of all ledgers, slowly: folded from the log's events one by one. */
function ledgersOf(events: readonly LoggedEvent[], { asOf, knownAt }: Cut) {
  const ledgers = new Map<string, AccountEntry[]>();
  const drafts = new Map<string, { readonly total: string }>();
  for (const event of events as readonly (LoggedEvent & AccountEvent)[]) {
    if (event.position > knownAt) break;
    if (event.type === 'DocumentDrafted') drafts.set(event.data.documentId, event.data);
    const entry = entryOf(event, drafts);
    if (!entry || entry.on > asOf) continue;
    const key = `${event.data.entityId} ${event.stream.slice('billing-'.length)} ${event.data.currency}`;
    ledgers.set(key, [...(ledgers.get(key) ?? []), entry]);
  }
  return ledgers;
}

function entryOf(
  event: LoggedEvent & AccountEvent,
  drafts: ReadonlyMap<string, { readonly total: string }>,
): AccountEntry | undefined {
  switch (event.type) {
    case 'ChargesRecorded':
    case 'ChargesBlocked':
    case 'ChargesUnblocked':
    case 'DocumentDrafted':
    case 'DocumentLinesDrafted':
      return undefined;
    case 'InvoiceIssued': {
      const { documentId: invoiceId, issuedOn: on, dueOn } = event.data;
      return { kind: 'invoice-issued', invoiceId, on, dueOn, total: drafts.get(invoiceId)!.total };
    }
    case 'CreditNoteIssued': {
      const { documentId: creditNoteId, issuedOn: on } = event.data;
      return {
        kind: 'credit-note-issued',
        creditNoteId,
        on,
        total: drafts.get(creditNoteId)!.total,
      };
    }
    default:
      return accountEntryOf(event);
  }
}

type Cut = Pick<ReceivablesQuery, 'asOf' | 'knownAt'>;

/** The contract of receivables, documents and the journal, over either store. */
export function receivablesContract(name: string, open: OpenReadModels): void {
  describe(`receivables over ${name}`, () => {
    let log: MemoryEventLog;
    let bench: Awaited<ReturnType<OpenReadModels>>;
    beforeEach(async () => {
      log = memoryLog();
      bench = await open(log);
    });
    afterEach(() => bench.close());

    async function all<Item>(
      query: Cut & Partial<ReceivablesQuery>,
      pageOf: (query: ReceivablesQuery) => Promise<ReceivablesPage<Item>>,
    ): Promise<readonly Item[]> {
      const items: Item[] = [];
      for (let after: number | undefined; ;) {
        const page = await pageOf({ ...query, after });
        items.push(...page.items);
        if (page.next === undefined) return items;
        after = page.next;
      }
    }

    it('equal the accounts that are folded from the log, on any day and at any position', async () => {
      const random = new Random(20261130);
      await appendHistory(log, random, 160);
      const events: LoggedEvent[] = [];
      for await (const page of log.readAll({ after: -1 })) events.push(...page.events);
      const head = events.at(-1)!.position;
      for (let sample = 0; sample < 25; sample += 1) {
        const cut = {
          asOf: sample === 0 ? '2028-01-01' : addDays(first, random.below(520)),
          knownAt: sample === 0 ? head : random.below(head + 1),
        };
        const entries = ledgersOf(events, cut);
        const agings = new Map(
          [...entries].map(([key, ofLedger]): [string, Aging] => {
            const account = accountAfter(emptyAccount(key.split(' ')[2]!), ofLedger);
            return [key, agingOf(balanceOf(account), cut.asOf)];
          }),
        );
        const found = await all(cut, (query) => bench.readModels.ledgersAtPosition(query));
        expect(
          Object.fromEntries(
            found.map((row) => [
              `${row.entityId} ${row.payer} ${row.currency}`,
              agingOf(row, cut.asOf),
            ]),
          ),
        ).toEqual(Object.fromEntries(agings));

        const journal = await all(cut, (query) => bench.readModels.journalAtPosition(query));
        expect(journal).toHaveLength([...entries.values()].flat().length);
        for (const { postings } of journal)
          expect(compareDecimals(sumOf(...postings.map(({ amount }) => amount)), '0')).toBe(0);
        const documents = await all(cut, (query) => bench.readModels.documentsAtPosition(query));
        for (const currency of currencies) {
          const posted = totalOf(
            journal
              .filter((row) => row.currency === currency)
              .flatMap(({ postings }) => postings)
              .filter(({ account }) => account === 'accounts-receivable')
              .map(({ amount }) => amount),
            currency,
          );
          const open = totalOf(
            documents
              .filter((one) => one.currency === currency && one.kind === 'invoice')
              .map((one) => openOf({ ...one, invoiceId: '', dueOn: '' }, currency)),
            currency,
          );
          expect(open).toBe(posted);
        }
      }
    }, 60_000);

    it('are filtered by issuer and by day, and an invoice is found by its id', async () => {
      const random = new Random(7);
      await appendHistory(log, random, 60);
      const cut = { asOf: '2028-01-01', knownAt: await log.head() };
      const documents = await all(cut, (query) => bench.readModels.documentsAtPosition(query));
      const day = documents[3]!.issuedOn;
      const [entityId] = entities;
      const filtered = { ...cut, entityIds: [entityId!], from: day, to: day };
      expect(await all(filtered, (query) => bench.readModels.documentsAtPosition(query))).toEqual(
        documents.filter((one) => one.entityId === entityId && one.issuedOn === day),
      );
      const journal = await all(cut, (query) => bench.readModels.journalAtPosition(query));
      expect(await all(filtered, (query) => bench.readModels.journalAtPosition(query))).toEqual(
        journal.filter((one) => one.entityId === entityId && one.on === day),
      );
      for (const entityIds of [[], [billingEntityId('none')]])
        for (const page of [
          await bench.readModels.documentsAtPosition({ ...cut, entityIds }),
          await bench.readModels.journalAtPosition({ ...cut, entityIds }),
          await bench.readModels.ledgersAtPosition({ ...cut, entityIds }),
        ])
          expect(page).toEqual({ items: [], next: undefined });

      const invoice = documents.find(({ kind }) => kind === 'invoice')!;
      const note = documents.find(({ kind }) => kind === 'credit-note')!;
      expect(await bench.readModels.findInvoice(invoice.documentId)).toMatchObject({
        entityId: invoice.entityId,
        payer: invoice.payer,
      });
      for (const id of [note.documentId, uuid(9_999)])
        expect(await bench.readModels.findInvoice(id)).toBeUndefined();

      const payer = payers[0]!;
      const listed = await bench.readModels.listPayments({ payer, limit: 500 });
      expect(listed.items.length).toBeGreaterThan(0);
      expect(listed.items.every((row) => row.payer === payer)).toBe(true);
    });
  });
}
