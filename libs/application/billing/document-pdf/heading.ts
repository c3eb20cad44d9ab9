import type { Party } from '../../../domain/billing/documents/frozen-document.js';
import { type DocumentView, taxIdText } from './document-view.js';
import { addressLines, longDate, money, shortDate } from './document-values.js';
import type { Block } from './page-flow.js';
import { ink, lineHeight, page, type PdfCanvas, type TextStyle } from './pdf-canvas.js';
import type { TextLine } from './text-lines.js';

const title = { size: 22, weight: 'bold', color: ink.accent } as const;
const label = { size: 7.5, color: ink.quiet } as const;
const name = { size: 10.5, weight: 'bold' } as const;
const body = { size: 9 } as const;
const totalStyle = { size: 15, weight: 'bold' } as const;

const middle = 320;
const leftWidth = middle - page.left - 24;
const rightWidth = page.right - middle;
const factLabelWidth = 108;

/** Lines of text in their styles, below each other. */
interface Column {
  readonly parts: readonly { readonly lines: readonly TextLine[]; readonly style: TextStyle }[];
  readonly height: number;
}

/** Title, recipient, issuer, the facts of the document, and its total. */
export function heading(canvas: PdfCanvas, view: DocumentView): Block {
  const { document, texts } = view;
  const recipient = column(canvas, leftWidth, [
    [texts.recipient, label],
    [`${document.recipient.name}${texts.honorific}`, name],
    ...partyParts(document.recipient, document.issuer, view),
  ]);
  const issuer = column(canvas, rightWidth, [
    [texts.issuer, label],
    [document.issuer.name, name],
    ...partyParts(document.issuer, document.recipient, view),
  ]);
  const facts = factsOf(view).map(([name, value]) => ({
    name,
    lines: canvas.lines(value, body, rightWidth - factLabelWidth),
  }));

  const partiesTop = 44;
  const below = partiesTop + Math.max(recipient.height, issuer.height) + 20;
  const factsHeight = facts.reduce((sum, { lines }) => sum + factHeight(lines), 0);
  const height = below + Math.max(factsHeight, 64) + 22;
  return {
    height,
    draw(top) {
      canvas.drawText(view.title, page.left, top, title);
      canvas.rule(page.left, page.right, top + 36, ink.accent, 1.2);
      drawColumn(canvas, recipient, page.left, top + partiesTop);
      drawColumn(canvas, issuer, middle, top + partiesTop);
      let y = top + below;
      for (const { name, lines } of facts) {
        canvas.drawText(name, middle, y + 1, { size: 8, color: ink.quiet });
        canvas.drawLines(lines, middle + factLabelWidth, y, body);
        y += factHeight(lines);
      }
      drawTotal(canvas, view, top + below);
    },
  };
}

const factHeight = (lines: readonly TextLine[]): number => lines.length * lineHeight(body.size) + 2;

function drawTotal(canvas: PdfCanvas, { document, texts }: DocumentView, top: number): void {
  const { kind, currency, language, total, dueOn } = document;
  canvas.box(page.left, top, leftWidth, 56, '#f1f5f9');
  canvas.drawText(texts.total[kind], page.left + 10, top + 7, label);
  canvas.drawText(money(total, currency, language), page.left + 10, top + 20, totalStyle);
  if (dueOn === undefined) return;
  const due = `${texts.dueOn} ${longDate(dueOn, language)}`;
  canvas.drawText(due, page.left + leftWidth - 10, top + 7, label, 'right');
}

function partyParts(
  party: Party,
  reader: Party,
  view: DocumentView,
): readonly (readonly [string, TextStyle])[] {
  const taxId = taxIdText(party, view);
  return [
    ...addressLines(party.address, view.document.language, reader.address.country).map(
      (line) => [line, body] as const,
    ),
    ...(taxId === undefined ? [] : [[taxId, body] as const]),
  ];
}

function factsOf({ document, texts }: DocumentView): readonly (readonly [string, string])[] {
  const { kind, number, issuedOn, dueOn, lines, currency, language } = document;
  const from = lines.map((line) => line.from).reduce((a, b) => (b < a ? b : a), issuedOn);
  const firstDay = lines.length === 0 ? issuedOn : from;
  const lastDay = lines.map((line) => line.to).reduce((a, b) => (b > a ? b : a), firstDay);
  const { purchaseOrder, corrects = [], reason } = document;
  const between = language === 'ja' ? '～' : '–';
  const days = [firstDay, lastDay].map((day) => shortDate(day, language));
  const supply = firstDay === lastDay ? days.slice(0, 1) : days;
  const corrected = corrects.map((one) => `${one.number} (${shortDate(one.issuedOn, language)})`);
  return [
    [texts.number[kind], number],
    [texts.issuedOn[kind], longDate(issuedOn, language)],
    ...(dueOn === undefined ? [] : [[texts.dueOn, longDate(dueOn, language)] as const]),
    [texts.supply, supply.join(` ${between} `)],
    ...(corrected.length === 0 ? [] : [[texts.corrects, corrected.join(', ')] as const]),
    ...(reason === undefined ? [] : [[texts.reason, reason] as const]),
    ...(purchaseOrder === undefined ? [] : [[texts.purchaseOrder, purchaseOrder] as const]),
    [texts.currency, currency],
  ];
}

function column(
  canvas: PdfCanvas,
  width: number,
  texts: readonly (readonly [string, TextStyle])[],
): Column {
  const parts = texts.map(([text, style]) => ({ lines: canvas.lines(text, style, width), style }));
  return { parts, height: parts.reduce((sum, part) => sum + partHeight(part), 0) };
}

const partHeight = ({ lines, style }: Column['parts'][number]): number =>
  lines.length * lineHeight(style.size);

function drawColumn(canvas: PdfCanvas, { parts }: Column, x: number, top: number): void {
  let y = top;
  for (const part of parts) {
    canvas.drawLines(part.lines, x, y, part.style);
    y += partHeight(part);
  }
}
