import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

// The package exports no types by name.
type PDFPageProxy = Awaited<
  ReturnType<Awaited<ReturnType<typeof getDocument>['promise']>['getPage']>
>;
type TextItem = Extract<
  Awaited<ReturnType<PDFPageProxy['getTextContent']>>['items'][number],
  { str: string }
>;

/** A text on a page, with its place in points from the left and the top. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
}

export interface ReadPage {
  readonly texts: readonly PlacedText[];
  readonly page: PDFPageProxy;
}

export async function readPdf(pdf: Buffer): Promise<readonly ReadPage[]> {
  const document = await getDocument({ data: new Uint8Array(pdf) }).promise;
  return Promise.all(
    Array.from({ length: document.numPages }, async (_page, index) => {
      const page = await document.getPage(index + 1);
      const { items } = await page.getTextContent();
      return { page, texts: items.filter(isText).map(placed) };
    }),
  );
}

export const textsOf = (pages: readonly ReadPage[]): readonly string[] =>
  pages.flatMap(({ texts }) => texts.map(({ text }) => text));

const isText = (item: object): item is TextItem =>
  'str' in item && typeof item.str === 'string' && item.str.trim() !== '';

// A transform is six numbers; the last two are the place of the text.
const placed = ({ str, width, transform }: TextItem): PlacedText => {
  const [size = 0, , , , left = 0, y = 0] = transform as readonly number[];
  return { text: str, left, right: left + width, baseline: 841.89 - y, size };
};

interface Canvas {
  getContext(kind: '2d'): {
    getImageData(
      x: number,
      y: number,
      width: number,
      height: number,
    ): { readonly data: Uint8ClampedArray };
  };
}

/** The dark pixels of each character of a text whose characters are all equally wide. */
export async function inkOfCharacters(
  { page }: ReadPage,
  { text, left, right, baseline, size }: PlacedText,
): Promise<readonly { readonly character: string; readonly ink: string }[]> {
  const scale = 6;
  const viewport = page.getViewport({ scale });
  // The factory is that of the package's optional dependency, and has no type of its own.
  const { canvasFactory } = (page as unknown as { _transport: { canvasFactory: CanvasFactory } })
    ._transport;
  const { canvas } = canvasFactory.create(viewport.width, viewport.height);
  await page.render({ canvas: canvas as never, viewport }).promise;
  const context = canvas.getContext('2d');
  const characters = [...text];
  const width = (right - left) / characters.length;
  return characters.map((character, index) => {
    const { data } = context.getImageData(
      Math.round((left + index * width) * scale),
      Math.round((baseline - size) * scale),
      Math.round(width * scale),
      Math.round(size * 1.2 * scale),
    );
    const dark = Array.from({ length: data.length / 4 }, (_pixel, pixel) =>
      (data[pixel * 4] ?? 255) < 128 ? '#' : ' ',
    );
    return { character, ink: dark.join('') };
  });
}

interface CanvasFactory {
  create(width: number, height: number): { readonly canvas: Canvas };
}
