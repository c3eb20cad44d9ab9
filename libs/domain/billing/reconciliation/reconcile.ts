import { compareDecimals, negated, productOf, sumOf } from '../../shared/money.js';
import { linePairs } from './line-pairs.js';
import type { MicrosoftLine } from './microsoft-line.js';
import type { OurLine } from './our-line.js';

export type ReconciliationClass =
  'matched' | 'differs' | 'only-theirs' | 'only-ours' | 'out-of-scope';

export interface ReconciledLine {
  readonly class: ReconciliationClass;
  readonly theirs?: MicrosoftLine;
  readonly ours?: OurLine;
}

/** Every line of both sides, in exactly one class. */
export function reconcile(
  theirs: readonly MicrosoftLine[],
  ours: readonly OurLine[],
  tolerance: string,
): readonly ReconciledLine[] {
  const outOfScope = theirs.filter((line) => !isInScope(line));
  const vendorIds = new Set(ours.flatMap(({ vendorId }) => vendorId?.toLowerCase() ?? []));
  const theirGroups = Map.groupBy(theirs.filter(isInScope), (line) => theirKey(line, vendorIds));
  const ourGroups = Map.groupBy(ours, ourKey);
  const keys = new Set([...theirGroups.keys(), ...ourGroups.keys()]);
  const compared = [...keys].flatMap((key) =>
    linePairs(theirGroups.get(key) ?? [], ourGroups.get(key) ?? []).map((pair) =>
      classified(pair, tolerance),
    ),
  );
  return [
    ...compared,
    ...outOfScope.map((line) => ({ class: 'out-of-scope' as const, theirs: line })),
  ];
}

export interface ClassSum {
  readonly count: number;
  readonly theirs: string;
  readonly ours: string;
}

/** The five sums of theirs add up to the file's. */
export function classSums(
  lines: readonly ReconciledLine[],
): Readonly<Record<ReconciliationClass, ClassSum>> {
  const sumFor = (name: ReconciliationClass): ClassSum => {
    const ofClass = lines.filter((line) => line.class === name);
    return {
      count: ofClass.length,
      theirs: sumOf(...ofClass.map(({ theirs }) => theirs?.subtotal ?? '0')),
      ours: sumOf(...ofClass.map(({ ours }) => ours?.cost ?? '0')),
    };
  };
  return {
    matched: sumFor('matched'),
    differs: sumFor('differs'),
    'only-theirs': sumFor('only-theirs'),
    'only-ours': sumFor('only-ours'),
    'out-of-scope': sumFor('out-of-scope'),
  };
}

/** The charge types that this program has as well; Microsoft writes them in several cases. */
const comparedTypes: ReadonlySet<string> = new Set([
  'new',
  'renew',
  'cyclecharge',
  'addquantity',
  'removequantity',
  'cancelimmediate',
  'onetime',
]);

const isInScope = ({ scope, chargeType }: MicrosoftLine): boolean =>
  scope === 'license' && comparedTypes.has(chargeType.toLowerCase());

/** Microsoft calls a one-time purchase `new`. */
const typeKey = (type: string): string => {
  const key = type.toLowerCase();
  return key === 'onetime' ? 'new' : key;
};

/**
 * Both sides are grouped by the subscription (by Microsoft's id where it is known, else by
 * customer, offer and term), the charge type and the charge dates. One-time purchases have the
 * order date instead of both.
 */
function theirKey(line: MicrosoftLine, vendorIds: ReadonlySet<string>): string {
  const { subscriptionId, tenantId, offerId, termFrom, termTo, chargeType } = line;
  const type = typeKey(chargeType);
  if (subscriptionId !== undefined && vendorIds.has(subscriptionId))
    return key('vendor', subscriptionId, type, line.chargeFrom, line.chargeTo);
  return termFrom === undefined || termTo === undefined
    ? key('one-time', tenantId, offerId, type, line.orderDate)
    : key('term', tenantId, offerId, termFrom, termTo, type, line.chargeFrom, line.chargeTo);
}

function ourKey({ vendorId, tenantId, offerId, term, type, from, to }: OurLine): string {
  if (vendorId !== undefined) return key('vendor', vendorId.toLowerCase(), typeKey(type), from, to);
  return term === undefined
    ? key('one-time', tenantId, offerId, typeKey(type), from)
    : key('term', tenantId, offerId, term.from, term.to, typeKey(type), from, to);
}

const key = (...parts: readonly (string | undefined)[]): string => JSON.stringify(parts);

function classified(
  { theirs, ours }: { readonly theirs?: MicrosoftLine; readonly ours?: OurLine },
  tolerance: string,
): ReconciledLine {
  if (!theirs || !ours)
    return theirs
      ? { class: 'only-theirs', theirs }
      : { class: 'only-ours', ...(ours && { ours }) };
  const difference = size(sumOf(theirs.subtotal, negated(ours.cost)));
  const byQuantity = productOf(tolerance, size(theirs.billableQuantity));
  const isClose =
    compareDecimals(difference, tolerance) <= 0 || compareDecimals(difference, byQuantity) <= 0;
  return { class: isClose ? 'matched' : 'differs', theirs, ours };
}

const size = (decimal: string): string => decimal.replace(/^-/, '');
