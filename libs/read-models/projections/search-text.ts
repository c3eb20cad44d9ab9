/**
 * Text as it is searched: without regard to case (`ÉCLAIR`, `éclair`; `STRASSE`, `Straße`; `ΚΟΣ`,
 * `κος`), to invisible characters and to width (`ﾄｳｷｮｳ`, `トウキョウ`; `ＡＢＣ`, `abc`). Fields are kept
 * apart by a line break, which no searched text contains.
 */
export const searchText = (...fields: readonly (string | undefined)[]): string =>
  fields
    .filter((field) => field !== undefined)
    .map(folded)
    .join('\n');

const folded = (text: string): string =>
  caseFolded(text.normalize('NFKC')).normalize('NFKC').replace(/\s+/gu, ' ').trim();

/**
 * Unicode's full case folding by the mappings that JavaScript has: lower case first for `ẞ`, then
 * upper for `ß`, then lower again. A final sigma is a sigma; the dots of `İ` and `ı` make no
 * difference.
 */
const caseFolded = (text: string): string =>
  text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i');
