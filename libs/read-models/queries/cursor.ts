import { InvalidCursor, InvalidLimit } from '../errors.js';
import type { List, ListQuery } from '../read-models.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

export function limitOf({ limit = DEFAULT_LIMIT }: ListQuery): number {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw new InvalidLimit(limit);
  return limit;
}

/** The key of a list's last item: whole numbers and texts, opaque to the client. */
export type CursorKey = readonly (string | number)[];

export const cursorOf = (key: CursorKey): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The key in a list's cursor; undefined without a cursor. Throws InvalidCursor for a text that
 * `cursorOf` did not make.
 */
export function keyOf<Key extends CursorKey>(
  cursor: string | undefined,
  isKey: (key: unknown) => key is Key,
): Key | undefined {
  if (cursor === undefined) return undefined;
  const key = parsed(cursor);
  // Decoding base64url is lenient, so only the text that encodes back to itself is a cursor.
  if (!isKey(key) || cursorOf(key) !== cursor) throw new InvalidCursor(cursor);
  return key;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new InvalidCursor(cursor);
  }
}

const isPosition = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
export const isPositionKey = (key: unknown): key is readonly [position: number] =>
  Array.isArray(key) && key.length === 1 && isPosition(key[0]);
export const isRowKey = (key: unknown): key is readonly [importId: string, row: number] =>
  Array.isArray(key) && key.length === 2 && typeof key[0] === 'string' && isPosition(key[1]);

/** A row of the market's list, or, after all of them, of a partner's own offers. */
export type OfferKey =
  | readonly [importId: string, row: number]
  | readonly [importId: string, ownImportId: string, row: number];
export const isOfferKey = (key: unknown): key is OfferKey =>
  isRowKey(key) ||
  (Array.isArray(key) && key.length === 3 && typeof key[0] === 'string' && isRowKey(key.slice(1)));

/**
 * A page of items that were queried with one more than the limit. The additional one shows that
 * there is a next page.
 */
export function page<Item>(
  items: readonly Item[],
  limit: number,
  keyOfItem: (item: Item) => CursorKey,
): List<Item> {
  const last = items.length > limit ? items[limit - 1] : undefined;
  return {
    items: items.slice(0, limit),
    nextCursor: last === undefined ? null : cursorOf(keyOfItem(last)),
  };
}
