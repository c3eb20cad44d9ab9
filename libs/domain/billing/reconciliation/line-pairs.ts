import { compareDecimals, negated, productOf, sumOf } from '../../shared/money.js';
import type { MicrosoftLine } from './microsoft-line.js';
import type { OurLine } from './our-line.js';

export interface LinePair {
  readonly theirs?: MicrosoftLine;
  readonly ours?: OurLine;
}

/**
 * The lines of one key, paired by amount: equal amounts first, then the closest ones of the same
 * sign. Equal lines are not duplicates: each is paired once, and the remaining lines stay unpaired.
 */
export function linePairs(
  theirs: readonly MicrosoftLine[],
  ours: readonly OurLine[],
): readonly LinePair[] {
  const byAmount = Map.groupBy(ours, ({ cost }) => productOf(cost));
  const pairs: LinePair[] = [];
  const unequal: MicrosoftLine[] = [];
  for (const line of theirs) {
    const equal = byAmount.get(productOf(line.subtotal))?.shift();
    if (equal) pairs.push({ theirs: line, ours: equal });
    else unequal.push(line);
  }

  const left = new Set([...byAmount.values()].flat());
  for (const line of unequal.toSorted(bySubtotal)) {
    const partner = closest(line, left);
    if (partner) left.delete(partner);
    pairs.push({ theirs: line, ...(partner && { ours: partner }) });
  }
  return [...pairs, ...[...left].map((line) => ({ ours: line }))];
}

/** In this order the pairs do not depend on the order of the file. */
const bySubtotal = (a: MicrosoftLine, b: MicrosoftLine): number =>
  compareDecimals(a.subtotal, b.subtotal);

function closest({ subtotal }: MicrosoftLine, ours: ReadonlySet<OurLine>): OurLine | undefined {
  const distance = ({ cost }: OurLine): string => sumOf(subtotal, negated(cost)).replace(/^-/, '');
  const isCredit = compareDecimals(subtotal, '0') < 0;
  return [...ours]
    .filter(({ cost }) => compareDecimals(cost, '0') < 0 === isCredit)
    .reduce<OurLine | undefined>(
      (best, line) => (best && compareDecimals(distance(best), distance(line)) <= 0 ? best : line),
      undefined,
    );
}
