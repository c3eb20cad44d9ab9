/**
 * Text normalised for searching: without regard to case (`ÉCLAIR`, `éclair`; `STRASSE`, `Straße`;
 * `ΚΟΣ`, `κος`), invisible characters and width (`ﾄｳｷｮｳ`, `トウキョウ`; `ＡＢＣ`, `abc`). A line break
 * separates the fields; no searched text contains one.
 */
export const searchText = (...fields: readonly (string | undefined)[]): string =>
  fields
    .filter((field) => field !== undefined)
    .map(folded)
    .join('\n');

const folded = (text: string): string =>
  caseFolded(text.normalize('NFKC')).normalize('NFKC').replace(/\s+/gu, ' ').trim();

/**
 * Unicode's full case folding, built from JavaScript's mappings: lower case first for `ẞ`, then
 * upper for `ß`, then lower again. A final sigma is a sigma; the dots of `İ` and `ı` are ignored.
 */
const caseFolded = (text: string): string =>
  text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replaceAll('i\u0307', 'i');
