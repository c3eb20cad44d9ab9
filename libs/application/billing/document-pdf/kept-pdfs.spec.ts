import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentStream } from '../../../domain/shared/streams.js';
import type { ListedDocument } from '../../../read-models/billing-rows.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import { Records } from '../../records/records.js';
import { LogClock } from '../../engine/time/clock.js';
import { application } from '../../testing/application.js';
import { MemoryEventLog } from '../../../event-log/memory/memory-event-log.js';
import { MemoryKeyStore } from '../../../platform/keys/memory-key-store.js';
import { digestOf } from '../documents/document-series.js';
import { DocumentFolder, DocumentPdfDiffers, KeptPdfs } from './kept-pdfs.js';
import { invoiceOf, japaneseCharges, japaneseHeader } from './testing/documents.js';

const documentId = '0d4560c1-b278-57ba-bbf7-08e38df83c0f';
const frozen = invoiceOf(japaneseCharges, 'JPY', { ...japaneseHeader, documentId });
/** The same document as the read model has it; `paymentTermsDays` gives its due date. */
const listed = {
  ...frozen,
  paymentTermsDays: 30,
  digest: digestOf(frozen),
} as unknown as ListedDocument;

let folder: string;
let log: MemoryEventLog;
let pdfs: KeptPdfs;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  const clock = new LogClock();
  clock.setAt('2026-12-02T10:00:00.000Z');
  log = new MemoryEventLog({
    guards: 'atomic',
    clock: () => Date.parse('2026-12-02T10:00:00.000Z'),
  });
  const { states, decisions } = await application(log, clock, new MemoryKeyStore());
  pdfs = new KeptPdfs(
    {} as ReadModels, // this invoice corrects no document
    new Records(log, states, clock),
    decisions,
    new DocumentFolder(join(folder, 'documents')),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'documents', `${documentId}.pdf`);
const events = async () => {
  const found: unknown[] = [];
  for await (const page of log.readStream(documentStream(documentId)))
    found.push(...page.map(({ type, data }) => ({ type, data })));
  return found;
};
const render = (document = listed): Promise<Buffer> => pdfs.of(document, 'correlation');

describe('the PDF of an issued document', () => {
  it('is rendered once: its bytes are kept, and their digest is an event', async () => {
    const pdf = await render();
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const sha256 = hash('sha256', pdf);
    expect(await events()).toEqual([
      { type: 'InvoicePdfRendered', data: { documentId, sha256, bytes: pdf.length } },
    ]);
    expect(readFileSync(file()).equals(pdf)).toBe(true);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'documents'))).toEqual([`${documentId}.pdf`]);

    expect((await render()).equals(pdf)).toBe(true);
    expect(await events()).toHaveLength(1);
  });

  it.each([
    ['lost', () => rmSync(file())],
    ['damaged', () => writeFileSync(file(), '%PDF-damaged')],
  ])('is rendered again with the same bytes when its file is %s', async (_how, happens) => {
    const pdf = await render();
    happens();
    expect((await render()).equals(pdf)).toBe(true);
    expect(readFileSync(file()).equals(pdf)).toBe(true);
    expect(await events()).toHaveLength(1);
  });

  it('is the same for readers at the same time', async () => {
    const [first, ...others] = await Promise.all([render(), render(), render()]);
    expect(others.every((other) => other.equals(first!))).toBe(true);
    expect(await events()).toHaveLength(1);
  });

  it('is no other one: rendering that gives other bytes is an error', async () => {
    await render();
    rmSync(file());
    // As if a later release rendered the same document in another way.
    const other = { ...frozen, number: 'TKC-000008' };
    const changed = { ...listed, number: other.number, digest: digestOf(other) };
    await expect(render(changed)).rejects.toThrow(DocumentPdfDiffers);
    await expect(render(changed)).rejects.toThrow(/restore .* from a backup/);
    expect(() => readFileSync(file())).toThrow('ENOENT');
  });

  it('is not rendered of a document that differs from its digest', async () => {
    const recipient = { ...listed.recipient, name: 'Another' };
    await expect(render({ ...listed, recipient })).rejects.toThrow(/digest of its issue/);
    expect(await events()).toEqual([]);
  });
});
