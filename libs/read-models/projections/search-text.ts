/**
 * Text as it is searched: without regard to case (`ÉCLAIR`, `éclair`) and to width (`ﾄｳｷｮｳ`, `トウキョウ`; `ＡＢＣ`, `abc`).
 * Fields are kept apart by a line break, which no searched text contains.
 */
export const searchText = (...fields: readonly (string | undefined)[]): string =>
  fields
    .filter((field) => field !== undefined)
    .map(folded)
    .join('\n');

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim();
