import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Partner, PartnerModel } from '../partner/partner.js';
import { addDays, addMonthsClamped } from '../shared/calendar.js';
import { eventId } from '../shared/ids.js';
import {
  authorization,
  byId,
  membership,
  model,
  partnerOf,
  type PartnerStory,
  registered,
  relationship,
} from './testing/partners.js';
import { tenureByDay } from './testing/tenure-by-day.js';
import { providersOfTenure, tenureOf, wholeMonths } from './tenure.js';
import { repeats } from '../../../test/support/repeats.js';

const long = { from: '2020-01-01' };
const provider = partnerOf(
  'provider',
  registered('provider', 'indirect-provider'),
  authorization(long),
);
const second = partnerOf('second', registered('second', 'indirect-provider'), authorization(long));
const reseller = registered('reseller', 'indirect-reseller');
const reselling = (...story: PartnerStory): Partner => partnerOf('reseller', reseller, ...story);
const policy = { tenureMonths: 12, tenureGapDays: 0 };
const asked = (
  partner: Partner,
  asOf: string,
  change: Partial<typeof policy> = {},
  providers = byId(provider, second),
) => tenureOf(partner, providers, { asOf, policy: { ...policy, ...change } });

const steady = reselling(membership(long), relationship('provider', { from: '2023-01-31' }));

describe('whole months', () => {
  it.each([
    ['2023-01-31', '2023-02-27', 0],
    ['2023-01-31', '2023-02-28', 1],
    ['2023-01-31', '2023-03-30', 1],
    ['2023-01-31', '2023-03-31', 2],
    ['2023-01-31', '2025-06-29', 28],
    ['2023-01-31', '2025-06-30', 29],
    ['2024-02-29', '2025-02-27', 11],
    ['2024-02-29', '2025-02-28', 12],
    ['2023-01-31', '2023-01-31', 0],
    ['0001-01-01', '9999-12-31', 119_987],
  ])('from %s to %s: %d', (from, to, months) => {
    expect(wholeMonths(from, to)).toBe(months);
  });
});

describe('tenure', () => {
  it.each([
    ['2023-01-30', { status: 'not-started', months: 0 }],
    [
      '2023-01-31',
      { status: 'accruing', months: 0, since: '2023-01-31', satisfiedOn: '2024-01-31' },
    ],
    [
      '2023-02-28',
      { status: 'accruing', months: 1, since: '2023-01-31', satisfiedOn: '2024-01-31' },
    ],
    [
      '2024-01-30',
      { status: 'accruing', months: 11, since: '2023-01-31', satisfiedOn: '2024-01-31' },
    ],
    [
      '2024-01-31',
      { status: 'satisfied', months: 12, since: '2023-01-31', satisfiedOn: '2024-01-31' },
    ],
    [
      '2025-06-30',
      { status: 'satisfied', months: 29, since: '2023-01-31', satisfiedOn: '2024-01-31' },
    ],
  ])('as of %s', (asOf, tenure) => {
    expect(asked(steady, asOf)).toEqual(tenure);
  });

  it('has not begun for an unregistered partner, with any other facts', () => {
    const partner = partnerOf('reseller', membership(long), relationship('provider', long));
    expect(asked(partner, '2026-11-22')).toEqual({ status: 'not-started', months: 0 });
  });

  const to = '2024-05-31';
  const rest = [membership(long), relationship('provider', long)];
  it.each<[string, Partner, ReturnType<typeof byId> | undefined, string]>([
    [
      'the membership',
      reselling(membership({ ...long, to }), relationship('provider', long)),
      undefined,
      'membership',
    ],
    [
      'the relationship',
      reselling(membership(long), relationship('provider', { ...long, to })),
      undefined,
      'provider-relationship',
    ],
    ['the model', reselling(...rest, model('direct-bill', '2024-06-01')), undefined, 'model'],
    [
      'the provider’s authorization',
      reselling(...rest),
      byId(
        partnerOf(
          'provider',
          registered('provider', 'indirect-provider'),
          authorization({ ...long, to }),
        ),
      ),
      'provider-authorization',
    ],
    [
      'the provider’s model',
      reselling(...rest),
      byId(
        partnerOf(
          'provider',
          registered('provider', 'indirect-provider'),
          authorization(long),
          model('direct-bill', '2024-06-01'),
        ),
      ),
      'provider-authorization',
    ],
    [
      'the membership and the relationship',
      reselling(membership({ ...long, to }), relationship('provider', { ...long, to })),
      undefined,
      'membership',
    ],
  ])('is interrupted when %s ends', (_what, partner, providers, reason) => {
    expect(asked(partner, to, {}, providers)).toMatchObject({
      status: 'satisfied',
      since: '2020-01-01',
    });
    for (const asOf of ['2024-06-01', '2026-11-22']) {
      expect(asked(partner, asOf, {}, providers)).toEqual({
        status: 'interrupted',
        months: 0,
        interruptedOn: '2024-06-01',
        reason,
      });
    }
  });

  it('continues when one provider follows another without a day between, and not when a day is missing', () => {
    const following = (from: string) =>
      reselling(
        membership(long),
        relationship('provider', { from: '2024-01-01', to }),
        relationship('second', { from }),
      );
    expect(asked(following('2024-06-01'), '2024-12-31').since).toBe('2024-01-01');
    expect(asked(following('2024-06-02'), '2024-12-31').since).toBe('2024-06-02');
    expect(asked(following('2024-06-02'), '2024-12-31', { tenureGapDays: 1 }).since).toBe(
      '2024-01-01',
    );
    expect(asked(following('2024-06-03'), '2024-12-31', { tenureGapDays: 1 }).since).toBe(
      '2024-06-03',
    );
  });

  it.each([
    ['2024-05-31', 'accruing'],
    ['2024-06-10', 'accruing'],
    ['2024-06-11', 'interrupted'],
  ])(
    'is not interrupted by a gap at the end, until it is longer than the policy’s days: %s',
    (asOf, status) => {
      const partner = reselling(
        membership(long),
        relationship('provider', { from: '2024-01-01', to }),
      );
      expect(asked(partner, asOf, { tenureGapDays: 10 }).status).toBe(status);
    },
  );

  it('ignores facts dated after the day', () => {
    const partner = reselling(
      membership(long),
      relationship('provider', { from: '2024-01-01', to }),
      relationship('second', { from: '2024-06-03' }),
    );
    expect(asked(partner, '2024-06-02').status).toBe('interrupted');
    expect(asked(partner, '2024-06-03')).toMatchObject({
      status: 'accruing',
      months: 0,
      since: '2024-06-03',
    });
  });

  it('does not count a fact that a correction has retracted', () => {
    const retracted = {
      factId: eventId('reseller-1'),
      reason: 'mistaken',
      retracted: true as const,
    };
    const partner = reselling(membership(long), relationship('provider', long), {
      type: 'PartnerMembershipCorrected',
      data: retracted,
    });
    expect(asked(partner, '2024-06-02').status).toBe('not-started');
  });

  it('names the providers that it needs, and throws without one', () => {
    expect(
      providersOfTenure(
        reselling(relationship('b', long), relationship('a', long), relationship('b', long)),
      ),
    ).toEqual(['b', 'a']);
    expect(() => asked(reselling(relationship('unread', long)), '2024-06-02')).toThrow('unread');
  });
});

// --- against a second implementation

const first = '2023-12-20';
const day = fc.integer({ min: 0, max: 130 }).map((days) => addDays(first, days));
const during = fc
  .record({ from: day, to: fc.option(day, { nil: undefined }) })
  .map(({ from, to }) => ({ from, ...(to && { to }) }));
const models = fc.constantFrom<PartnerModel>(
  'indirect-reseller',
  'indirect-provider',
  'direct-bill',
);
const changes = (usual: PartnerModel) =>
  fc.array(
    fc.tuple(fc.oneof(models, fc.constant(usual)), day).map(([to, from]) => model(to, from)),
    { maxLength: 2 },
  );
const providerNamed = (id: string): fc.Arbitrary<Partner> =>
  fc
    .tuple(
      fc.array(during, { maxLength: 3 }),
      changes('indirect-provider'),
      fc.integer({ min: 0, max: 9 }),
    )
    .map(([spans, changed, unregistered]) =>
      partnerOf(
        id,
        unregistered > 0 && registered(id, 'indirect-provider'),
        ...spans.map(authorization),
        ...changed,
      ),
    );
const history = fc.record({
  partner: fc
    .tuple(
      fc.array(during, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.constantFrom('p', 'q'), during), { minLength: 1, maxLength: 5 }),
      changes('indirect-reseller'),
    )
    .map(([members, relationships, changed]) =>
      reselling(
        ...members.map(membership),
        ...relationships.map(([id, span]) => relationship(id, span)),
        ...changed,
      ),
    ),
  providers: fc.tuple(providerNamed('p'), providerNamed('q')).map((both) => byId(...both)),
  asOf: fc.integer({ min: 0, max: 220 }).map((days) => addDays(first, days)),
  policy: fc.record({
    tenureMonths: fc.integer({ min: 0, max: 4 }),
    tenureGapDays: fc.constantFrom(0, 0, 1, 5, 20),
  }),
});

describe('tenure compared with counting day by day', () => {
  it('is the same for any history', () => {
    fc.assert(
      fc.property(history, ({ partner, providers, asOf, policy: rules }) => {
        const { reason, ...tenure } = tenureOf(partner, providers, { asOf, policy: rules });
        expect(tenure).toEqual(tenureByDay(partner, providers, first, { asOf, policy: rules }));
        expect(reason !== undefined).toBe(tenure.status === 'interrupted');
        if (tenure.satisfiedOn && tenure.since)
          expect(tenure.satisfiedOn).toBe(addMonthsClamped(tenure.since, rules.tenureMonths));
      }),
      { numRuns: repeats('TENURES', { usual: 300, full: 1_000 }) },
    );
  });
});
