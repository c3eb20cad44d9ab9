import { describe, expect, it } from '@jest/globals';
import { Story } from '../shared/testing/story.js';
import { defaultPolicy } from './default-policy.js';
import type { Policy } from './policy.js';
import { emptyProgram, evolveProgram, type Program, type ProgramEvent } from './program.js';
import { decideProgram, type ProgramCommand, type ProgramRefusal } from './program.decide.js';
import {
  agreementVersionOn,
  marketOf,
  marketsOfCountry,
  policyOn,
  requiredPolicyOn,
  templateLanguages,
} from './program-queries.js';
import { daysAtMostATick } from './tick.js';

type ProgramStory = Story<Program, ProgramEvent, ProgramCommand, ProgramRefusal>;
/**
 * A log created on 2026-11-22 at 09:00 (the story's instant), with the default policy and agreement
 * version.
 */
function program(
  clock: 'system' | 'manual' = 'system',
  now = '2026-11-22T09:00:00.000Z',
): ProgramStory {
  const story: ProgramStory = new Story(
    emptyProgram,
    evolveProgram,
    (command: ProgramCommand, state: Program) =>
      decideProgram(command, state, { now, knownRulesets: ['2026-11', '2027-01'] }),
  );
  story.record({ type: 'LogCreated', data: { logId: 'log', clock } });
  story.record({ type: 'RulesetActivated', data: { ruleset: '2026-11' } });
  story.record({
    type: 'PolicyPublished',
    data: { effectiveFrom: '0001-01-01', policy: defaultPolicy },
  });
  story.record({
    type: 'AgreementVersionPublished',
    data: { version: 'default', from: '0001-01-01' },
  });
  if (clock === 'manual') story.record({ type: 'ClockSet', data: { at: now } });
  return story;
}
const nothing = { ok: true, value: [] };
const refused = (refusal: ProgramRefusal) => ({ ok: false, refusal });
const malformed = (path: string, rule: 'range' | 'format' | 'enum') => ({
  ok: false,
  refusal: expect.objectContaining({ code: 'malformed', path, rule }),
});

describe('a policy', () => {
  const publish = (effectiveFrom: string, changes: Partial<Policy>): ProgramCommand => ({
    type: 'publish-policy',
    effectiveFrom,
    changes,
  });

  it('has every key: those left out are copied from the policy in force then', () => {
    const story = program();
    story.does(publish('2026-06-01', { tenureMonths: 6 }));
    story.does(publish('2026-03-01', { tenantCheckMaxAgeDays: 30 }));
    story.does(publish('2026-09-01', { trailingRevenueThreshold: '1000000' }));
    expect(
      ['2026-02-28', '2026-03-01', '2026-06-01', '2026-09-01'].map(
        (date) => policyOn(story.state, date)?.policy,
      ),
    ).toEqual([
      defaultPolicy,
      { ...defaultPolicy, tenantCheckMaxAgeDays: 30 },
      { ...defaultPolicy, tenureMonths: 6 },
      { ...defaultPolicy, tenureMonths: 6, trailingRevenueThreshold: '1000000.00' },
    ]);
  });

  it('is replaced by a later one from the same day', () => {
    const story = program();
    story.does(publish('2026-06-01', { tenureMonths: 6 }));
    story.does(publish('2026-06-01', { tenureMonths: 7 }));
    expect(policyOn(story.state, '2026-06-01')?.policy.tenureMonths).toBe(7);
    expect(story.asks(publish('2026-06-01', { tenureMonths: 7 }))).toEqual(nothing);
    expect(story.asks(publish('2026-06-01', {}))).toEqual(nothing);
    expect(story.asks(publish('2026-06-02', {}))).toMatchObject({
      value: [{ type: 'PolicyPublished' }],
    });
  });

  it.each<[Partial<Policy>, ReturnType<typeof malformed>]>([
    [{ tenureMonths: -1 }, malformed('/tenureMonths', 'range')],
    [{ trailingRevenueThreshold: 'much' }, malformed('/trailingRevenueThreshold', 'format')],
    [{ revenueBasis: 'hoped' as 'paid' }, malformed('/revenueBasis', 'enum')],
  ])('with %j is malformed', (changes, expected) => {
    expect(program().asks(publish('2026-06-01', changes))).toEqual(expected);
  });

  it('is in force on every day, including the first of the calendar', () => {
    expect(requiredPolicyOn(program().state, '0001-01-01').effectiveFrom).toBe('0001-01-01');
    expect(() => requiredPolicyOn(emptyProgram, '2026-01-01')).toThrow('no policy is in force');
  });
});

describe('an agreement version', () => {
  const publish = (
    version: string,
    from: string,
    acceptedUntil?: string | null,
  ): ProgramCommand => ({
    type: 'publish-agreement-version',
    version,
    from,
    ...(acceptedUntil !== undefined && { acceptedUntil }),
  });

  it('is the version to sign from its day on', () => {
    const story = program();
    story.does(publish('2026', '2026-06-01'));
    expect(
      ['2026-05-31', '2026-06-01'].map((date) => agreementVersionOn(story.state, date)?.version),
    ).toEqual(['default', '2026']);
  });

  it('has the dates of its last publication', () => {
    const story = program();
    story.does(publish('default', '0001-01-01', '2026-12-31'));
    expect(story.state.agreementVersions).toMatchObject([
      { version: 'default', acceptedUntil: '2026-12-31' },
    ]);
    expect(story.asks(publish('default', '0001-01-01'))).toEqual(nothing);
    expect(story.asks(publish('default', '0001-01-01', '2026-12-31'))).toEqual(nothing);
    story.does(publish('default', '0001-01-01', null));
    expect('acceptedUntil' in story.state.agreementVersions[0]!).toBe(false);
  });

  it.each([
    ['2026-06-01', nothing.ok],
    ['2026-05-31', false],
  ])('from 2026-06-01 is accepted until %s: %s', (until, ok) => {
    const result = program().asks(publish('2026', '2026-06-01', until));
    expect(result.ok).toBe(ok);
    if (!result.ok) expect(result).toEqual(malformed('/acceptedUntil', 'range'));
  });
});

describe('exchange rates', () => {
  const publish = (usdPerUnit: Record<string, string>, month = '2026-11'): ProgramCommand => ({
    type: 'publish-exchange-rates',
    month,
    usdPerUnit,
  });

  it('are one publication a month, and the last one replaces the others', () => {
    const story = program();
    story.does(publish({ JPY: '0.0067', EUR: '1.08' }));
    expect(story.asks(publish({ EUR: '1.08', JPY: '0.0067' }))).toEqual(nothing);
    story.does(publish({ JPY: '0.0068' }));
    expect(story.state.exchangeRates.get('2026-11')?.usdPerUnit).toEqual({ JPY: '0.0068' });
    expect(story.state.exchangeRates.get('2026-12')).toBeUndefined();
  });

  it.each<[Record<string, string>, object]>([
    [{}, malformed('/usdPerUnit', 'range')],
    [{ YEN: '0.0067' }, malformed('/usdPerUnit/YEN', 'enum')],
    [{ JPY: '0' }, malformed('/usdPerUnit/JPY', 'range')],
    [{ JPY: '-0.0067' }, malformed('/usdPerUnit/JPY', 'range')],
    [{ JPY: '6.7e-3' }, malformed('/usdPerUnit/JPY', 'format')],
    [{ USD: '1.00' }, { ok: true }],
    [{ USD: '1.01' }, malformed('/usdPerUnit/USD', 'range')],
  ])('%j', (rates, expected) => {
    expect(program().asks(publish(rates))).toMatchObject(expected);
  });
});

describe('a ruleset', () => {
  it('is activated once, and only if this build knows it', () => {
    const story = program();
    expect(story.asks({ type: 'activate-ruleset', ruleset: '2026-11' })).toEqual(nothing);
    expect(story.asks({ type: 'activate-ruleset', ruleset: '2030-01' })).toEqual(
      refused({ code: 'ruleset-unknown' }),
    );
    story.does({ type: 'activate-ruleset', ruleset: '2027-01' });
    expect(story.state.ruleset?.name).toBe('2027-01');
  });
});

describe('a tick', () => {
  const tick = (on: string, at?: string): ProgramCommand => ({
    type: 'tick',
    on,
    ...(at !== undefined && { at }),
  });
  const days = (story: ProgramStory, command: ProgramCommand): readonly string[] => {
    const result = story.asks(command);
    if (!result.ok) throw new Error(JSON.stringify(result.refusal));
    return result.value.map(({ data }) =>
      'date' in data ? data.date : 'at' in data ? `clock ${data.at}` : '?',
    );
  };

  it('starts the days from that of the log on, missed ones in order', () => {
    const story = program('system', '2026-11-25T00:00:00.000Z');
    expect(days(story, tick('2026-11-24'))).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
    story.does(tick('2026-11-24'));
    expect(story.asks(tick('2026-11-24'))).toEqual(nothing);
    expect(story.asks(tick('2026-11-01'))).toEqual(nothing);
    expect(days(story, tick('2026-11-25'))).toEqual(['2026-11-25']);
  });

  it.each([
    ['2026-11-22T23:59:59.999Z', '2026-11-23', refused({ code: 'day-not-reached' })],
    ['2026-11-23T00:00:00.000Z', '2026-11-23', { ok: true }],
  ])('at %s for %s', (now, on, expected) => {
    expect(program('system', now).asks(tick(on))).toMatchObject(expected);
  });

  it("does not set the system's clock", () => {
    expect(program().asks(tick('2026-11-22', '2026-11-22T10:00:00Z'))).toEqual(
      refused({ code: 'clock-is-the-systems' }),
    );
  });

  it.each<[string, string, string | undefined, readonly string[] | object]>([
    ["the clock's day", '2026-11-22', undefined, ['2026-11-22']],
    [
      'a day ahead',
      '2026-11-23',
      undefined,
      ['clock 2026-11-23T00:00:00.000Z', '2026-11-22', '2026-11-23'],
    ],
    [
      'a day ahead at an hour',
      '2026-11-23',
      '2026-11-23T12:00:00Z',
      ['clock 2026-11-23T12:00:00.000Z', '2026-11-22', '2026-11-23'],
    ],
    [
      'later than its day',
      '2026-11-22',
      '2026-11-24T00:00:00Z',
      ['clock 2026-11-24T00:00:00.000Z', '2026-11-22'],
    ],
    ['the instant of the clock', '2026-11-22', '2026-11-22T09:00:00Z', ['2026-11-22']],
    [
      'an instant earlier',
      '2026-11-22',
      '2026-11-22T08:59:59.999Z',
      refused({ code: 'clock-goes-back' }),
    ],
    ['a past day', '2026-11-21', undefined, refused({ code: 'clock-goes-back' })],
    ['before its day', '2026-11-23', '2026-11-22T23:59:59.999Z', malformed('/at', 'range')],
    ['an invalid instant', '2026-11-23', 'noon', malformed('/at', 'format')],
  ])('on a manual log: %s', (_what, on, at, expected) => {
    const story = program('manual');
    if (Array.isArray(expected)) expect(days(story, tick(on, at))).toEqual(expected);
    else expect(story.asks(tick(on, at))).toEqual(expected);
  });

  it('continues from the clock that was set last', () => {
    const story = program('manual');
    story.does(tick('2026-12-01', '2026-12-01T12:00:00Z'));
    expect(story.state).toMatchObject({
      clockAt: '2026-12-01T12:00:00.000Z',
      lastDay: '2026-12-01',
    });
    expect(story.asks(tick('2026-12-01', '2026-12-01T11:00:00Z'))).toEqual(
      refused({ code: 'clock-goes-back' }),
    );
    expect(story.asks(tick('2026-12-01'))).toEqual(nothing);
    expect(days(story, tick('2026-12-02'))).toEqual([
      'clock 2026-12-02T00:00:00.000Z',
      '2026-12-02',
    ]);
  });

  it('starts at most four years of days, so that they fit into one append', () => {
    const story = program('manual');
    expect(daysAtMostATick).toBe(1_500);
    expect(days(story, tick('2030-12-30'))).toHaveLength(1_501); // the clock, and 1,500 days
    expect(story.asks(tick('2030-12-31'))).toEqual(malformed('/on', 'range'));
    expect(story.asks(tick('9999-12-31'))).toEqual(malformed('/on', 'range'));
  });
});

describe('reference data', () => {
  const market = (country: string, marketCode: string) => ({
    country,
    marketCode,
    name: marketCode,
    region: 'r',
    regionGroup: 'R',
    currency: 'USD',
  });
  const story = program();
  story.record({
    type: 'ReferenceDataPublished',
    data: {
      name: 'markets',
      asOf: '2023-08-17',
      digest: 'd',
      rows: [market('BQ', 'BQ'), market('JP', 'JP'), market('BQ', 'XS')],
    },
  });
  story.record({
    type: 'ReferenceDataPublished',
    data: {
      name: 'agreement-locales',
      asOf: '2026-11-22',
      digest: 'd',
      rows: [
        { marketCode: 'XS', name: 'Saba', languages: ['nl-NL'] },
        { marketCode: 'RU', name: 'Russia', languages: ['ru-RU'] },
      ],
    },
  });

  it.each([
    ['BQ', undefined, 'BQ'],
    ['BQ', 'XS', 'XS'],
    ['JP', 'XS', undefined],
    ['JP', 'ZZ', undefined],
    ['RU', undefined, undefined],
  ])('%s %s is the market %s', (country, code, expected) => {
    expect(marketOf(story.state, country, code)?.marketCode).toBe(expected);
  });

  it.each([
    ['BQ', 'XS', ['nl-NL']],
    ['BQ', undefined, []],
    ['JP', 'XS', []],
    ['RU', undefined, ['ru-RU']],
    ['RU', 'RU', []],
  ])('%s %s has templates in %j', (country, code, expected) => {
    expect(templateLanguages(story.state, country, code)).toEqual(expected);
  });

  it("has a country's markets in the source's order", () => {
    expect(marketsOfCountry(story.state, 'BQ').map(({ marketCode }) => marketCode)).toEqual([
      'BQ',
      'XS',
    ]);
    expect(marketsOfCountry(story.state, 'US')).toEqual([]);
  });

  it('is replaced as a whole when published again', () => {
    const other = program();
    for (const rows of [[market('BQ', 'BQ')], [market('JP', 'JP')]]) {
      other.record({
        type: 'ReferenceDataPublished',
        data: { name: 'markets', asOf: '2023-08-17', digest: 'd', rows },
      });
    }
    expect([...other.state.markets.keys()]).toEqual(['JP']);
    expect(marketOf(other.state, 'BQ')).toBeUndefined();
  });
});
