import type { DocumentLine } from '../../../domain/billing/documents/document.js';
import { type DocumentView, isReduced, rateText } from './document-view.js';
import { grouped, period } from './document-values.js';
import type { Block, Section } from './page-flow.js';
import { ink, lineHeight, page, type PdfCanvas } from './pdf-canvas.js';

const cell = { size: 8.5 } as const;
const small = { size: 7, color: ink.quiet } as const;
const head = { size: 7.5, weight: 'bold', color: ink.accent } as const;
const group = { size: 8, weight: 'bold' } as const;
const GAP = 8;
const PADDING = 4;
/** A longer description continues in a separate block, so that it can be on two pages. */
const DESCRIPTION_LINES_A_BLOCK = 20;

/** The right end of each column of numbers, and where the texts begin. */
interface Columns {
  readonly description: number;
  readonly descriptionWidth: number;
  readonly period: number;
  readonly quantity: number;
  readonly perUnit: number;
  readonly tax: number;
  readonly lineSum: number;
}

/** The lines of the document, under headings that are repeated on every page. */
export function lineTable(canvas: PdfCanvas, view: DocumentView): Section {
  const columns = columnsFor(canvas, view);
  const { lines } = view.document;
  const blocks = lines.flatMap((line, index) => [
    ...customerHeading(canvas, view, line, lines[index - 1]),
    ...lineBlocks(canvas, view, columns, line),
  ]);
  return { heading: tableHeading(canvas, view, columns), blocks };
}

function columnsFor(canvas: PdfCanvas, view: DocumentView): Columns {
  const { texts, document } = view;
  const widest = (heading: string, cells: readonly string[]): number =>
    [canvas.widthOf(heading, head), ...cells.map((text) => canvas.widthOf(text, cell))].reduce(
      (a, b) => Math.max(a, b),
      0,
    );
  /** Only the longest texts can be the widest. */
  const longest = (texts: readonly string[]): readonly string[] => {
    const length = Math.max(...texts.map((text) => text.length), 0);
    return [...new Set(texts.filter((text) => text.length >= length - 1))];
  };
  const { lines } = document;
  const amountWidth = widest(
    texts.columns.amount,
    longest(lines.map(({ amount }) => grouped(amount))),
  );
  const taxWidth = widest(texts.columns.tax, [
    ...new Set(lines.map(({ tax }) => rateText(tax, view))),
  ]);
  const priceWidth = widest(
    texts.columns.unitPrice,
    longest(lines.map(({ unitPrice }) => grouped(unitPrice))),
  );
  const quantityWidth = widest(
    texts.columns.quantity,
    longest(lines.map(({ quantity }) => grouped(String(quantity)))),
  );
  const periodWidth = widest(texts.columns.period, ['2026/00/00 ～']);
  const amount = page.right;
  const tax = amount - amountWidth - GAP;
  const unitPrice = tax - taxWidth - GAP;
  const quantity = unitPrice - priceWidth - GAP;
  const periodAt = quantity - quantityWidth - GAP - periodWidth;
  const description = page.left + 26;
  return {
    description,
    // Amounts of twenty digits leave little: the description then wraps often.
    descriptionWidth: Math.max(periodAt - GAP - description, 60),
    period: periodAt,
    quantity,
    perUnit: unitPrice,
    tax,
    lineSum: amount,
  };
}

function tableHeading(canvas: PdfCanvas, { texts }: DocumentView, columns: Columns): Block {
  return {
    height: 22,
    draw(top) {
      const draw = (text: string, x: number, align?: 'right'): void =>
        canvas.drawText(text, x, top + 3, head, align);
      draw(texts.columns.line, page.left);
      draw(texts.columns.description, columns.description);
      draw(texts.columns.period, columns.period);
      draw(texts.columns.quantity, columns.quantity, 'right');
      draw(texts.columns.unitPrice, columns.perUnit, 'right');
      draw(texts.columns.tax, columns.tax, 'right');
      draw(texts.columns.amount, columns.lineSum, 'right');
      canvas.rule(page.left, page.right, top + 17, ink.accent, 0.9);
    },
  };
}

/** A reseller's document has lines of many customers, in their order. */
function customerHeading(
  canvas: PdfCanvas,
  { document, texts }: DocumentView,
  { tenantId }: DocumentLine,
  previous: DocumentLine | undefined,
): readonly Block[] {
  const isOfMany = document.payer.startsWith('partner:') && tenantId !== undefined;
  if (!isOfMany || previous?.tenantId === tenantId) return [];
  return [
    {
      height: 18,
      draw: (top) =>
        canvas.drawText(`${texts.customer} ${tenantId}`, page.left, top + PADDING, group),
    },
  ];
}

function lineBlocks(
  canvas: PdfCanvas,
  view: DocumentView,
  columns: Columns,
  line: DocumentLine,
): readonly Block[] {
  const { language } = view.document;
  const described = `${line.description}${isReduced(line) ? ' ※' : ''}`;
  const description = canvas.lines(described, cell, columns.descriptionWidth);
  const detail = detailOf(line, view);
  const detailLines = detail === '' ? [] : canvas.lines(detail, small, columns.descriptionWidth);
  const periodLines = canvas.lines(period(line.from, line.to, language), cell, Infinity);

  const parts = Array.from(
    { length: Math.ceil(description.length / DESCRIPTION_LINES_A_BLOCK) },
    (_part, index) =>
      description.slice(index * DESCRIPTION_LINES_A_BLOCK, (index + 1) * DESCRIPTION_LINES_A_BLOCK),
  );
  return parts.map((part, index) => {
    const isFirst = index === 0;
    const isLast = index === parts.length - 1;
    const details = isLast ? detailLines : [];
    const textHeight =
      part.length * lineHeight(cell.size) + details.length * lineHeight(small.size);
    const periodHeight = isFirst ? periodLines.length * lineHeight(cell.size) : 0;
    const height = Math.max(textHeight, periodHeight) + 2 * PADDING;
    return {
      height,
      draw(top) {
        const y = top + PADDING;
        canvas.drawLines(part, columns.description, y, cell);
        canvas.drawLines(
          details,
          columns.description,
          y + part.length * lineHeight(cell.size),
          small,
        );
        if (isFirst) {
          canvas.drawLines(periodLines, columns.period, y, cell);
          drawNumbers(canvas, view, columns, line, y);
        }
        if (isLast) canvas.rule(page.left, page.right, top + height);
      },
    };
  });
}

function drawNumbers(
  canvas: PdfCanvas,
  view: DocumentView,
  columns: Columns,
  { lineIndex, quantity, unitPrice, tax, amount }: DocumentLine,
  y: number,
): void {
  canvas.drawText(String(lineIndex + 1), page.left, y, { ...cell, color: ink.quiet });
  canvas.drawText(grouped(String(quantity)), columns.quantity, y, cell, 'right');
  canvas.drawText(grouped(unitPrice), columns.perUnit, y, cell, 'right');
  canvas.drawText(rateText(tax, view), columns.tax, y, cell, 'right');
  canvas.drawText(grouped(amount), columns.lineSum, y, cell, 'right');
}

/** What kind of charge a line is, and of which subscription or order. */
function detailOf({ type, source }: DocumentLine, { texts }: DocumentView): string {
  const origin =
    source === undefined
      ? ''
      : 'subscriptionId' in source
        ? `${texts.subscription} ${source.subscriptionId}`
        : `${texts.order} ${source.orderId}-${source.line}`;
  return [texts.types[type], origin].filter((text) => text !== '').join(' · ');
}
