import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from './calendar.js';
import {
  correctFact,
  type DatedFact,
  datesFault,
  type Dates,
  endFact,
  factToCorrect,
  factToEnd,
  existingFact,
  holdsOn,
  inForce,
  startFact,
} from './dated-fact.js';
import type { Recorded } from './event.js';
import { eventId, streamName } from './ids.js';
import type { Sealed } from './sealed.js';

interface Plan {
  readonly plan: string;
  readonly name?: Sealed;
}
let revision = 0;
const event = <Data>(data: Data): Recorded<string, Data> => ({
  id: eventId(`event-${(revision += 1)}`),
  type: 'Test',
  version: 1,
  stream: streamName('story'),
  revision,
  recordedAt: '2026-11-22T09:00:00.000Z',
  data,
});
const started = (...values: readonly (Plan & Dates)[]): readonly DatedFact<Plan>[] =>
  values.reduce<readonly DatedFact<Plan>[]>((facts, value) => startFact(facts, event(value)), []);
const only = (facts: readonly DatedFact<Plan>[]): DatedFact<Plan> => facts[0]!;

describe('a dated fact is in force', () => {
  it.each<[string, Dates, string, boolean]>([
    ['the day before it starts', { from: '2026-03-01' }, '2026-02-28', false],
    ['the day it starts', { from: '2026-03-01' }, '2026-03-01', true],
    ['its last day', { from: '2026-03-01', to: '2026-03-31' }, '2026-03-31', true],
    ['the day after', { from: '2026-03-01', to: '2026-03-31' }, '2026-04-01', false],
    ['always before, without a start', { to: '2026-03-31' }, '0001-01-01', true],
    ['always after, without an end', { from: '2026-03-01' }, '9999-12-31', true],
  ])('%s', (_when, dates, date, holds) => {
    expect(holdsOn(only(started({ plan: 'a', ...dates })), date)).toBe(holds);
  });

  it('never after it was retracted', () => {
    const facts = started({ plan: 'a' });
    const retracted = correctFact(
      facts,
      event({ factId: only(facts).factId, reason: 'x', retracted: true as const }),
    );
    expect(holdsOn(only(retracted), '2026-01-01')).toBe(false);
  });
});

describe('an end', () => {
  it.each([
    ['2026-06-01', '2026-05-31'],
    ['2026-03-01', '2026-02-28'], // ended on the day on which it began, so it was never in force
    ['2024-03-01', '2024-02-29'],
  ])('on %s makes %s the last day', (on, to) => {
    const facts = started({ plan: 'a', from: '2024-03-01' });
    const ended = only(endFact(facts, event({ factId: only(facts).factId, on, reason: 'x' })));
    expect(ended.to).toBe(to);
    expect([holdsOn(ended, addDays(on, -1)), holdsOn(ended, on)]).toEqual([
      on !== '2024-03-01',
      false,
    ]);
  });

  const facts = started(
    { plan: 'a', from: '2026-01-01', to: '2026-03-31' },
    { plan: 'b', from: '2026-03-01', to: '2026-05-31' },
    { plan: 'c', from: '2026-07-01' },
  );
  const [a, b, c] = facts.map(({ factId }) => factId) as [
    DatedFact<Plan>['factId'],
    DatedFact<Plan>['factId'],
    DatedFact<Plan>['factId'],
  ];

  it.each([
    ['2025-12-31', { ok: false, refusal: { code: 'fact-not-open' } }],
    ['2026-01-01', { ok: true, value: a }],
    ['2026-02-28', { ok: true, value: a }],
    ['2026-03-01', { ok: false, refusal: { code: 'fact-ambiguous', factIds: [a, b] } }],
    ['2026-03-31', { ok: false, refusal: { code: 'fact-ambiguous', factIds: [a, b] } }],
    ['2026-04-01', { ok: true, value: b }],
    ['2026-06-15', { ok: false, refusal: { code: 'fact-not-open' } }],
    ['2026-07-01', { ok: true, value: c }],
    ['2030-01-01', { ok: true, value: c }],
  ])('without a factId on %s', (on, expected) => {
    expect(factToEnd(facts, { on })).toEqual(expected);
  });

  it.each([
    [
      'the day before its start',
      '2026-02-28',
      {
        ok: false,
        refusal: {
          code: 'malformed',
          path: '/on',
          rule: 'range',
          expected: '2026-03-01',
          bound: 'min',
        },
      },
    ],
    ['its start', '2026-03-01', { ok: true, value: b }],
    ['its last day', '2026-05-31', { ok: true, value: b }],
    ['the day after that', '2026-06-01', { ok: false, refusal: { code: 'fact-not-open' } }],
  ])('with a factId on %s', (_when, on, expected) => {
    expect(factToEnd(facts, { on, factId: b })).toEqual(expected);
  });

  it('is refused for a fact that does not exist', () => {
    expect(factToEnd(facts, { on: '2026-03-01', factId: eventId('elsewhere') })).toEqual({
      ok: false,
      refusal: { code: 'fact-unknown' },
    });
  });

  it('is refused for a retracted fact', () => {
    const retracted = correctFact(
      facts,
      event({ factId: b, reason: 'x', retracted: true as const }),
    );
    expect(factToEnd(retracted, { on: '2026-02-28', factId: b })).toEqual({
      ok: false,
      refusal: { code: 'fact-not-open' },
    });
    expect(factToEnd(retracted, { on: '2026-03-15' })).toEqual({ ok: true, value: a });
  });
});

describe('a correction', () => {
  const facts = started({ plan: 'a', from: '2026-01-01' });
  const { factId } = only(facts);
  const corrected = (value: Plan & Dates) =>
    only(
      correctFact(
        endFact(facts, event({ factId, on: '2026-02-01', reason: 'x' })),
        event({ factId, reason: 'x', value }),
      ),
    );

  it('replaces all values, including an end', () => {
    expect(corrected({ plan: 'b', from: '2026-03-01' })).toMatchObject({
      value: { plan: 'b' },
      from: '2026-03-01',
    });
    expect('to' in corrected({ plan: 'b', from: '2026-03-01' })).toBe(false);
  });

  it('refers to the first event and the last', () => {
    const { proofs } = corrected({ plan: 'b' });
    expect(proofs.map(({ eventId: id }) => id)).toEqual([factId, eventId(`event-${revision}`)]);
  });

  it('restores a retracted fact; the last in the log wins', () => {
    const retracted = correctFact(facts, event({ factId, reason: 'x', retracted: true as const }));
    const back = only(
      correctFact(
        retracted,
        event({ factId, reason: 'x', value: { plan: 'a', from: '2026-01-01' } }),
      ),
    );
    expect(holdsOn(back, '2026-01-01')).toBe(true);
    expect('retracted' in back).toBe(false);
  });

  it.each<[string, (Plan & Dates) | 'retracted', unknown]>([
    ['the same value', { plan: 'a', from: '2026-01-01' }, { ok: true, value: 'nothing-changes' }],
    ['another field', { plan: 'b', from: '2026-01-01' }, { ok: true, value: 'changes' }],
    ['another start', { plan: 'a', from: '2026-01-02' }, { ok: true, value: 'changes' }],
    ['an end', { plan: 'a', from: '2026-01-01', to: '2026-01-01' }, { ok: true, value: 'changes' }],
    [
      'an end before its start',
      { plan: 'a', from: '2026-01-02', to: '2026-01-01' },
      {
        ok: false,
        refusal: expect.objectContaining({
          code: 'malformed',
          path: '/value/to',
          rule: 'range',
          bound: 'min',
        }),
      },
    ],
    ['a retraction', 'retracted', { ok: true, value: 'changes' }],
  ])('with %s', (_what, value, expected) => {
    expect(factToCorrect(facts, factId, value)).toEqual(expected);
  });

  it('that retracts twice changes nothing; of an unknown fact it is refused', () => {
    const retracted = correctFact(facts, event({ factId, reason: 'x', retracted: true as const }));
    expect(factToCorrect(retracted, factId, 'retracted')).toEqual({
      ok: true,
      value: 'nothing-changes',
    });
    expect(factToCorrect(retracted, factId, { plan: 'a', from: '2026-01-01' })).toEqual({
      ok: true,
      value: 'changes',
    });
    expect(factToCorrect(facts, eventId('elsewhere'), 'retracted')).toEqual({
      ok: false,
      refusal: { code: 'fact-unknown' },
    });
  });
});

describe('a fact stated again', () => {
  const sealed = (mac: string, iv: string, generation = 1): Sealed => ({
    sealed: 1,
    subject: 'partner:p',
    generation,
    iv,
    box: iv,
    mac,
  });
  const facts = started({ plan: 'a', from: '2026-01-01', name: sealed('m', 'x') });

  it.each<[string, Plan & Dates, boolean]>([
    [
      'is found when it is sealed again',
      { plan: 'a', from: '2026-01-01', name: sealed('m', 'y') },
      true,
    ],
    [
      'is another one with another name',
      { plan: 'a', from: '2026-01-01', name: sealed('n', 'x') },
      false,
    ],
    [
      'is another one under another key',
      { plan: 'a', from: '2026-01-01', name: sealed('m', 'x', 2) },
      false,
    ],
    [
      'is another one with another start',
      { plan: 'a', from: '2026-01-02', name: sealed('m', 'x') },
      false,
    ],
    [
      'is another one with an end',
      { plan: 'a', from: '2026-01-01', to: '2026-12-31', name: sealed('m', 'x') },
      false,
    ],
    ['is another one without a field', { plan: 'a', from: '2026-01-01' }, false],
  ])('%s', (_what, value, held) => {
    expect(existingFact(facts, value)).toBe(held ? only(facts) : undefined);
  });

  it('is a new one after it ended or was retracted', () => {
    const value = { plan: 'a', from: '2026-01-01' };
    const plain = started(value);
    const { factId } = only(plain);
    expect(
      existingFact(endFact(plain, event({ factId, on: '2026-02-01', reason: 'x' })), value),
    ).toBeUndefined();
    expect(
      existingFact(
        correctFact(plain, event({ factId, reason: 'x', retracted: true as const })),
        value,
      ),
    ).toBeUndefined();
  });
});

describe('stated dates', () => {
  it.each<[Dates, boolean]>([
    [{ from: '2026-01-01', to: '2026-01-01' }, true],
    [{ from: '2026-01-02', to: '2026-01-01' }, false],
    [{ to: '2026-01-01' }, true],
    [{ from: '2026-01-01' }, true],
  ])('%j: %s', (dates, well) => {
    expect(datesFault(dates)).toEqual(
      well
        ? undefined
        : { code: 'malformed', path: '/to', rule: 'range', expected: dates.from, bound: 'min' },
    );
  });
});

describe('facts that overlap', () => {
  const day = fc.integer({ min: 0, max: 60 }).map((offset) => addDays('2026-01-01', offset));
  const anyFact = fc.tuple(day, day).map(([one, other]) => ({
    plan: 'a',
    from: one < other ? one : other,
    to: one < other ? other : one,
  }));

  it('are together in force on every day that any of them covers, in any order', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 5 }), day, (values, date) => {
        const expected = values.some(({ from, to }) => from <= date && date <= to);
        expect(inForce(started(...values), date).length > 0).toBe(expected);
        expect(inForce(started(...values.toReversed()), date).length > 0).toBe(expected);
      }),
    );
  });

  it('keep the days before an end', () => {
    fc.assert(
      fc.property(anyFact, day, day, (value, on, date) => {
        const facts = started(value);
        const ending = factToEnd(facts, { on });
        if (!ending.ok) return;
        const ended = endFact(facts, event({ factId: ending.value, on, reason: 'x' }));
        expect(holdsOn(only(ended), date)).toBe(date < on && holdsOn(only(facts), date));
      }),
    );
  });
});
