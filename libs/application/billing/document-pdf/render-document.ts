import type { FrozenDocument } from '../../../domain/billing/documents/frozen-document.js';
import { notes, payment, totals } from './closing.js';
import { type DocumentView, documentView } from './document-view.js';
import { fontsFor } from './fonts.js';
import { heading } from './heading.js';
import { lineTable } from './line-table.js';
import { flow } from './page-flow.js';
import { ink, page, PdfCanvas } from './pdf-canvas.js';

const small = { size: 7.5, color: ink.quiet } as const;
const FOOTER = 806;

/**
 * The PDF of a document. The same document has the same bytes: its only time is the date of issue,
 * and it has no random ids.
 */
export async function renderDocument(document: FrozenDocument): Promise<Buffer> {
  const view = documentView(document);
  const { language, issuer, number, issuedOn } = document;
  const canvas = new PdfCanvas(fontsFor(language), {
    title: `${view.title} ${number}`,
    author: issuer.name,
    language,
    createdAt: new Date(`${issuedOn}T00:00:00Z`),
  });
  const sections = [
    { blocks: [heading(canvas, view)] },
    lineTable(canvas, view),
    totals(canvas, view),
    notes(canvas, view),
    payment(canvas, view),
  ];
  const pages = flow(sections, page.top, page.bottom);
  for (const [index, blocks] of pages.entries()) {
    canvas.addPage();
    for (const { block, top } of blocks) block.draw(top);
    drawEdges(canvas, view, index + 1, pages.length);
  }
  return canvas.end();
}

function drawEdges(
  canvas: PdfCanvas,
  { document, texts, title }: DocumentView,
  number: number,
  pages: number,
): void {
  const name = `${title} ${document.number}`;
  if (number > 1) canvas.drawText(name, page.left, 26, small);
  canvas.rule(page.left, page.right, FOOTER - 6);
  canvas.drawText(`${document.issuer.name} · ${name}`, page.left, FOOTER, small);
  canvas.drawText(texts.pageOf(number, pages), page.right, FOOTER, small, 'right');
}
