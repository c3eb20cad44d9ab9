/** East Asian wide characters take two cells of a terminal (Unicode Standard Annex 11: W and F). */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const width = (text: string): number =>
  [...text].reduce((cells, character) => cells + (WIDE.test(character) ? 2 : 1), 0);

const padded = (text: string, cells: number): string =>
  text + ' '.repeat(Math.max(0, cells - width(text)));

/** Prints rows as columns, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, width(cell))));
  return rows.map((row) =>
    row
      .map((cell, index) => padded(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
