import { describe, expect, it } from '@jest/globals';
import {
  creditNoteOf,
  invoiceOf,
  type SampleInvoice,
} from '../../libs/domain/billing/account/testing/issued-invoice.js';
import type { Payer } from '../../libs/domain/billing/parties/billing-profile.js';
import { billingEntityId, partnerId } from '../../libs/domain/shared/ids.js';
import type { LocalOpened } from '../../libs/read-models/local/open-local.js';
import type { Told } from '../../libs/read-models/testing/sample-log.js';

const one: Payer = 'partner:one' as Payer;
const two: Payer = 'partner:two' as Payer;
const kansai = billingEntityId('kansai');
const ids = {
  a: 'aaaaaaaa-0000-4000-8000-00000000000a',
  b: 'aaaaaaaa-0000-4000-8000-00000000000b',
  c: 'aaaaaaaa-0000-4000-8000-00000000000c',
  d: 'aaaaaaaa-0000-4000-8000-00000000000d',
} as const;
const sample = (id: keyof typeof ids, payer: Payer, issuedOn: string): SampleInvoice => ({
  entityId: kansai,
  payer,
  documentId: ids[id],
  net: '1000',
  issuedOn,
});
const of = (payer: Payer, events: readonly { type: string; data: object }[]): readonly Told[] =>
  events.map((event) => ({ stream: `billing-${payer}`, ...event }));
const settled = (payer: Payer, type: string, data: object): Told => ({
  stream: `billing-${payer}`,
  type,
  data: { entityId: kansai, currency: 'JPY', on: '2026-11-20', ...data },
});

/** The contract of documents, of what runs bill, and of runs, over either store. */
export function documentsContract(
  readModels: () => LocalOpened['readModels'],
  append: (...events: readonly Told[]) => Promise<number>,
): void {
  describe('of documents', () => {
    const documents = async (query: object = {}) =>
      (await readModels().listDocuments(query)).items.map(({ documentId, state, open, lines }) => [
        Object.entries(ids).find(([, id]) => id === documentId)?.[0],
        state,
        open,
        lines.length,
      ]);
    const issue = async (): Promise<void> => {
      const source = { paymentId: ids.d };
      await readModels().waitFor(
        await append(
          ...of(one, invoiceOf(sample('a', one, '2026-11-01'))),
          ...of(two, invoiceOf(sample('b', two, '2026-11-02'))),
          ...of(one, creditNoteOf(sample('c', one, '2026-11-03'))),
          settled(one, 'CreditNoteApplied', { creditNoteId: ids.c, invoiceId: ids.a, amount: '100' }),
          settled(one, 'PaymentAllocated', { source, invoiceId: ids.a, amount: '1000' }),
          settled(two, 'PaymentAllocated', { source, invoiceId: ids.b, amount: '200' }),
          settled(two, 'InvoiceWrittenOff', { invoiceId: ids.b, amount: '900', reason: 'x' }),
        ),
      );
    }; // prettier-ignore

    it('are those that are issued, with what is open now', async () => {
      await issue();
      const draft = invoiceOf(sample('d', one, '2026-11-04')).slice(0, 3);
      await readModels().waitFor(await append(...of(one, draft)));
      expect(await documents()).toEqual([
        ['a', 'paid', '0', 1],
        ['b', 'written-off', '0', 1],
        ['c', 'credited', '0', 1],
      ]);
      expect(await readModels().findDocument(ids.d)).toBeUndefined();
      expect(await readModels().findDocument(ids.a)).toMatchObject({ total: '1100', revision: 8 });
    });

    it.each([
      ['of a payer', { payer: one }, ['a', 'c']],
      ['of an entity', { entityId: 'osaka' }, []],
      ['of a kind', { kind: 'credit-note' }, ['c']],
      ['in a state', { state: 'written-off' }, ['b']],
      ['of the first day', { to: '2026-11-01' }, ['a']],
      ['from a day', { from: '2026-11-02' }, ['b', 'c']],
      ['in the scope of the issuer', { scope: [partnerId('kansai')] }, ['a', 'b', 'c']],
      ['in the scope of a payer', { scope: [partnerId('two')] }, ['b']],
      ['in an empty scope', { scope: [] }, []],
    ])('%s', async (_what, query, expected) => {
      await issue();
      expect((await documents(query)).map(([id]) => id)).toEqual(expected);
    });

    it('name the payers that a run has to look at, page by page', async () => {
      const payers = (query: object = {}) =>
        readModels().runPayers({ after: '', limit: 10, minPosition: 0, ...query });
      const [charge] = of(one, invoiceOf(sample('a', one, '2026-11-01')));
      const drafted = of(two, invoiceOf(sample('b', two, '2026-11-02')));
      await readModels().waitFor(await append(charge!, ...drafted.slice(0, 3)));
      expect(await payers()).toEqual([one, two]);
      expect(await payers({ limit: 1 })).toEqual([one]);
      expect(await payers({ after: one })).toEqual([two]);
      expect(await payers({ payers: [two] })).toEqual([two]);
      expect(await payers({ entityIds: ['osaka'] })).toEqual([]);
      expect(await readModels().countRunPayers({ minPosition: 0 })).toBe(2);
    });

    it('list runs with their counts, the latest first if that is asked for', async () => {
      const [first, second] = [ids.a, ids.b];
      const started = (runId: string): Told => ({
        stream: `billingrun-${runId}`,
        type: 'BillingRunStarted',
        data: { runId, period: '2026-10' },
      });
      const advanced = (done: number): Told => ({
        stream: `billingrun-${first}`,
        type: 'BillingRunAdvanced',
        data: {
          payerCount: 2,
          done,
          invoices: 1,
          creditNotes: 0,
          totals: [{ amount: '10', currency: 'JPY' }],
          blocked: [],
          through: `partner:${done}`,
        },
      });
      const minPosition = await append(started(first), advanced(1), started(second), advanced(2));
      const runs = await readModels().listBillingRuns({ minPosition });
      expect(runs.items).toMatchObject([
        {
          runId: first,
          state: 'running',
          progress: { payerCount: 2, done: 2 },
          invoices: 2,
          totals: [{ amount: '20', currency: 'JPY' }],
        },
        { runId: second },
      ]);
      const latest = await readModels().listBillingRuns({ limit: 1, latestFirst: true });
      expect(latest.items).toMatchObject([{ runId: second }]);
      const { nextCursor } = latest;
      expect(nextCursor).not.toBeNull();
      const rest = await readModels().listBillingRuns({ cursor: nextCursor!, latestFirst: true });
      expect(rest.items).toMatchObject([{ runId: first }]);
    });
  });
}
