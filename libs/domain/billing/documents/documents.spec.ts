import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDecimals, sumOf } from '../../shared/money.js';
import type { TaxRounding } from '../tax/document-tax.js';
import { composeDocuments } from './compose-documents.js';
import { correctedCharge } from './corrected-charge.js';
import { applyCreditNote } from './credit-application.js';
import { creditNoteOf, type CreditRequest } from './credit-note.js';
import type { BillableCharge, DocumentContent, IssuedInvoice } from './document.js';
import { documentNumber, dueDate, issueDate } from './issue.js';

let charges = 0;
const charge = (
  amount: string,
  changes: Partial<BillableCharge> & { rate?: string } = {},
): BillableCharge => {
  charges += 1;
  const { rate = '0.10', ...rest } = changes;
  return {
    chargeId: `charge-${charges}`,
    type: 'cycleCharge',
    source: { subscriptionId: 's1' },
    tenantId: 't1',
    description: 'Microsoft 365',
    family: 'cloud',
    from: '2026-11-01',
    to: '2026-11-30',
    date: '2026-11-01',
    quantity: 1,
    unitPrice: amount,
    amount,
    tax: { treatment: 'standard', category: 'standard', rate },
    ...rest,
  };
};
const of = (subscriptionId: string) => ({ source: { subscriptionId } });
const amounts = (document: DocumentContent | undefined) =>
  document?.lines.map(({ amount }) => amount);

describe('the lines of an invoice', () => {
  it('are ordered by customer, subscription and date', () => {
    const given = [
      charge('1', { tenantId: 't2', date: '2026-11-01' }),
      charge('2', { ...of('s2'), date: '2026-11-05' }),
      charge('3', { ...of('s1'), date: '2026-11-09' }),
      charge('4', { ...of('s1'), date: '2026-11-02' }),
      charge('5', { source: { orderId: 'a', line: 10 }, date: '2026-11-01' }),
      charge('6', { source: { orderId: 'a', line: 9 }, date: '2026-11-01' }),
    ];
    const { invoice } = composeDocuments(given, 'JPY', 'truncate');
    expect(amounts(invoice)).toEqual(['4', '3', '2', '6', '5', '1']);
    expect(invoice?.lines.map(({ lineIndex }) => lineIndex)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('of one change keep their order: the credit, then the charge', () => {
    const given = [
      charge('100'),
      charge('-50', { date: '2026-11-16' }),
      charge('75', { date: '2026-11-16' }),
    ];
    expect(amounts(composeDocuments(given, 'JPY', 'truncate').invoice)).toEqual([
      '100',
      '-50',
      '75',
    ]);
  });

  it('include lines of zero', () => {
    const { invoice, creditNote } = composeDocuments([charge('0')], 'JPY', 'truncate');
    expect(invoice).toMatchObject({ net: '0', tax: '0', total: '0' });
    expect(creditNote).toBeUndefined();
  });

  it('are none without charges, and there is no document', () => {
    expect(composeDocuments([], 'JPY', 'truncate')).toEqual({});
  });
});

describe('a rate whose lines come to less than zero', () => {
  it.each([
    [['100', '-100'], ['100', '-100'], undefined],
    [['100', '-101'], undefined, ['-100', '101']],
  ])('%j moves to a credit note, with the signs reversed', (given, invoiced, credited) => {
    const { invoice, creditNote } = composeDocuments(
      given.map((amount) => charge(amount)),
      'JPY',
      'truncate',
    );
    expect(amounts(invoice)).toEqual(invoiced);
    expect(amounts(creditNote)).toEqual(credited);
  });

  it('leaves the other rates on the invoice', () => {
    const given = [charge('-300'), charge('100'), charge('500', { rate: '0.08' })];
    const { invoice, creditNote } = composeDocuments(given, 'JPY', 'truncate');
    expect(invoice).toMatchObject({ kind: 'invoice', net: '500', tax: '40', total: '540' });
    expect(creditNote).toMatchObject({ kind: 'credit-note', net: '200', tax: '20', total: '220' });
  });
});

describe('the charge that a credit corrects', () => {
  const month = { from: '2019-09-15', to: '2019-10-14' };
  const earlier = [
    charge('100', { ...month, rate: '0.08' }),
    charge('100', { ...month, ...of('s2') }),
    charge('60', { from: '2019-10-05', to: '2019-10-14', rate: '0.10' }),
    charge('-10', { from: '2019-10-05', to: '2019-10-14' }),
  ];

  it.each([
    // The rate of the month's charge, not that of the day of the change.
    ['2019-10-04', '0.08'],
    ['2019-10-05', '0.10'],
    ['2019-09-14', undefined],
  ])('from %s is the last one that covers its days', (from, rate) => {
    const credit = charge('-50', { from, to: '2019-10-14' });
    expect(correctedCharge(credit, earlier)?.tax.rate).toBe(rate);
  });

  it('is none for a manual charge', () => {
    const { source: _none, ...manual } = charge('-50', month);
    expect(correctedCharge(manual, earlier)).toBeUndefined();
  });
});

describe('the credit note of a run', () => {
  const issued = (invoiceId: string, ...lines: BillableCharge[]): IssuedInvoice => ({
    invoiceId,
    lines: lines.map((line, lineIndex) => ({ lineIndex, ...line })),
  });
  const october = { from: '2026-10-10', to: '2026-11-09' };
  const invoices = [
    issued('october', charge('100', october), charge('50', { ...october, ...of('s2') })),
    issued('november', charge('100', { from: '2026-11-10', to: '2026-12-09' })),
  ];
  const noteOf = (...credits: BillableCharge[]) =>
    composeDocuments(credits, 'JPY', 'truncate').creditNote!;
  const credit = (amount: string, from: string, to: string, subscriptionId = 's1') =>
    charge(amount, { from, to, ...of(subscriptionId) });

  it.each([
    ['110', [{ invoiceId: 'november', amount: '44' }], '0'],
    ['44', [{ invoiceId: 'november', amount: '44' }], '0'],
    ['43', [{ invoiceId: 'november', amount: '43' }], '1'],
    ['0', [], '44'],
  ])(
    'lowers the invoice of those days by no more than its %s open',
    (open, applications, toCreditBalance) => {
      const note = noteOf(credit('-40', '2026-11-20', '2026-12-09'));
      expect(applyCreditNote(note, invoices, () => open)).toEqual({
        corrects: ['november'],
        applications,
        toCreditBalance,
      });
    },
  );

  it('lowers by the net amount of a change, not by its credit alone', () => {
    const note = noteOf(
      credit('-100', '2026-11-10', '2026-12-09'),
      credit('60', '2026-11-10', '2026-12-09'),
    );
    expect(applyCreditNote(note, invoices, () => '110').applications).toEqual([
      { invoiceId: 'november', amount: '44' },
    ]);
  });

  it('names every invoice that it corrects, each with its own part', () => {
    const note = noteOf(
      credit('-40', '2026-10-20', '2026-11-09'),
      credit('-7', '2026-11-09', '2026-11-09', 's2'),
      credit('-15', '2026-12-01', '2026-12-09'),
    );
    const { corrects, applications, toCreditBalance } = applyCreditNote(
      note,
      invoices,
      () => '110',
    );
    expect(corrects.toSorted()).toEqual(['november', 'october']);
    expect(sumOf(...applications.map(({ amount }) => amount))).toBe(note.total);
    expect(toCreditBalance).toBe('0');
  });

  it('is credit balance where no invoice has the charge', () => {
    const note = noteOf(credit('-40', '2026-12-10', '2027-01-09'));
    expect(applyCreditNote(note, invoices, () => '110')).toEqual({
      corrects: [],
      applications: [],
      toCreditBalance: '44',
    });
  });
});

describe('a credit note of an invoice', () => {
  const rated = (...list: readonly (readonly [string, string])[]) =>
    composeDocuments(
      list.map(([amount, rate], index) => charge(amount, { rate, ...of(`s${index}`) })),
      'EUR',
      'half-up',
    ).invoice!;
  const invoice = rated(['68.33', '0.2'], ['68.33', '0.2'], ['57.50', '0.2'], ['85.00', '0.2']);
  const make = (request: CreditRequest, earlier: readonly DocumentContent[] = [], from = invoice) =>
    creditNoteOf(from, earlier, request, 'half-up');
  const value = (...args: Parameters<typeof make>): DocumentContent => {
    const result = make(...args);
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };

  it('has the remaining tax, so that four notes add up to the invoice', () => {
    // lago-api PR 2643
    expect(invoice).toMatchObject({ tax: '55.83', total: '334.99' });
    const notes: DocumentContent[] = [];
    for (const lineIndex of [0, 2, 3, 1]) notes.push(value({ lines: [{ lineIndex }] }, notes));
    expect(notes.map(({ tax }) => tax)).toEqual(['13.67', '11.50', '17.00', '13.66']);
    expect(sumOf(...notes.map(({ total }) => total))).toBe('334.99');
    // lago-api PR 738: what is credited in full cannot be credited again.
    expect(make({ all: true }, notes)).toEqual({
      ok: false,
      refusal: { code: 'nothing-to-credit' },
    });
  });

  it.each([
    ['68.33', true],
    ['68.34', false],
    ['-0.01', false],
  ])('of %s of a line of 68.33 is possible: %s', (amount, isPossible) => {
    expect(make({ lines: [{ lineIndex: 0, amount }] }).ok).toBe(isPossible);
  });

  it('is at most the amount that earlier ones left', () => {
    const first = value({ lines: [{ lineIndex: 0, amount: '60.00' }] });
    expect(make({ lines: [{ lineIndex: 0, amount: '8.34' }] }, [first])).toEqual({
      ok: false,
      refusal: { code: 'credit-exceeds-line', lineIndex: 0, left: '8.33' },
    });
    expect(value({ lines: [{ lineIndex: 0 }] }, [first]).net).toBe('8.33');
  });

  it.each([
    [{ lines: [{ lineIndex: 4 }] }, 'line-unknown'],
    [{ lines: [{ lineIndex: 0 }, { lineIndex: 0 }] }, 'line-repeated'],
    [{ lines: [] }, 'nothing-to-credit'],
    [{ lines: [{ lineIndex: 0, amount: '0.00' }] }, 'nothing-to-credit'],
  ])('%j is refused: %s', (request, code) => {
    const result = make(request);
    expect(result.ok ? undefined : result.refusal.code).toBe(code);
  });

  it('is refused for a credit line alone, which would charge', () => {
    const mixed = rated(['100.00', '0.2'], ['-30.00', '0.2']);
    const result = make({ lines: [{ lineIndex: 1 }] }, [], mixed);
    expect(result.ok ? undefined : result.refusal.code).toBe('credit-below-zero');
    expect(value({ all: true }, [], mixed)).toMatchObject({
      net: '70.00',
      tax: '14.00',
      total: '84.00',
    });
  });

  it('leaves exactly zero after any steps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 99_999 }), fc.constantFrom('0.10', '0.08')), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.array(fc.tuple(fc.nat(5), fc.nat(100)), { maxLength: 6 }),
        fc.constantFrom<TaxRounding>('half-up', 'truncate'),
        (lines, steps, rounding) => {
          const list = lines.map(([yen, rate], index) =>
            charge(String(yen), { rate, ...of(`s${index}`) }),
          );
          const whole = composeDocuments(list, 'JPY', rounding).invoice!;
          const notes: DocumentContent[] = [];
          const credit = (request: CreditRequest): void => {
            const note = creditNoteOf(whole, notes, request, rounding);
            if (note.ok) notes.push(note.value);
          };
          for (const [lineIndex, percent] of steps) {
            const line = whole.lines[lineIndex % whole.lines.length]!;
            const amount = String((BigInt(line.amount) * BigInt(percent)) / 100n);
            credit({ lines: [{ lineIndex: line.lineIndex, amount }] });
          }
          credit({ all: true });
          expect(compareDecimals(sumOf('0', ...notes.map(({ total }) => total)), whole.total)).toBe(
            0,
          );
          expect(notes.every(({ tax }) => compareDecimals(tax, '0') >= 0)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the issue of a document', () => {
  it.each([
    ['2026-11-30T14:59:59.999Z', undefined, '2026-11-30'],
    ['2026-11-30T15:00:00.000Z', undefined, '2026-12-01'],
    ['2026-11-30T14:59:59.999Z', '2026-12-01', '2026-12-01'],
    ['2026-12-02T00:00:00.000Z', '2026-12-01', '2026-12-02'],
  ])('at %s after %s is dated %s in Tokyo', (now, previous, expected) => {
    expect(issueDate(now, 'Asia/Tokyo', previous)).toBe(expected);
  });

  it.each([
    [30, undefined, '2026-12-30'],
    [30, 0, '2026-11-30'],
    [30, 60, '2027-01-29'],
  ])('with terms of %d days, or %s of the payer, is due on %s', (entity, payer, expected) => {
    expect(dueDate('2026-11-30', entity, payer)).toBe(expected);
  });

  it.each([
    ['invoice', 1, 'KS-000001'],
    ['invoice', 1_000_000, 'KS-1000000'],
    ['credit-note', 12, 'KS-CN-000012'],
  ] as const)('of %s %d has the number %s', (kind, place, expected) => {
    expect(documentNumber('KS-', kind, place)).toBe(expected);
  });
});
