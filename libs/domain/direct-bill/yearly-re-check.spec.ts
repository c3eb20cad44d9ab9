import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '../shared/calendar.js';
import {
  type AuthorizationEntry,
  type AuthorizationHistory,
  type Days,
  dueOn,
  entryOf,
  mayBringReCheck,
  type ReCheckPolicy,
  type ReCheckStep,
} from './yearly-re-check.js';

const policy: ReCheckPolicy = () => ({ suspendAfterDays: 30, revokeAfterDays: 60 });
const started = (from: string): AuthorizationEntry => ({
  status: 'authorized',
  from,
  starts: true,
  byReCheck: false,
});
const restored = (from: string): AuthorizationEntry => ({
  status: 'authorized',
  from,
  starts: false,
  byReCheck: false,
});
const byOperator = (
  status: 'restricted' | 'suspended' | 'revoked',
  from: string,
): AuthorizationEntry => ({
  status,
  from,
  starts: false,
  byReCheck: false,
});

/** The steps of each day of a partner that always falls short. */
function life(
  history: AuthorizationHistory,
  from: string,
  through: string,
  policyOn = policy,
): readonly (readonly [string, ReCheckStep])[] {
  const done: [string, ReCheckStep][] = [];
  let known = history;
  for (let day = from; day <= through; day = addDays(day, 1)) {
    for (const step of dueOn(day, known, policyOn)) {
      done.push([day, step]);
      known = [...known, entryOf(step, day)];
    }
  }
  return done;
}

describe('a partner that falls short every day', () => {
  it('is restricted on the anniversary, suspended and revoked after the policy’s days, and then left alone', () => {
    expect(life([started('2026-11-22')], '2026-11-22', '2030-12-31')).toEqual([
      ['2027-11-22', 'restrict'],
      ['2027-12-22', 'suspend'],
      ['2028-01-21', 'revoke'],
    ]);
  });

  it.each([
    ['2024-02-29', '2025-02-28'],
    ['2023-02-28', '2024-02-28'],
  ])('has the anniversary of %s on %s', (from, on) => {
    expect(life([started(from)], from, addDays(on, 10))).toEqual([[on, 'restrict']]);
  });

  it('has the anniversary of 29 February on that day in every fourth year', () => {
    const restoredSince = [
      started('2024-02-29'),
      entryOf('restrict', '2025-02-28'),
      restored('2025-03-01'),
    ];
    expect(life(restoredSince, '2028-02-01', '2028-03-10')).toEqual([['2028-02-29', 'restrict']]);
  });

  it('is checked by the anniversaries of the latest authorization', () => {
    expect(
      life([started('2026-01-10'), started('2026-11-22')], '2026-11-23', '2027-12-01'),
    ).toEqual([['2027-11-22', 'restrict']]);
    expect(
      life([started('2026-01-10'), started('2028-11-22')], '2026-11-23', '2027-02-01'),
    ).toEqual([['2027-01-10', 'restrict']]);
  });
});

describe('a partner whose authorization was restored', () => {
  const restricted = [started('2026-11-22'), entryOf('restrict', '2027-11-22')];
  it('is not suspended for an earlier restriction, and is checked again a year after the authorization', () => {
    expect(life([...restricted, restored('2027-12-01')], '2027-12-01', '2028-12-01')).toEqual([
      ['2028-11-22', 'restrict'],
    ]);
  });

  it('on the same day is not suspended', () => {
    expect(life([...restricted, restored('2027-12-22')], '2027-12-22', '2028-10-01')).toEqual([]);
  });

  it('and authorized again has new anniversaries', () => {
    expect(life([...restricted, started('2028-01-05')], '2028-01-05', '2029-02-10')).toEqual([
      ['2029-01-05', 'restrict'],
      ['2029-02-04', 'suspend'],
    ]);
  });
});

describe('a restriction by an operator', () => {
  it('is not followed by further steps', () => {
    expect(
      life(
        [started('2026-11-22'), byOperator('restricted', '2027-01-01')],
        '2027-01-01',
        '2028-12-31',
      ),
    ).toEqual([]);
    expect(
      life(
        [started('2026-11-22'), byOperator('revoked', '2027-01-01')],
        '2027-01-01',
        '2028-12-31',
      ),
    ).toEqual([]);
  });

  it('does not end a re-check’s restriction, whose steps continue', () => {
    const history = [
      started('2026-11-22'),
      entryOf('restrict', '2027-11-22'),
      byOperator('suspended', '2027-12-01'),
    ];
    expect(life(history, '2027-12-01', '2028-12-31')).toEqual([['2028-01-21', 'revoke']]);
  });
});

describe('the policy of each day', () => {
  const changing =
    (on: string, suspendAfterDays: number, revokeAfterDays: number): ReCheckPolicy =>
    (date) =>
      date < on ? policy(date) : { suspendAfterDays, revokeAfterDays };
  const rest = (policyOn: ReCheckPolicy) =>
    life([started('2026-11-22')], '2027-11-22', '2028-06-01', policyOn).slice(1);

  it.each<[string, ReCheckPolicy, readonly (readonly [string, ReCheckStep])[]]>([
    [
      'fewer days that have passed: at once',
      changing('2027-12-10', 10, 60),
      [
        ['2027-12-10', 'suspend'],
        ['2028-01-21', 'revoke'],
      ],
    ],
    [
      'more days',
      changing('2027-12-10', 40, 90),
      [
        ['2028-01-01', 'suspend'],
        ['2028-02-20', 'revoke'],
      ],
    ],
    [
      'as many for both: revoked on the day of the suspension',
      changing('2027-01-01', 30, 30),
      [
        ['2027-12-22', 'suspend'],
        ['2027-12-22', 'revoke'],
      ],
    ],
    [
      'none at all: all on one day',
      changing('2027-01-01', 0, 0),
      [
        ['2027-11-22', 'suspend'],
        ['2027-11-22', 'revoke'],
      ],
    ],
  ])('%s', (_what, policyOn, steps) => {
    expect(rest(policyOn)).toEqual(steps);
  });

  it('does not suspend a partner that a re-check found eligible on that day', () => {
    const history = [started('2026-11-22'), entryOf('restrict', '2027-11-22')];
    expect(life(history, '2027-12-23', '2028-06-01')).toEqual([['2028-01-21', 'revoke']]);
  });
});

describe('the prediction of a re-check from the record alone', () => {
  it.each<[string, readonly AuthorizationEntry[], Days, boolean]>([
    [
      'up to the day before the anniversary',
      [started('2026-11-22')],
      { after: '2026-11-22', through: '2027-11-21' },
      false,
    ],
    [
      'through the anniversary',
      [started('2026-11-22')],
      { after: '2027-11-21', through: '2027-11-22' },
      true,
    ],
    ['after it', [started('2026-11-22')], { after: '2027-11-22', through: '2027-11-23' }, false],
    [
      'the clamped one of a leap day',
      [started('2024-02-29')],
      { after: '2025-02-27', through: '2025-02-28' },
      true,
    ],
    [
      'a later one, of days that were missed',
      [started('2024-02-29')],
      { after: '2025-03-01', through: '2026-03-01' },
      true,
    ],
    [
      'the first day itself',
      [started('2026-11-22')],
      { after: '2026-11-21', through: '2026-11-22' },
      false,
    ],
    [
      'the steps that follow a restriction',
      [byOperator('restricted', '2026-11-22')],
      { after: '2026-12-21', through: '2026-12-22' },
      true,
    ],
    [
      'of a partner that was never authorized',
      [],
      { after: '2026-11-21', through: '2036-11-22' },
      false,
    ],
  ])('%s', (_which, record, days, may) => {
    expect(mayBringReCheck(record, days)).toBe(may);
  });

  it('is never no when a day brings a step', () => {
    const day = fc.integer({ min: 0, max: 1_500 }).map((days) => addDays('2024-02-29', days));
    const entry = fc.record({
      status: fc.constantFrom('authorized', 'restricted', 'suspended', 'revoked'),
      from: day,
      starts: fc.boolean(),
      byReCheck: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), day, fc.nat(60), (history, after, count) => {
        const days = Array.from({ length: count }, (_, index) => addDays(after, index + 1));
        const due = days.some((each) => dueOn(each, history, policy).length > 0);
        return !due || mayBringReCheck(history, { after, through: addDays(after, count) });
      }),
      { numRuns: 300 },
    );
  });
});
