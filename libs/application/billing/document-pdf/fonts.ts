import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import type { DocumentLanguage } from '../../../domain/billing/parties/billing-entity.js';

export type Weight = 'regular' | 'bold';

/** A font under the name that a document registers it by. */
export interface Face {
  readonly name: string;
  readonly font: Font;
}

/** The faces of a document's language, in the order in which they are tried. */
export type Fonts = Readonly<Record<Weight, readonly Face[]>>;

/**
 * TrueType only: subsets of CFF fonts lose glyphs (pdfkit #1135). Noto Sans JP has no letters of
 * Central Europe (ł, ő, ž), no Greek and no Cyrillic script beyond the basic one; Noto Sans has them.
 */
const files = {
  japanese: {
    regular: '@expo-google-fonts/noto-sans-jp/400Regular/NotoSansJP_400Regular.ttf',
    bold: '@expo-google-fonts/noto-sans-jp/700Bold/NotoSansJP_700Bold.ttf',
  },
  latin: {
    regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
    bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
  },
} as const;

const order = {
  ja: ['japanese', 'latin'],
  en: ['latin', 'japanese'],
} as const satisfies Record<DocumentLanguage, readonly (keyof typeof files)[]>;

const parsed = new Map<string, Face>();

/**
 * Glyphs side by side. Full shaping takes 30 times as long and changes little: Latin, Greek,
 * Cyrillic and Japanese text in composed form (NFC) needs no more.
 */
const unshaped = (font: Font): Font => {
  const layout = (text: string) => {
    const glyphs = font.glyphsForString(text);
    const positions = glyphs.map(({ advanceWidth }) => ({
      xAdvance: advanceWidth,
      yAdvance: 0,
      xOffset: 0,
      yOffset: 0,
    }));
    const advanceWidth = glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0);
    return { glyphs, positions, advanceWidth };
  };
  // `Object.create` returns `any`; the rest of the font is that of its prototype.
  return Object.create(font, { layout: { value: layout } }) as Font;
};

/** Parses each file once in a thread, when a document needs it first. */
function face(script: keyof typeof files, weight: Weight): Face {
  const name = `${script}-${weight}`;
  const before = parsed.get(name);
  if (before) return before;
  const path = createRequire(import.meta.url).resolve(files[script][weight]);
  const font = create(readFileSync(path));
  if (!('layout' in font)) throw new Error(`${path} is a collection of fonts`);
  const loaded = { name, font: unshaped(font) };
  parsed.set(name, loaded);
  return loaded;
}

export const fontsFor = (language: DocumentLanguage): Fonts => ({
  regular: order[language].map((script) => face(script, 'regular')),
  bold: order[language].map((script) => face(script, 'bold')),
});
