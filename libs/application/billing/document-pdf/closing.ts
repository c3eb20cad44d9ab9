import { totalOf } from '../../../domain/shared/money.js';
import { REVERSE_CHARGE_WORDING } from '../../../domain/billing/tax/line-tax.js';
import { type DocumentView, isReduced, rateText } from './document-view.js';
import { grouped, longDate, money } from './document-values.js';
import type { Block, Section } from './page-flow.js';
import { ink, lineHeight, page, type PdfCanvas, type TextStyle } from './pdf-canvas.js';

const cell = { size: 8.5 } as const;
const head = { size: 7.5, weight: 'bold', color: ink.accent } as const;
const sum = { size: 9 } as const;
const grand = { size: 11, weight: 'bold' } as const;
const note = { size: 8, color: ink.quiet } as const;
const ROW = 15;

/** Net, tax and gross of each rate, and the totals, on one page. */
export function totals(canvas: PdfCanvas, view: DocumentView): Section {
  const { document, texts, taxName } = view;
  const reduced = new Set(document.lines.filter(isReduced).map(({ tax }) => rateText(tax, view)));
  const rows = document.taxes.map((tax) => {
    const rate = rateText(tax, view);
    const gross = totalOf([tax.net, tax.tax], document.currency);
    return [reduced.has(rate) ? `${rate} ※` : rate, tax.net, tax.tax, gross] as const;
  });
  const right = [page.right - 210, page.right - 110, page.right] as const;
  const left = page.right - 330;
  const drawRow = (
    [first, ...amounts]: readonly [string, string, string, string],
    y: number,
    style: TextStyle,
  ): void => {
    canvas.drawText(first, left, y, style);
    for (const [index, text] of amounts.entries())
      canvas.drawText(text, right[index] ?? page.right, y, style, 'right');
  };
  const rates: Block = {
    height: 12 + (rows.length + 1) * ROW + 8,
    draw(top) {
      const y = top + 12;
      drawRow([texts.rate, texts.netOfRate, taxName, texts.grossOfRate], y, head);
      canvas.rule(left, page.right, y + ROW - 2, ink.accent, 0.9);
      for (const [index, [rate, net, tax, gross]] of rows.entries())
        drawRow(
          [rate, grouped(net), grouped(tax), grouped(gross)],
          y + 2 + (index + 1) * ROW,
          cell,
        );
    },
  };
  const sumLeft = page.right - 210;
  const sums: Block = {
    height: 2 * ROW + 40,
    draw(top) {
      canvas.rule(sumLeft, page.right, top);
      const { net, tax, total, currency, language, kind } = document;
      canvas.drawText(texts.net, sumLeft, top + 6, sum);
      canvas.drawText(grouped(net), page.right, top + 6, sum, 'right');
      canvas.drawText(taxName, sumLeft, top + 6 + ROW, sum);
      canvas.drawText(grouped(tax), page.right, top + 6 + ROW, sum, 'right');
      canvas.rule(sumLeft, page.right, top + 8 + 2 * ROW, ink.accent, 0.9);
      canvas.drawText(texts.total[kind], sumLeft, top + 12 + 2 * ROW, grand);
      const text = money(total, currency, language);
      canvas.drawText(text, page.right, top + 12 + 2 * ROW, grand, 'right');
    },
  };
  return { blocks: [rates, sums], isTogether: true };
}

/** What the law, the reader and the payment need besides. */
export function notes(canvas: PdfCanvas, view: DocumentView): Section {
  const { document, texts } = view;
  const legal = [
    ...document.wording.map((text) =>
      text === REVERSE_CHARGE_WORDING ? `${text}. ${texts.reverseCharge}` : text,
    ),
    ...reasons(view),
  ];
  const explained = [
    ...(document.lines.some(isReduced) ? [texts.reducedRate] : []),
    ...(document.kind === 'credit-note' ? [texts.credited] : []),
    ...(document.lines.some(({ source }) => source && 'subscriptionId' in source)
      ? [texts.termPrices]
      : []),
  ];
  const blocks = [
    ...legal.flatMap((text) => textBlocks(canvas, text, { size: 9, weight: 'bold' })),
    ...explained.flatMap((text) => textBlocks(canvas, text, note)),
  ];
  return { blocks };
}

/** Why no tax is charged (VAT directive, Art. 226(11)). */
function reasons({ document, texts }: DocumentView): readonly string[] {
  const stated = document.lines.flatMap(({ tax }) =>
    tax.reason === undefined ? [] : `${texts.treatments[tax.treatment]}: ${tax.reason}`,
  );
  return [...new Set(stated)];
}

export function payment(canvas: PdfCanvas, view: DocumentView): Section {
  const { kind, bankDetails, dueOn, language } = view.document;
  if (kind === 'credit-note' || bankDetails === undefined) return { blocks: [] };
  const { texts } = view;
  const due = dueOn === undefined ? '' : ` (${texts.dueOn} ${longDate(dueOn, language)})`;
  return {
    blocks: [
      { height: 10, draw: () => undefined },
      ...textBlocks(canvas, `${texts.payTo}${due}`, { ...head, size: 9 }),
      ...textBlocks(canvas, bankDetails, { size: 9 }),
    ],
    isTogether: true,
  };
}

/** One block for each line, so that a long text can continue on the next page. */
const textBlocks = (canvas: PdfCanvas, text: string, style: TextStyle): readonly Block[] =>
  canvas.lines(text, style, page.right - page.left).map((line) => ({
    height: lineHeight(style.size),
    draw: (top: number) => canvas.drawLines([line], page.left, top, style),
  }));
