// Longer than 300 lines: generators for one recorded decision of each kind.
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../domain/customer/customer.js';
import {
  type CustomerCommand,
  type CustomerRefusal,
  decideCustomer,
} from '../../domain/customer/customer.decide.js';
import { defaultPolicy } from '../../domain/program/default-policy.js';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
} from '../../domain/program/program.js';
import {
  decideProgram,
  type ProgramCommand,
  type ProgramRefusal,
} from '../../domain/program/program.decide.js';
import {
  evolvePartner,
  type Partner,
  type PartnerEvent,
  unknownPartner,
} from '../../domain/partner/partner.js';
import {
  decidePartner,
  type PartnerCommand,
  type PartnerRefusal,
  type StatedFact,
} from '../../domain/partner/partner.decide.js';
import { addDays } from '../../domain/shared/calendar.js';
import type { Proposed, Recorded } from '../../domain/shared/event.js';
import { eventId, partnerId, tenantId } from '../../domain/shared/ids.js';
import type { Result } from '../../domain/shared/result.js';
import type { Sealed } from '../../domain/shared/sealed.js';
import { Story } from '../../domain/shared/testing/story.js';
import { catalogue, type KnownEvent } from './catalogue.js';
import { repeats } from '../../../test/support/repeats.js';

const STORIES = repeats('STORIES', { usual: 200, full: 300 });

const ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true });
const validators = new Map(
  Object.entries(catalogue).map(([type, { schema }]) => [type, ajv.compile(schema)]),
);

const market = (country: string, marketCode = country) => ({
  country,
  marketCode,
  name: country,
  region: country,
  regionGroup: 'R',
  currency: 'USD',
});
const program: Program = [
  {
    type: 'ReferenceDataPublished',
    data: { name: 'markets', rows: [market('JP'), market('BQ'), market('BQ', 'XS')] },
  },
  {
    type: 'ReferenceDataPublished',
    data: {
      name: 'agreement-locales',
      rows: [{ marketCode: 'JP', name: 'Japan', languages: ['en-US', 'ja-JP'] }],
    },
  },
  {
    type: 'ReferenceDataPublished',
    data: {
      name: 'segment-matrix',
      rows: [
        { qualifications: [], mayBuy: [] },
        { qualifications: ['education'], mayBuy: [] },
      ],
    },
  },
  { type: 'AgreementVersionPublished', data: { version: 'default', from: '0001-01-01' } },
].reduce<Program>(
  (state, event) => evolveProgram(state, event as unknown as ProgramEvent),
  emptyProgram,
);
const facts = { program, today: '2026-11-22', latestToday: '2026-11-23' };

const day = fc.integer({ min: 0, max: 12 }).map((days) => addDays('2026-11-15', days));
const dates = fc.record({ from: day }, { requiredKeys: ['from'] });
const openOrClosed = fc.record({ from: day, to: day }, { requiredKeys: ['from'] });
const place = fc.record(
  { country: fc.constantFrom('JP', 'BQ', 'US', 'ZZ'), marketCode: fc.constantFrom('JP', 'XS') },
  { requiredKeys: ['country'] },
);
const anyPartner = fc.constantFrom('one', 'two').map(partnerId);
const anyTenant = fc
  .constantFrom('3f2504e0-4f89-41d3-9a0c-0305e82c3301', '9b2d1c7e-0d6a-4a3e-8a55-1f2e3d4c5b6a')
  .map(tenantId);
// The ids of a story's first events, so that corrections find facts.
const idAt = (revision: number) =>
  eventId(`00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`);
const anyFactId = fc.integer({ min: 0, max: 12 }).map(idAt);
const sealed = (subject: string) =>
  fc
    .constantFrom('m', 'n')
    .map((mac): Sealed => ({ sealed: 1, subject, generation: 1, iv: 'i', box: 'b', mac }));
const reason = fc.constant('reason');
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });

/** A record without its undefined members, as JSON has it. */
const defined = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  arbitrary.map((value) => JSON.parse(JSON.stringify(value)) as Value);

const statedFact = fc.oneof(
  fc.record({
    kind: fc.constant('location'),
    value: fc
      .tuple(place, openOrClosed)
      .map(([where, when]) => ({ partnerLocationId: 'osaka', ...where, ...when })),
  }),
  fc.record({ kind: fc.constantFrom('membership', 'providerAuthorization'), value: dates }),
  fc.record({
    kind: fc.constant('signingAuthority'),
    value: fc
      .tuple(sealed('partner:p'), openOrClosed)
      .map(([name, when]) => ({ name, title: 'CEO', ...when })),
  }),
  fc.record({
    kind: fc.constant('providerRelationship'),
    value: fc
      .tuple(anyPartner, openOrClosed)
      .map(([providerId, when]) => ({ providerId, ...when })),
  }),
  fc.record({
    kind: fc.constant('supportPlan'),
    value: openOrClosed.map((when) => ({ plan: 'premier', ...when })),
  }),
  fc.record({
    kind: fc.constant('service'),
    value: openOrClosed.map((when) => ({ kind: 'ip-service', name: 'x', ...when })),
  }),
) as fc.Arbitrary<StatedFact>;
// One fact of each kind, recorded in this order directly after the registration: later steps often
// end and correct one of them.
const firstFacts: readonly StatedFact[] = [
  { kind: 'location', value: { partnerLocationId: 'osaka', country: 'JP' } },
  { kind: 'membership', value: { from: '2026-11-15' } },
  {
    kind: 'signingAuthority',
    value: {
      name: { sealed: 1, subject: 'partner:p', generation: 1, iv: 'i', box: 'b', mac: 'm' },
      title: 'CEO',
      from: '2026-11-15',
    },
  },
  { kind: 'providerAuthorization', value: { from: '2026-11-15' } },
  { kind: 'providerRelationship', value: { providerId: partnerId('one'), from: '2026-11-15' } },
  { kind: 'supportPlan', value: { plan: 'advanced', from: '2026-11-15' } },
  { kind: 'service', value: { kind: 'managed-service', name: 'y', from: '2026-11-15' } },
];
const factOf = (kind: string) =>
  fc.oneof(fc.constant(idAt(firstFacts.findIndex((fact) => fact.kind === kind) + 1)), anyFactId);
const anyKind = statedFact.map(({ kind }) => kind);
const kindWithFact = anyKind.chain((kind) => factOf(kind).map((factId) => ({ kind, factId })));
const factWithId = statedFact.chain((fact) =>
  factOf(fact.kind).map((factId) => ({ fact, factId })),
);

const partnerCommand = defined(
  fc.oneof(
    fc
      .tuple(
        place,
        fc.constantFrom('A', 'B'),
        fc.constantFrom('indirect-provider', 'indirect-reseller'),
      )
      .map(([where, legalName, model]) => ({
        type: 'register-partner',
        legalName,
        model,
        ...where,
      })),
    fc.record({
      type: fc.constant('start-model'),
      model: fc.constantFrom('direct-bill', 'indirect-provider'),
      from: day,
    }),
    fc.record({ type: fc.constant('register-csp-tenant'), tenantId: anyTenant }),
    fc.record({ type: fc.constant('end-csp-tenant'), tenantId: anyTenant, on: day, reason }),
    fc.record({ type: fc.constant('start-fact'), fact: statedFact }),
    fc
      .record({ kind: anyKind, on: day, reason, providerId: optional(anyPartner) })
      .map((end) => ({ type: 'end-fact', ...end })),
    fc
      .record({ target: kindWithFact, on: day, reason })
      .map(({ target, ...end }) => ({ type: 'end-fact', ...end, ...target })),
    fc
      .record({ target: factWithId, reason })
      .map(({ target, ...end }) => ({ type: 'correct-fact', ...end, ...target })),
    fc
      .record({ target: kindWithFact, reason })
      .map(({ target, ...end }) => ({ type: 'retract-fact', ...end, ...target })),
    fc.record({
      type: fc.constant('authorize-direct-bill'),
      from: day,
      evidence: fc.constant('letter'),
    }),
    fc.record({
      type: fc.constant('change-direct-bill'),
      change: fc.constantFrom('restriction', 'suspension', 'revocation', 'restoration'),
      on: day,
      reason,
    }),
  ),
) as fc.Arbitrary<PartnerCommand>;

const relationship = fc
  .tuple(anyPartner, openOrClosed)
  .map(([partner, when]) => ({ partnerId: partner, ...when }));
const customerCommand = fc.oneof(
  fc
    .tuple(
      place,
      fc.record(
        {
          domain: fc.constantFrom('a.example', null),
          language: fc.constantFrom('ja-jp', 'x', null),
          qualifications: fc.constantFrom([], ['education'], ['gcc']),
          creditLimit: fc.constantFrom(
            { amount: '10', currency: 'USD' },
            { amount: '10.5', currency: 'JPY' },
            null,
          ),
          relationshipWith: anyPartner,
        },
        { requiredKeys: [] },
      ),
    )
    .map(([where, details]) => ({
      type: 'register-customer',
      legalName: 'A',
      ...where,
      ...details,
    })),
  defined(
    fc.record({
      type: fc.constant('sign-agreement'),
      signedOn: day,
      country: fc.constantFrom('JP', 'BQ'),
      language: fc.constantFrom('ja-jp', 'fr-FR'),
      version: optional(fc.constantFrom('default', 'other')),
      signatory: sealed('customer:t'),
      method: fc.constantFrom('partner-attested', 'customer-accepted'),
    }),
  ),
  fc.record({ type: fc.constant('withdraw-agreement'), on: day, reason }),
  fc.record({
    type: fc.constant('observe-csp-association'),
    associated: fc.boolean(),
    observedOn: day,
    source: fc.constant('s'),
  }),
  fc.record({ type: fc.constant('register-csp-association'), partnerId: anyPartner }),
  fc.record({ type: fc.constant('end-csp-association'), partnerId: anyPartner, on: day, reason }),
  fc.record({ type: fc.constant('start-relationship'), value: relationship }),
  defined(
    fc.record({
      type: fc.constant('end-relationship'),
      partnerId: optional(anyPartner),
      factId: optional(anyFactId),
      on: day,
      reason,
    }),
  ),
  fc.record({
    type: fc.constant('correct-relationship'),
    factId: anyFactId,
    reason,
    value: relationship,
  }),
  fc.record({ type: fc.constant('retract-relationship'), factId: anyFactId, reason }),
  fc.record({ type: fc.constant('close'), on: day, reason }),
) as fc.Arbitrary<CustomerCommand>;

const programCommand = fc.oneof(
  fc.record({
    type: fc.constant('publish-policy'),
    effectiveFrom: day,
    changes: fc.record(
      {
        tenureMonths: fc.integer({ min: -1, max: 2 }),
        supportPlans: fc.constantFrom([], ['premier']),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.tuple(openOrClosed, fc.constantFrom('default', 'other')).map(([{ from, to }, version]) => ({
    type: 'publish-agreement-version',
    version,
    from,
    ...(to && { acceptedUntil: to }),
  })),
  fc.record({
    type: fc.constant('publish-exchange-rates'),
    month: fc.constant('2026-11'),
    usdPerUnit: fc.constantFrom({ JPY: '0.0067' }, { EUR: '1.08' }, { EUR: '0' }),
  }),
  fc.record({ type: fc.constant('activate-ruleset'), ruleset: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ type: fc.constant('tick'), on: day }),
) as fc.Arbitrary<ProgramCommand>;

/**
 * For any story: events fit their schemas, a repeated command has no second effect, and the same
 * events fold to the same state.
 */
function holdsOverStories<State, E extends Recorded & KnownEvent, Command, Refusal>(
  commands: fc.Arbitrary<Command>,
  begin: () => Story<State, E, Command, Refusal>,
  evolve: (state: State, event: E) => State,
): Set<string> {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(commands, { minLength: 5, maxLength: 40, size: 'max' }), (sequence) => {
      const story = begin();
      const initial = story.state;
      const before = story.events.length;
      for (const command of sequence) {
        const result: Result<readonly Proposed<E>[], Refusal> = story.asks(command);
        if (!result.ok) continue;
        story.does(command);
        const again = story.asks(command);
        expect(again.ok ? again.value : []).toEqual([]);
      }
      for (const { type, data } of story.events.slice(before)) {
        seen.add(type);
        const validate = validators.get(type)!;
        expect(validate(data) ? [] : [type, data, validate.errors]).toEqual([]);
      }
      expect(story.events.slice(before).reduce(evolve, initial)).toEqual(story.state);
    }),
    // Seeded, so that the event types seen at the end are always the same.
    { numRuns: STORIES, seed: 20_261_122 },
  );
  return seen;
}

const typesOf = (
  stream: 'partner' | 'customer' | 'program',
  ...except: readonly string[]
): string[] =>
  Object.entries(catalogue)
    .filter(
      ([type, { streams }]) => streams.some((name) => name === stream) && !except.includes(type),
    )
    .map(([type]) => type)
    .sort();

describe('every decision fits the catalogue, is made once, and folds to the same state', () => {
  it('of a partner', () => {
    const begin = () => {
      const story = new Story<Partner, PartnerEvent, PartnerCommand, PartnerRefusal>(
        unknownPartner(partnerId('p')),
        evolvePartner,
        (command, state) => decidePartner(command, state, facts),
      );
      story.does({
        type: 'register-partner',
        legalName: 'A',
        country: 'JP',
        model: 'indirect-provider',
      });
      for (const fact of firstFacts) story.does({ type: 'start-fact', fact });
      return story;
    };
    const seen = holdsOverStories(partnerCommand, begin, evolvePartner);
    expect([...seen].sort()).toEqual(typesOf('partner', 'PartnerRegistered', 'PersonalDataErased'));
  });

  it('of a customer', () => {
    const begin = () =>
      new Story<Customer, CustomerEvent, CustomerCommand, CustomerRefusal>(
        unknownCustomer(tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301')),
        evolveCustomer,
        (command, state) => decideCustomer(command, state, facts),
      );
    const seen = holdsOverStories(customerCommand, begin, evolveCustomer);
    expect([...seen].sort()).toEqual(
      typesOf(
        'customer',
        'OrderPlaced',
        'OrderRefused',
        'OrderVoided',
        'OrderCancelled',
        'PersonalDataErased',
      ),
    );
  });

  it('of the program', () => {
    const begin = () => {
      const story = new Story<Program, ProgramEvent, ProgramCommand, ProgramRefusal>(
        program,
        evolveProgram,
        (command, state) =>
          decideProgram(command, state, {
            now: state.clockAt ?? '2026-11-22T09:00:00.000Z',
            knownRulesets: ['a', 'b'],
          }),
      );
      story.record({ type: 'LogCreated', data: { logId: 'log', clock: 'manual' } });
      story.record({
        type: 'PolicyPublished',
        data: { effectiveFrom: '0001-01-01', policy: defaultPolicy },
      });
      return story;
    };
    const seen = holdsOverStories(programCommand, begin, evolveProgram);
    expect([...seen].sort()).toEqual(typesOf('program', 'LogCreated', 'ReferenceDataPublished'));
  });
});
