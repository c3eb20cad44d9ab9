import type { Scalar } from '../projection.js';
import { PAGE_ROWS, type StoredTable } from './stored-table.js';

export type StoredRow = Readonly<Record<string, unknown>>;

export interface Difference {
  readonly table: string;
  readonly key: string;
  /** The read model's row as text; null if it has no such row. */
  readonly stored: string | null;
  /** The row that the log produces, as text; null if it produces none. */
  readonly expected: string | null;
}

export const identityOf = (row: StoredRow, { identity }: StoredTable): readonly Scalar[] =>
  identity.map((column) => scalar(row[column]));

/**
 * The first different row of two pages of one table that begin after the same key. The rows of both
 * are in the order of their identity.
 */
export function firstDifference(
  table: StoredTable,
  stored: readonly StoredRow[],
  expected: readonly StoredRow[],
): Difference | undefined {
  // A full page shows nothing about the rows after it; a short one shows that the table ends.
  const rows = stored.length === PAGE_ROWS ? PAGE_ROWS : Math.max(stored.length, expected.length);
  for (let index = 0; index < rows; index++) {
    const [was, due] = [stored[index], expected[index]];
    if (was === undefined && due === undefined) return undefined;
    if (was !== undefined && due !== undefined && textOf(was) === textOf(due)) continue;
    return difference(table, was, due);
  }
  return undefined;
}

function difference(
  table: StoredTable,
  was: StoredRow | undefined,
  due: StoredRow | undefined,
): Difference {
  const order =
    was === undefined
      ? 1
      : due === undefined
        ? -1
        : compare(identityOf(was, table), identityOf(due, table));
  // If the two rows differ, only one side has the first of them.
  const [left, right] = [order <= 0 ? was : undefined, order >= 0 ? due : undefined];
  const key = (left ?? right)?.['key'];
  const only =
    left !== undefined && right !== undefined && left['row'] !== right['row'] ? rowText : textOf;
  return {
    table: table.name,
    key: String(key),
    stored: left ? only(left) : null,
    expected: right ? only(right) : null,
  };
}

/** The stores' order: texts compare by their bytes. */
function compare(a: readonly Scalar[], b: readonly Scalar[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? null;
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
    if (order !== 0) return order;
  }
  return 0;
}

const rowText = (row: StoredRow): string => String(row['row']);
/** All columns: those that lists filter by are compared too. */
const textOf = (row: StoredRow): string => JSON.stringify(row);

const scalar = (value: unknown): Scalar =>
  typeof value === 'number' || value === null ? value : String(value);
