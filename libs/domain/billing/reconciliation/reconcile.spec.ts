import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDecimals, sumOf } from '../../shared/money.js';
import type { MicrosoftLine } from './microsoft-line.js';
import type { OurLine } from './our-line.js';
import { classSums, reconcile } from './reconcile.js';
import { ourLine, theirLine } from './testing/lines.js';

const classes = (theirs: readonly MicrosoftLine[], ours: readonly OurLine[], tolerance = '0.01') =>
  reconcile(theirs, ours, tolerance)
    .map((line) => `${line.class} ${line.theirs?.subtotal ?? '–'} ${line.ours?.cost ?? '–'}`)
    .sort();

describe('a line of both sides', () => {
  it.each([
    ['10.00', '10.00', '1', '0.01', 'matched'],
    ['10.01', '10.00', '1', '0.01', 'matched'],
    ['10.02', '10.00', '1', '0.01', 'differs'],
    ['9.98', '10.00', '1', '0.01', 'differs'],
    // The tolerance of a line grows with its quantity.
    ['10.02', '10.00', '2', '0.01', 'matched'],
    ['10.03', '10.00', '2', '0.01', 'differs'],
    ['10.02', '10.00', '-2', '0.01', 'matched'],
    // A quantity of less than one does not narrow it.
    ['10.01', '10.00', '0.5', '0.01', 'matched'],
    ['10.00', '10.000000000000000000', '1', '0', 'matched'],
    ['10.000000000000000001', '10.00', '1', '0', 'differs'],
    ['0', '0.00', '1', '0', 'matched'],
  ])(
    'of %s against %s for %s seats, tolerance %s, is %s',
    (subtotal, cost, billableQuantity, tolerance, expected) => {
      expect(
        classes([theirLine(subtotal, { billableQuantity })], [ourLine(cost)], tolerance),
      ).toEqual([`${expected} ${subtotal} ${cost}`]);
    },
  );

  it.each<[string, Partial<MicrosoftLine>, Partial<OurLine>, boolean]>([
    ['the same customer, offer and term', {}, {}, true],
    ['another customer', { tenantId: 'u' }, {}, false],
    ['another SKU', { offerId: 'CFQ7TTC0LF8S:0003' }, {}, false],
    ['another term', { termTo: '2027-12-09' }, {}, false],
    ['other charge dates', { chargeFrom: '2026-12-11' }, {}, false],
    ['another charge type', { chargeType: 'renew' }, {}, false],
    ['a charge type in another case', { chargeType: 'CycleCharge' }, {}, true],
    [
      "Microsoft's id of the subscription",
      { termFrom: '2026-11-11' },
      { vendorId: 'VENDOR-1' },
      true,
    ],
    ["another of Microsoft's ids", {}, { vendorId: 'vendor-2' }, false],
  ])('is found by %s', (_name, theirs, ours, isFound) => {
    const expected = isFound
      ? ['matched 10.00 10.00']
      : ['only-ours – 10.00', 'only-theirs 10.00 –'];
    expect(classes([theirLine('10.00', theirs)], [ourLine('10.00', ours)])).toEqual(expected);
  });
});

describe('a one-time purchase', () => {
  const {
    termFrom: _from,
    termTo: _to,
    ...bought
  } = theirLine('35.50', { chargeType: 'new', chargeFrom: '2026-11-11', chargeTo: '2026-12-10' });
  const { term: _term, ...charged } = ourLine('35.50', {
    type: 'oneTime',
    from: '2026-11-10',
    to: '2026-11-10',
  });

  it('is found by its order date, and Microsoft calls it new', () => {
    expect(classes([bought], [charged])).toEqual(['matched 35.50 35.50']);
    expect(classes([{ ...bought, orderDate: '2026-11-12' }], [charged])).toHaveLength(2);
  });

  it('that is cancelled is found by the same date', () => {
    const theirs = { ...bought, chargeType: 'cancelImmediate', subtotal: '-35.50' };
    const ours = { ...charged, type: 'cancelImmediate', cost: '-35.50' } as const;
    expect(classes([theirs, bought], [charged, ours])).toEqual([
      'matched -35.50 -35.50',
      'matched 35.50 35.50',
    ]);
  });
});

describe('lines with one key', () => {
  it('are no duplicates: each is paired once', () => {
    // Microsoft 365 E5 has two lines of one SKU.
    expect(classes([theirLine('10.00'), theirLine('10.00')], [ourLine('10.00')])).toEqual([
      'matched 10.00 10.00',
      'only-theirs 10.00 –',
    ]);
    expect(classes([theirLine('10.00')], [ourLine('10.00'), ourLine('10.00')])).toEqual([
      'matched 10.00 10.00',
      'only-ours – 10.00',
    ]);
  });

  it('of a change are paired credit with credit and charge with charge', () => {
    const theirs = [theirLine('112.89'), theirLine('-94.08')];
    expect(classes(theirs, [ourLine('-94.10'), ourLine('112.89')])).toEqual([
      'differs -94.08 -94.10',
      'matched 112.89 112.89',
    ]);
    expect(classes(theirs, [ourLine('-112.89')])).toEqual([
      'differs -94.08 -112.89',
      'only-theirs 112.89 –',
    ]);
  });

  it('are never paired across signs', () => {
    expect(classes([theirLine('112.89')], [ourLine('-112.89')])).toEqual([
      'only-ours – -112.89',
      'only-theirs 112.89 –',
    ]);
  });

  it('are paired with the closest amount, in any order', () => {
    const theirs = [theirLine('10.00'), theirLine('20.00'), theirLine('30.00')];
    const ours = [ourLine('29.00'), ourLine('20.00'), ourLine('11.00')];
    const expected = ['differs 10.00 11.00', 'differs 30.00 29.00', 'matched 20.00 20.00'];
    expect(classes(theirs, ours)).toEqual(expected);
    expect(classes(theirs.toReversed(), ours.toReversed())).toEqual(expected);
  });
});

describe('a charge that this program does not have', () => {
  it.each<Partial<MicrosoftLine>>([
    { scope: 'usage' },
    { scope: 'reservation' },
    { scope: 'marketplace' },
    { chargeType: 'convert' },
    { chargeType: 'moveQuantity' },
    { chargeType: 'changeBillingPlan' },
    { chargeType: 'customerCredit' },
    { chargeType: 'extendTerm' },
    { chargeType: 'brandNewType' },
  ])('is out of scope: %j', (changes) => {
    expect(classes([theirLine('10.00', changes)], [])).toEqual(['out-of-scope 10.00 –']);
  });
});

describe('the sums of the classes', () => {
  const types = fc.constantFrom('new', 'renew', 'addQuantity', 'convert');
  const cents = fc.integer({ min: -500, max: 500 }).map((value) => {
    const text = String(Math.abs(value)).padStart(3, '0');
    return `${value < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
  });

  it('add up to both sides, with every line in one class', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(types, cents), { maxLength: 12 }),
        fc.array(fc.tuple(fc.constantFrom('new' as const, 'renew' as const), cents), {
          maxLength: 12,
        }),
        (their, our) => {
          const theirs = their.map(([chargeType, subtotal], row) =>
            theirLine(subtotal, { chargeType, row }),
          );
          const ours = our.map(([type, cost]) => ourLine(cost, { type }));
          const lines = reconcile(theirs, ours, '0.01');
          const sums = Object.values(classSums(lines));
          const isEqual = (a: string, b: string): boolean => compareDecimals(a, b) === 0;
          expect(
            isEqual(
              sumOf(...sums.map((sum) => sum.theirs)),
              sumOf(...theirs.map(({ subtotal }) => subtotal)),
            ),
          ).toBe(true);
          expect(
            isEqual(sumOf(...sums.map((sum) => sum.ours)), sumOf(...ours.map(({ cost }) => cost))),
          ).toBe(true);
          expect(lines.flatMap((line) => line.theirs?.row ?? []).sort((a, b) => a - b)).toEqual(
            theirs.map(({ row }) => row),
          );
          expect(new Set(lines.flatMap((line) => line.ours?.chargeId ?? [])).size).toBe(
            ours.length,
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
