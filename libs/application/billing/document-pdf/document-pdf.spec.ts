import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { countries } from '../../../domain/shared/country.js';
import { countryNames } from './country-names.js';
import { grouped } from './document-values.js';
import { renderDocumentPdf } from './document-pdf.js';
import {
  berlin,
  charge,
  creditNoteOf,
  invoiceOf,
  japaneseCharges,
  japaneseHeader,
} from './testing/documents.js';
import { inkOfCharacters, readPdf, textsOf } from './testing/read-pdf.js';

const read = async (...document: Parameters<typeof renderDocumentPdf>) =>
  readPdf(await renderDocumentPdf(...document));
const reverseCharge = charge({
  tax: { treatment: 'reverse-charge', category: 'standard', rate: '0' },
});
const vatInvoice = invoiceOf([reverseCharge], 'EUR');
const japaneseInvoice = invoiceOf(japaneseCharges, 'JPY', japaneseHeader);

describe('the PDF of a Japanese invoice', () => {
  it('has the items of a qualified invoice', async () => {
    const texts = textsOf(await read(japaneseInvoice));
    expect(texts).toEqual(
      expect.arrayContaining([
        '請求書',
        // Consumption Tax Act, Art. 57-4(1): issuer and number, dates, what, totals and tax of each
        // rate, recipient.
        '髙島クラウド株式会社',
        '登録番号 T4011001098993',
        '2026年12月1日',
        '2026/11/10 ～',
        '飲料水（研修会場） ※',
        '※は軽減税率対象品目です。',
        '10%',
        '791,966',
        '79,197',
        '8% ※',
        '400',
        '株式会社大阪商事 御中',
      ]),
    );
  });

  it('has the due date, the total, the reference and the bank', async () => {
    const texts = textsOf(await read(japaneseInvoice));
    expect(texts).toEqual(
      expect.arrayContaining([
        'お支払期限 2026年12月31日',
        '￥876,563',
        '発注－２０２６',
        'タカシマクラウド（カ',
        '〒530-0001',
        '大阪府大阪市北区',
        '1 / 1 ページ',
      ]),
    );
  });

  it('omits the note of a reduced rate that it does not have', async () => {
    const [standard] = japaneseCharges.filter(({ tax }) => tax.category === 'standard');
    const texts = textsOf(await read(invoiceOf([standard!], 'JPY', japaneseHeader)));
    expect(texts.join()).not.toContain('※');
  });
});

describe('the PDF of a Japanese credit note', () => {
  it('has the items of a qualified return invoice', async () => {
    const note = creditNoteOf(japaneseInvoice, { number: 'TKCCN-000003', reason: '二重発注' });
    const texts = textsOf(await read(note));
    expect(texts).toEqual(
      expect.arrayContaining([
        '適格返還請求書',
        'TKCCN-000003',
        '登録番号 T4011001098993',
        '返還年月日',
        '2026年12月15日',
        // The supply that it corrects: its days, and its document.
        '2026/11/10 ～ 2026/12/09',
        'TKC-000007 (2026/12/01)',
        '二重発注',
        '10%',
        '79,197',
      ]),
    );
    expect(texts.join()).not.toContain('お支払期限');
  });

  it('is no qualified one of an issuer without a number', async () => {
    const { taxId: _none, ...issuer } = japaneseInvoice.issuer;
    const texts = textsOf(await read(creditNoteOf({ ...japaneseInvoice, issuer })));
    expect(texts).toContain('返還請求書');
    expect(texts).not.toContain('適格返還請求書');
  });
});

describe('the PDF of an invoice in the EU', () => {
  it('has the items of Art. 226 of the VAT directive', async () => {
    const texts = textsOf(await read(vatInvoice));
    expect(texts).toEqual(
      expect.arrayContaining([
        'Invoice',
        '2026-12-01',
        'KR-000042',
        'VAT ID DE123456789',
        'VAT ID PL5260001246',
        'Kranich Cloud GmbH',
        'Straße des 17. Juni 135',
        '10623 Berlin',
        'Germany',
        'Łódź Księgowość Sp. z o.o.',
        'ul. Żeromskiego 7/12',
        '90-624 Łódź',
        'Poland',
        '1,250',
        'Microsoft 365 E5',
        '2026-11-10 – 2026-12-09',
        '684.00',
        'VAT',
        '0.00',
        'Reverse charge. The recipient is liable for the tax.',
        'EUR 71,250.00',
      ]),
    );
  });

  it('names the reason of an exemption', async () => {
    const exempt = charge({
      tax: {
        treatment: 'exempt',
        category: 'standard',
        rate: '0',
        reason: 'Art. 143 of Directive 2006/112/EC',
      },
    });
    const texts = textsOf(await read(invoiceOf([exempt], 'EUR')));
    expect(texts).toContain('Exempt: Art. 143 of Directive 2006/112/EC');
  });

  it('shows the country only to a reader in another one', async () => {
    const domestic = invoiceOf([charge()], 'EUR', { recipient: { ...berlin, name: 'Spree AG' } });
    const texts = textsOf(await read(domestic));
    expect(texts).not.toContain('Germany');
    expect(texts).toEqual(expect.arrayContaining(['19%', '13,537.50', '84,787.50']));
  });

  it('refers to the invoices that a credit note corrects', async () => {
    const texts = textsOf(await read(creditNoteOf(vatInvoice)));
    expect(texts).toEqual(
      expect.arrayContaining([
        'Credit note',
        'KRCN-000003',
        'KR-000042 (2026-12-01)',
        'Seats were ordered twice',
        'The amounts of this credit note are in your favour.',
      ]),
    );
  });
});

describe('a long document', () => {
  const long = invoiceOf(
    Array.from({ length: 130 }, (_line, index) =>
      charge({
        chargeId: `c${index}`,
        tenantId: `tenant-${String(Math.floor(index / 40))}`,
        amount: `${index * 9_999}.00`,
        description:
          index === 9 ? `${'A long description '.repeat(400)}${'x'.repeat(90)}` : `Plan ${index}.`,
      }),
    ),
    'EUR',
    { payer: 'partner:kranich-reseller' },
  );

  it('repeats the headings of its table and counts its pages', async () => {
    const pages = await read(long);
    expect(pages.length).toBeGreaterThan(5);
    for (const [index, { texts }] of pages.entries()) {
      const shown = texts.map(({ text }) => text);
      expect(shown).toContain(`Page ${index + 1} of ${pages.length}`);
      if (shown.some((text) => text.startsWith('Plan '))) expect(shown).toContain('Description');
    }
    const texts = textsOf(pages);
    expect(texts.filter((text) => /^Plan \d+\.$/.test(text))).toHaveLength(129);
    expect(texts.filter((text) => text.startsWith('Customer tenant-'))).toHaveLength(4);
  });

  it('is inside the margins, with amounts that end at the right one', async () => {
    const pages = await read(long);
    for (const { texts } of pages)
      for (const { text, left, right, baseline } of texts) {
        expect({ text, isInside: left >= 44 && right <= 551 && baseline < 820 }).toEqual({
          text,
          isInside: true,
        });
      }
    // The amounts of the lines only: totals and unit prices are other numbers.
    const shown = new Set(long.lines.map(({ amount }) => grouped(amount)));
    const amounts = pages
      .flatMap(({ texts }) => texts)
      .filter(({ text }) => shown.has(text) && text !== '0.00');
    expect(amounts).toHaveLength(129);
    for (const { right } of amounts) expect(right).toBeCloseTo(550.28, 1);
  });
});

describe('a number of a document', () => {
  it.each([
    ['KWD', '1234567.125', '1,234,567.125'],
    ['HUF', '1234567.10', '1,234,567.10'],
    ['KRW', '1234567', '1,234,567'],
    ['EUR', '999.00', '999.00'],
  ])('in %s has the digits of ISO 4217', async (currency, amount, shown) => {
    const texts = textsOf(
      await read(
        invoiceOf(
          [charge({ amount, tax: { treatment: 'exempt', category: 'standard', rate: '0' } })],
          currency,
        ),
      ),
    );
    expect(texts).toContain(shown);
    expect(texts).toContain(`${currency} ${shown}`);
  });

  it('of a rate has no more digits than needed', async () => {
    const texts = textsOf(
      await read(
        invoiceOf(
          [charge({ tax: { treatment: 'standard', category: 'reduced', rate: '0.0550' } })],
          'EUR',
        ),
      ),
    );
    expect(texts).toContain('5.5% ※');
  });
});

describe('the bytes of a PDF', () => {
  const digest = async (document: Parameters<typeof renderDocumentPdf>[0]) =>
    hash('sha256', await renderDocumentPdf(document));

  it('are the same for the same document', async () => {
    const before = await digest(japaneseInvoice);
    expect(await digest(structuredClone(japaneseInvoice))).toBe(before);
    expect(await digest({ ...japaneseInvoice, number: 'TKC-000008' })).not.toBe(before);
  });

  it('embed every font that they use', async () => {
    const pdf = (await renderDocumentPdf(japaneseInvoice)).toString('latin1');
    const fonts = pdf.match(/\/FontDescriptor \d+ 0 R/g) ?? [];
    expect(fonts.length).toBeGreaterThan(1);
    expect(pdf.match(/\/FontFile2 \d+ 0 R/g)).toHaveLength(fonts.length);
    expect(pdf).not.toContain('Helvetica');
  });
});

describe('a glyph', () => {
  const special = '請求書髙～￥１２３返還';

  it.each(['ja', 'en'] as const)('of every character is drawn (%s)', async (language) => {
    const document = { ...japaneseInvoice, language, purchaseOrder: special };
    const [page] = await readPdf(await renderDocumentPdf(document));
    const placed = page!.texts.find(({ text }) => text === special);
    const characters = await inkOfCharacters(page!, placed!);
    const blank = characters.filter(({ ink }) => ink.split('#').length < 60);
    expect(blank.map(({ character }) => character)).toEqual([]);
    // A box in the place of a missing glyph would be the same for all.
    expect(new Set(characters.map(({ ink }) => ink)).size).toBe(special.length);
  });

  it('that no font has is shown as a mark, beside those that a font has', async () => {
    const document = { ...vatInvoice, purchaseOrder: 'Thai ก, Ελλάδα, Київ' };
    expect(textsOf(await read(document)).join(' ')).toMatch(/Thai\s*〓\s*, Ελλάδα, Київ/);
  });

  it('of a composed letter is that of its one character', async () => {
    const document = { ...vatInvoice, purchaseOrder: 'Mu\u0308nchen\u200B' };
    expect(textsOf(await read(document))).toContain('M\u00FCnchen');
  });
});

describe('a country', () => {
  it('has a name in both languages', () => {
    expect([...countryNames.keys()].sort()).toEqual([...countries].sort());
    for (const { en, ja } of countryNames.values()) expect(Boolean(en) && Boolean(ja)).toBe(true);
  });
});
