import type { RevenueAmount } from '../../../domain/qualification/revenue.js';
import type { Origin, StatedRow } from './revenue-tables.js';

/** What is alike in everything but its day. */
export interface SumClass extends Pick<RevenueAmount, 'kind' | 'family' | 'soldAs'> {
  readonly repeat: Repeat;
}

/**
 * Whether the same entry came before. `contested`: it is in these imports too, and none of them was complete when that was seen; it is
 * a duplicate if one of them is complete earlier.
 */
export type Repeat = { readonly is: 'first' } | { readonly is: 'duplicate' } | { readonly is: 'contested'; readonly by: readonly Origin[] };

export const first: Repeat = { is: 'first' };
export const duplicate: Repeat = { is: 'duplicate' };
/** By none of these: the first. */
export const contestedBy = (rivals: readonly Pick<StatedRow, 'origin'>[]): Repeat =>
  rivals.length === 0 ? first : { is: 'contested', by: rivals.map(({ origin }) => origin).sort() };

/** As a row has it: `recorded cloud indirect-reseller`, and behind that `duplicate` or the imports that contest it. */
export const textOf = (kind: RevenueAmount['kind'], { family, soldAs }: Pick<StatedRow, 'family' | 'soldAs'>, repeat: Repeat): string =>
  [kind, family, soldAs, ...namesOf(repeat)].join(' ');

const namesOf = (repeat: Repeat): readonly string[] => {
  if (repeat.is === 'contested') return repeat.by;
  return repeat.is === 'first' ? [] : ['duplicate'];
};

export function classOf(text: string): SumClass {
  const [kind, family, soldAs, ...repeat] = text.split(' ');
  // The texts are those that `textOf` made.
  return { kind, family, soldAs, repeat: repeatOf(repeat) } as SumClass;
}

function repeatOf(names: readonly string[]): Repeat {
  if (names.length === 0) return first;
  return names[0] === 'duplicate' ? duplicate : { is: 'contested', by: names };
}
