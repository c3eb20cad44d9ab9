import type { RevenueAmount } from '../../../domain/qualification/revenue.js';
import type { Origin, StatedRow } from './revenue-tables.js';

/** Amounts that differ only in their day. */
export interface SumClass extends Pick<RevenueAmount, 'kind' | 'family' | 'soldAs'> {
  readonly repeat: Repeat;
}

/**
 * Whether the same entry came before. `contested`: these imports also state it, and none of them
 * was complete then. It is a duplicate if one of them is completed earlier.
 */
export type Repeat =
  | { readonly is: 'first' }
  | { readonly is: 'duplicate' }
  | { readonly is: 'contested'; readonly by: readonly Origin[] };

export const first: Repeat = { is: 'first' };
export const duplicate: Repeat = { is: 'duplicate' };
/** Without rivals it is the first. */
export const contestedBy = (rivals: readonly Pick<StatedRow, 'origin'>[]): Repeat =>
  rivals.length === 0 ? first : { is: 'contested', by: rivals.map(({ origin }) => origin).sort() };

/**
 * Each value is one character, because a row has up to a dozen classes and an answer reads some
 * hundreds of rows.
 */
const kinds = { recorded: 'r', reversed: 'v', paid: 'p' } as const satisfies Record<
  RevenueAmount['kind'],
  string
>;
const families = {
  cloud: 'c',
  'perpetual-software': 's',
  'partner-owned': 'o',
} as const satisfies Record<RevenueAmount['family'], string>;
const models = {
  'indirect-reseller': 'r',
  'direct-bill': 'd',
  'indirect-provider': 'p',
} as const satisfies Record<RevenueAmount['soldAs'], string>;
const DUPLICATE = '=';

/**
 * The class's text in a row: `rcr`, followed by `=` for a duplicate, or by the imports that contest
 * it.
 */
export const textOf = (
  kind: RevenueAmount['kind'],
  { family, soldAs }: Pick<StatedRow, 'family' | 'soldAs'>,
  repeat: Repeat,
): string => `${kinds[kind]}${families[family]}${models[soldAs]}${namesOf(repeat)}`;

const namesOf = (repeat: Repeat): string => {
  if (repeat.is === 'contested') return repeat.by.join(' ');
  return repeat.is === 'first' ? '' : DUPLICATE;
};

export function classOf(text: string): SumClass {
  return {
    kind: named(kinds, text[0]),
    family: named(families, text[1]),
    soldAs: named(models, text[2]),
    repeat: repeatOf(text.slice(3)),
  };
}

function repeatOf(names: string): Repeat {
  if (names === '') return first;
  return names === DUPLICATE ? duplicate : { is: 'contested', by: names.split(' ') };
}

function named<Name extends string>(
  signs: Readonly<Record<Name, string>>,
  sign: string | undefined,
): Name {
  const found = Object.entries(signs).find(([, one]) => one === sign);
  if (!found) throw new TypeError(`${sign} is not a character of a class of sums`);
  return found[0] as Name; // the keys of the record are the names
}
