import LineBreaker from 'linebreak';
import type { Face } from './fonts.js';

/** A part of a line in one face. */
export interface Run {
  readonly face: Face;
  readonly text: string;
  readonly width: number;
}

export interface TextLine {
  readonly runs: readonly Run[];
  readonly width: number;
}

/** Shown in the place of a character that no font has: the mark that printers use in Japan. */
const MISSING = '〓';
/** Variation selectors choose a variant of the character before them, and have no glyph. */
const VARIATION_SELECTOR = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u;
const INVISIBLE = /(?![\uFE00-\uFE0F\u{E0100}-\u{E01EF}])\p{Default_Ignorable_Code_Point}/gu;

/**
 * The lines of a text in a column (UAX #14). A word that is wider than the column is broken between
 * its characters. An empty line of the text stays an empty line.
 */
export function textLines(
  text: string,
  faces: readonly Face[],
  size: number,
  width: number,
): readonly TextLine[] {
  return text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .flatMap((paragraph) => paragraphLines(paragraph, faces, size, width));
}

/** The text in one line, however long it is. */
export const singleLine = (text: string, faces: readonly Face[], size: number): TextLine =>
  textLines(text.replace(/\s+/g, ' '), faces, size, Infinity)[0] ?? { runs: [], width: 0 };

function paragraphLines(
  paragraph: string,
  faces: readonly Face[],
  size: number,
  width: number,
): readonly TextLine[] {
  const lines: TextLine[] = [];
  let line = '';
  let lineWidth = 0;
  const widthOf = (text: string): number =>
    runsOf(text.trimEnd(), faces, size).reduce((sum, run) => sum + run.width, 0);
  const close = (): void => {
    const runs = runsOf(line.trimEnd(), faces, size);
    lines.push({ runs, width: runs.reduce((sum, run) => sum + run.width, 0) });
    line = '';
    lineWidth = 0;
  };
  for (const piece of pieces(paragraph)) {
    if (line !== '' && lineWidth + widthOf(piece) > width) close();
    for (const part of widthOf(piece) > width ? characters(piece) : [piece]) {
      if (line !== '' && lineWidth + widthOf(part) > width) close();
      line += part;
      lineWidth += runsOf(part, faces, size).reduce((sum, run) => sum + run.width, 0);
    }
  }
  close();
  return lines;
}

/** What stays together: the text between two places where a line may end. */
function* pieces(paragraph: string): Generator<string> {
  const breaker = new LineBreaker(paragraph);
  let from = 0;
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    yield paragraph.slice(from, next.position);
    from = next.position;
  }
}

/** The characters of a text, each with the selector of its variant. */
const characters = (text: string): readonly string[] =>
  text.match(/.[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]*/gsu) ?? [];

function runsOf(text: string, faces: readonly Face[], size: number): readonly Run[] {
  const runs: { face: Face; text: string }[] = [];
  for (const word of text.match(/\S+\s*|\s+/g) ?? []) {
    for (const part of partsOf(word, faces)) {
      const last = runs.at(-1);
      if (last?.face === part.face) last.text += part.text;
      else runs.push(part);
    }
  }
  return runs.map((run) => ({ ...run, width: widthIn(run.face, run.text, size) }));
}

/** A word is in one face if any face has all of it. */
function partsOf(word: string, faces: readonly Face[]): { face: Face; text: string }[] {
  const whole = faces.find((face) => characters(word).every((character) => has(face, character)));
  if (whole) return [{ face: whole, text: word }];
  return characters(word).map((character) => {
    const shown = faces.some((face) => has(face, character)) ? character : MISSING;
    return { face: faceWith(shown, faces), text: shown };
  });
}

function faceWith(character: string, faces: readonly Face[]): Face {
  const face = faces.find((one) => has(one, character));
  if (!face) throw new Error(`no font has ${MISSING}`);
  return face;
}

const has = ({ font }: Face, character: string): boolean =>
  [...character].every(
    (one) => VARIATION_SELECTOR.test(one) || font.hasGlyphForCodePoint(one.codePointAt(0) ?? 0),
  );

const widthIn = ({ font }: Face, text: string, size: number): number =>
  (font.layout(text).advanceWidth / font.unitsPerEm) * size;
