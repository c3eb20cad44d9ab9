/** The part of JSON Schema 2020-12 that the API needs. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A class whose decorators declare a request. There is no other declaration. */
export type Dto<Instance extends object = object> = new () => Instance;

/**
 * Merges two schemas of one value: of two bounds the narrower one applies; other keywords must not
 * contradict.
 */
export function merge(a: JsonSchema, b: JsonSchema, where: string): JsonSchema {
  const merged: Record<string, unknown> = { ...a };
  for (const [keyword, value] of Object.entries(b)) {
    const before = merged[keyword];
    merged[keyword] = before === undefined ? value : narrower(keyword, before, value, where);
  }
  return merged;
}

function narrower(keyword: string, a: unknown, b: unknown, where: string): unknown {
  if (typeof a === 'number' && typeof b === 'number') {
    if (keyword.startsWith('min')) return Math.max(a, b);
    if (keyword.startsWith('max')) return Math.min(a, b);
  }
  if (keyword === 'type' && [a, b].sort().join() === 'integer,number') return 'integer';
  if (JSON.stringify(a) === JSON.stringify(b)) return a;
  throw new TypeError(
    `${where}: its decorators contradict each other in "${keyword}" (${JSON.stringify(a)} and ${JSON.stringify(b)})`,
  );
}
