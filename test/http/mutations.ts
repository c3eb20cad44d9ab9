import fc from 'fast-check';

/** Values to put in the place of others. Each is valid for some type, and invalid for most. */
const hostile: readonly unknown[] = [
  null, 0, 1, -1, 1.5, 1e300, -0, 9007199254740993, true, false, '', ' ', 'a\nb', 'a\0b', '\ud800', '\u2028', '\u202e', '\ufeff', '😀'.repeat(300), 'x'.repeat(65), 'x'.repeat(257),
  'x'.repeat(2000), '2026-02-29', '2026-13', '2026-13-01', '0000-01-01', '10000-01-01', '2026-11-22T24:00:00Z', '2026-11-22T09:00:00+09:00', '9007199254740992', '01', '1.',
  '-1', '.5', '1.234', '1e3', '12345678901234567', 'jp', 'ZZ', 'USDX', 'usd', 'a b', '-a', '../../etc/passwd', 'a@', 'P2M', 'constructor', '__proto__', 'toString', 'null', 'true', '1',
  "'; DROP TABLE events; --", '${7*7}', '%00', '<script>', [], {}, ['x'], [null], [[]], [1], { a: 1 }, { amount: '1.5', currency: 'JPY' }, { amount: 1, currency: 'USD' },
]; // prettier-ignore

const extraNames = [
  'extra',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'a/b~c',
  'x'.repeat(300),
  'オーダー',
  '$ref',
  'type',
];

/**
 * Puts one error somewhere into a value. Sometimes the result is still valid: the judge decides.
 */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  return fc
    .tuple(
      fc.constantFrom(...places),
      fc.constantFrom('replace', 'replace', 'remove', 'add', 'wrap', 'repeat', 'stringify'),
      fc.constantFrom(...hostile),
      fc.constantFrom(...extraNames),
    )
    .map(([place, how, other, name]) =>
      changedAt(value, place, (old) => change(old, how, other, name)),
    );
}

const LEFT_OUT = Symbol('left out');

function change(old: unknown, how: string, other: unknown, name: string): unknown {
  switch (how) {
    case 'remove':
      return LEFT_OUT;
    case 'add':
      return isRecord(old)
        ? { ...old, [name]: other }
        : Array.isArray(old)
          ? [...(old as unknown[]), other]
          : other;
    case 'wrap':
      return [old];
    case 'repeat':
      return Array.isArray(old) && old.length > 0
        ? Array.from({ length: 101 }, () => (old as unknown[])[0])
        : other;
    case 'stringify':
      return typeof old === 'string' ? Number(old) || old.toLowerCase() : JSON.stringify(old);
    default:
      return other;
  }
}

type Place = readonly string[];

/** The path of every value inside a value, including its own. */
function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...at, name]))];
}

function changedAt(
  value: unknown,
  [name, ...rest]: Place,
  how: (old: unknown) => unknown,
): unknown {
  if (name === undefined) {
    const changed = how(value);
    return changed === LEFT_OUT ? undefined : changed;
  }
  const inner = (value as Record<string, unknown>)[name];
  const changed = rest.length > 0 ? changedAt(inner, rest, how) : how(inner);
  if (Array.isArray(value)) {
    const items = value as unknown[];
    return changed === LEFT_OUT
      ? items.filter((_, index) => String(index) !== name)
      : items.map((item, index) => (String(index) === name ? changed : item));
  }
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, old]) =>
      key !== name ? [[key, old]] : changed === LEFT_OUT ? [] : [[key, changed]],
    ),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Bodies that are not JSON, or JSON that no operation accepts. */
export const oddBodies: readonly (string | Buffer)[] = [
  '{', '{"a":', "{'a':1}", '{"a":1,}', '[1,2', 'undefined', 'NaN', '{"a":01}', '\ufeff\ufeff{}', '{} {}', '"\\ud800', '{"a":"\t"}', '// {}', 'null', '1', '"text"', '[]', 'true',
  '{"__proto__":{"roles":["operator"]}}', '{"constructor":{"prototype":{"a":1}}}', '{"a":1,"a":2}', '['.repeat(20_000), '['.repeat(20_000) + ']'.repeat(20_000),
  '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000), `{"legalName":"${'x'.repeat(500_000)}"}`, `{${Array.from({ length: 5_000 }, (_, index) => `"f${index}":${index}`).join()}}`,
  Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), Buffer.from([0xc3, 0x28]), Buffer.from('{"a":"\u00e9"}', 'latin1'), Buffer.from('{}', 'utf16le'), '\0',
]; // prettier-ignore
