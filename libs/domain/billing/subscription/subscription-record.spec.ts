import { describe, expect, it } from '@jest/globals';
import {
  decideSubscription,
  decideTermEnd,
  type SubscriptionCommand,
} from './subscription.decide.js';
import { chargesThrough, currentTerm, type SubscriptionRecord } from './subscription-record.js';
import { activation, Recording } from './testing/recorded-life.js';

const bought = (start = '2026-11-10'): Recording => {
  const recording = new Recording();
  recording.append([
    activation({ start, term: 'P1Y', billingPlan: 'monthly', quantity: 10, windowDays: 7 }),
  ]);
  return recording;
};

describe('the record of a subscription', () => {
  it('keeps each term with its own charges', () => {
    const recording = bought('2025-11-10');
    recording.append(
      decideTermEnd(recording.record, { day: '2026-11-10', windowDays: 7, begunAt: 9 }),
    );
    const { record } = recording;
    expect(record.terms.map(({ charges }) => charges.length)).toEqual([12, 1]);
    expect(currentTerm(record)).toMatchObject({ from: '2026-11-10', begunAt: 9, begunBy: 'e2' });
    expect(chargesThrough(record, '2026-12-10').at(-1)).toMatchObject({
      term: { from: '2026-11-10' },
      charge: { type: 'cycleCharge', date: '2026-12-10', causedBy: 'e2' },
    });
  });

  it('has the same charges whenever they are asked for again', () => {
    const recording = bought();
    const chargesThen = () =>
      chargesThrough(recording.record, '2027-03-10').map(({ charge }) => charge);
    const before = chargesThen();
    recording.append([
      {
        type: 'SubscriptionQuantityChanged',
        data: { on: '2027-03-12', quantity: 12, windowDays: 7 },
      },
    ]);
    expect(chargesThen()).toEqual(before);
  });
});

describe('a command on a subscription', () => {
  const facts = { today: '2026-11-12', windowDays: 7 };

  it('is dated today', () => {
    const command = { type: 'suspend', on: '2026-11-11', reason: 'x' } as const;
    expect(decideSubscription(command, bought().record, facts)).toEqual({
      ok: false,
      refusal: { code: 'date-not-today', today: '2026-11-12' },
    });
  });

  it.each<[string, SubscriptionCommand]>([
    ['the same quantity', { type: 'reduce', quantity: 10 }],
    ['a resumption of what is active', { type: 'resume', reason: 'x' }],
    ['the same end of the term', { type: 'set-term-end', atTermEnd: { action: 'renew' } }],
    ['no vendor id', { type: 'set-vendor-id', vendorId: null }],
  ])('changes nothing: %s', (_case, command) => {
    expect(decideSubscription(command, bought().record, facts)).toEqual({ ok: true, value: [] });
  });

  it('sets and removes the vendor id', () => {
    const recording = bought();
    const set = (vendorId: string | null): void => {
      const decided = decideSubscription(
        { type: 'set-vendor-id', vendorId },
        recording.record,
        facts,
      );
      if (decided.ok) recording.append(decided.value);
    };
    set('v-1');
    expect(recording.record.vendorId).toBe('v-1');
    set(null);
    expect(recording.record).not.toHaveProperty('vendorId');
  });
});

describe('the end of a term', () => {
  const at = (record: SubscriptionRecord, day: string) =>
    decideTermEnd(record, { day, windowDays: 7, begunAt: 1 });

  it.each([
    ['2027-11-09', []],
    ['2027-11-10', ['SubscriptionRenewed']],
    ['2027-11-11', []],
  ])('on %s leads to %j', (day, types) => {
    expect(at(bought().record, day).map(({ type }) => type)).toEqual(types);
  });

  it('leads to nothing after a cancellation', () => {
    const recording = bought();
    recording.append([{ type: 'SubscriptionCancelled', data: { on: '2026-11-12', reason: 'x' } }]);
    expect(at(recording.record, '2027-11-10')).toEqual([]);
    expect(recording.record.endedOn).toBe('2026-11-12');
  });
});
