import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import type { Fonts, Weight } from './fonts.js';
import { singleLine, type TextLine, textLines } from './text-lines.js';

/** Points; A4. */
export const page = {
  width: 595.28,
  height: 841.89,
  left: 45,
  right: 550.28,
  top: 48,
  bottom: 786,
} as const;

export const ink = {
  text: '#1c2430',
  quiet: '#5b6675',
  rule: '#c5ccd6',
  accent: '#1f4e79',
} as const;

export interface TextStyle {
  readonly size: number;
  readonly weight?: Weight;
  readonly color?: string;
}

export const lineHeight = (size: number): number => size * 1.42;

export interface PdfMetadata {
  readonly title: string;
  readonly author: string;
  readonly language: string;
  readonly createdAt: Date;
}

/** Draws on the pages of a PDF. The same calls give the same bytes. */
export class PdfCanvas {
  private readonly pdf: PDFKit.PDFDocument;
  private readonly bytes: Promise<Buffer>;

  constructor(
    private readonly fonts: Fonts,
    { title, author, language, createdAt }: PdfMetadata,
  ) {
    const [first] = fonts.regular;
    if (!first) throw new Error('a document needs a font');
    this.pdf = new PDFDocument({
      size: 'A4',
      margin: 0,
      autoFirstPage: false,
      lang: language,
      displayTitle: true,
      // pdfkit takes a parsed font as well; its types name files and bytes only.
      font: first.font as unknown as string,
      info: {
        Title: title,
        Author: author,
        Creator: 'Sekisho',
        Producer: 'Sekisho',
        CreationDate: createdAt,
      },
    });
    for (const { name, font } of [...fonts.regular, ...fonts.bold])
      this.pdf.registerFont(name, font as unknown as string); // see `font` above
    this.bytes = buffer(this.pdf);
  }

  addPage(): void {
    this.pdf.addPage();
  }

  lines(text: string, { size, weight = 'regular' }: TextStyle, width: number): readonly TextLine[] {
    return textLines(text, this.fonts[weight], size, width);
  }

  widthOf(text: string, { size, weight = 'regular' }: TextStyle): number {
    return singleLine(text, this.fonts[weight], size).width;
  }

  /** Draws lines below each other; `x` is their left end, or the right one of right-aligned lines. */
  drawLines(
    lines: readonly TextLine[],
    x: number,
    top: number,
    { size, color = ink.text }: TextStyle,
    align: 'left' | 'right' = 'left',
  ): void {
    this.pdf.fillColor(color).fontSize(size);
    for (const [index, { runs, width }] of lines.entries()) {
      const baseline = top + lineHeight(size) * index + size * 1.05;
      let at = align === 'left' ? x : x - width;
      for (const run of runs) {
        this.pdf
          .font(run.face.name)
          .text(run.text, at, baseline, { lineBreak: false, baseline: 'alphabetic' });
        at += run.width;
      }
    }
  }

  drawText(text: string, x: number, top: number, style: TextStyle, align?: 'left' | 'right'): void {
    const line = singleLine(text, this.fonts[style.weight ?? 'regular'], style.size);
    this.drawLines([line], x, top, style, align);
  }

  rule(from: number, to: number, y: number, color: string = ink.rule, width = 0.6): void {
    this.pdf.moveTo(from, y).lineTo(to, y).lineWidth(width).strokeColor(color).stroke();
  }

  box(x: number, y: number, width: number, height: number, color: string): void {
    this.pdf.rect(x, y, width, height).fill(color);
  }

  end(): Promise<Buffer> {
    this.pdf.end();
    return this.bytes;
  }
}
