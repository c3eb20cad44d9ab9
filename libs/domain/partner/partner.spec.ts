// Longer than 300 lines: every command of the record as a story, each boundary on both sides
import { describe, expect, it } from '@jest/globals';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
} from '../program/program.js';
import { eventId, partnerId, tenantId } from '../shared/ids.js';
import type { Sealed } from '../shared/sealed.js';
import { Story } from '../shared/testing/story.js';
import {
  decidePartner,
  existingPartnerFact,
  type PartnerCommand,
  type PartnerRefusal,
  type StatedFact,
} from './partner.decide.js';
import {
  directBillStatusOn,
  evolvePartner,
  modelOn,
  type Partner,
  type PartnerEvent,
  type PartnerFactKind,
  unknownPartner,
} from './partner.js';

const market = (country: string, marketCode = country) => ({
  country,
  marketCode,
  name: country,
  region: country,
  regionGroup: country,
  currency: 'USD',
});
const program: Program = evolveProgram(emptyProgram, {
  type: 'ReferenceDataPublished',
  data: {
    name: 'markets',
    asOf: '2023-08-17',
    digest: 'd',
    rows: [market('JP'), market('BQ'), market('BQ', 'XS')],
  },
} as unknown as ProgramEvent);
const facts = { program, today: '2026-11-22', latestToday: '2026-11-23' };

const register: PartnerCommand = {
  type: 'register-partner',
  legalName: 'Kansai Cloud',
  country: 'JP',
  model: 'indirect-reseller',
};
const name: Sealed = {
  sealed: 1,
  subject: 'partner:p',
  generation: 1,
  iv: 'i',
  box: 'b',
  mac: 'm',
};
const tenant = tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301');

type PartnerStory = Story<Partner, PartnerEvent, PartnerCommand, PartnerRefusal>;
function partner(...commands: readonly PartnerCommand[]): PartnerStory {
  const story: PartnerStory = new Story(
    unknownPartner(partnerId('p')),
    evolvePartner,
    (command: PartnerCommand, state: Partner) => decidePartner(command, state, facts),
  );
  for (const command of commands) story.does(command);
  return story;
}
const refused = (refusal: PartnerRefusal) => ({ ok: false, refusal });
const nothing = { ok: true, value: [] };
const proposes = (type: PartnerEvent['type'], data: object) => ({
  ok: true,
  value: [{ type, data }],
});

const everyFact: { readonly [Kind in PartnerFactKind]: Extract<StatedFact, { kind: Kind }> } = {
  location: {
    kind: 'location',
    value: { partnerLocationId: 'osaka', country: 'JP', from: '2026-01-01' },
  },
  membership: { kind: 'membership', value: { from: '2026-01-01' } },
  signingAuthority: { kind: 'signingAuthority', value: { name, title: 'CEO', from: '2026-01-01' } },
  providerAuthorization: { kind: 'providerAuthorization', value: { from: '2026-01-01' } },
  providerRelationship: {
    kind: 'providerRelationship',
    value: { providerId: partnerId('provider'), from: '2026-01-01' },
  },
  supportPlan: { kind: 'supportPlan', value: { plan: 'advanced', from: '2026-01-01' } },
  service: {
    kind: 'service',
    value: { kind: 'ip-service', name: 'monitoring', from: '2026-01-01' },
  },
};
const provider: PartnerCommand = {
  ...register,
  type: 'register-partner',
  model: 'indirect-provider',
} as PartnerCommand;

describe('registering a partner', () => {
  it('records it, with its first model from the beginning', () => {
    expect(partner().asks({ ...register, marketCode: null } as PartnerCommand)).toEqual(
      proposes('PartnerRegistered', {
        partnerId: 'p',
        legalName: 'Kansai Cloud',
        country: 'JP',
        model: 'indirect-reseller',
      }),
    );
    expect(modelOn(partner(register).state, '0001-01-01')).toBe('indirect-reseller');
  });

  it.each<
    [string, object, ReturnType<typeof refused> | typeof nothing | ReturnType<typeof proposes>]
  >([
    ['the same', {}, nothing],
    [
      'another name',
      { legalName: 'Kansai' },
      proposes('PartnerDetailsChanged', { legalName: 'Kansai' }),
    ],
    ['another country', { country: 'US' }, proposes('PartnerDetailsChanged', { country: 'US' })],
    [
      'a country and its market',
      { country: 'BQ', marketCode: 'XS' },
      proposes('PartnerDetailsChanged', { country: 'BQ', marketCode: 'XS' }),
    ],
    ['a market that the country does not have', { marketCode: null }, nothing],
    ['another model', { model: 'direct-bill' }, refused({ code: 'model-change-is-dated' })],
    [
      'an invalid country',
      { country: 'ZZ' },
      refused({ code: 'malformed', path: '/country', rule: 'enum', expected: 'country' }),
    ],
    [
      'a market of another country',
      { marketCode: 'XS' },
      refused({ code: 'malformed', path: '/marketCode', rule: 'enum', expected: 'JP' }),
    ],
  ])('again with %s', (_what, changes, expected) => {
    expect(partner(register).asks({ ...register, ...changes } as PartnerCommand)).toEqual(expected);
  });

  it('replaces the market with the country, unless another is named', () => {
    const saba = partner({ ...register, country: 'BQ', marketCode: 'XS' } as PartnerCommand);
    expect(saba.asks({ ...register, country: 'BQ' } as PartnerCommand)).toEqual(nothing);
    expect(saba.asks({ ...register, country: 'BQ', marketCode: null } as PartnerCommand)).toEqual(
      proposes('PartnerDetailsChanged', { marketCode: null }),
    );
    saba.does({ ...register, country: 'JP' } as PartnerCommand);
    expect(saba.state.registration).toMatchObject({ country: 'JP' });
    expect('marketCode' in saba.state.registration!).toBe(false);
  });

  it('still compares with the first model after a change of model', () => {
    const story = partner(register, {
      type: 'start-model',
      model: 'direct-bill',
      from: '2026-06-01',
    });
    expect(story.asks(register)).toEqual(nothing);
    expect(story.asks({ ...register, model: 'direct-bill' } as PartnerCommand)).toEqual(
      refused({ code: 'model-change-is-dated' }),
    );
  });

  it('is required before every other command', () => {
    const others: readonly PartnerCommand[] = [
      { type: 'start-model', model: 'direct-bill', from: '2026-01-01' },
      { type: 'register-csp-tenant', tenantId: tenant },
      { type: 'end-csp-tenant', tenantId: tenant, on: '2026-01-01', reason: 'x' },
      { type: 'start-fact', fact: everyFact.membership },
      { type: 'end-fact', kind: 'membership', on: '2026-01-01', reason: 'x' },
      { type: 'correct-fact', factId: eventId('e'), reason: 'x', fact: everyFact.membership },
      { type: 'retract-fact', factId: eventId('e'), reason: 'x', kind: 'membership' },
      { type: 'authorize-direct-bill', from: '2026-01-01', evidence: 'letter' },
      { type: 'change-direct-bill', change: 'restriction', on: '2026-01-01', reason: 'x' },
    ];
    for (const command of others)
      expect(partner().asks(command)).toEqual(refused({ code: 'partner-unknown' }));
  });
});

describe('models', () => {
  const story = partner(
    register,
    { type: 'start-model', model: 'direct-bill', from: '2026-06-01' },
    { type: 'start-model', model: 'indirect-provider', from: '2026-03-01' },
  );
  it.each([
    ['2026-02-28', 'indirect-reseller'],
    ['2026-03-01', 'indirect-provider'],
    ['2026-05-31', 'indirect-provider'],
    ['2026-06-01', 'direct-bill'],
  ])('on %s: %s', (date, model) => {
    expect(modelOn(story.state, date)).toBe(model);
  });

  it('of one day are decided by the last in the log; stated again, one changes nothing', () => {
    const again: PartnerCommand = {
      type: 'start-model',
      model: 'indirect-reseller',
      from: '2026-06-01',
    };
    const changed = partner(
      register,
      { type: 'start-model', model: 'direct-bill', from: '2026-06-01' },
      again,
    );
    expect(modelOn(changed.state, '2026-06-01')).toBe('indirect-reseller');
    expect(changed.asks(again)).toEqual(nothing);
    expect(changed.asks({ ...again, model: 'direct-bill' } as PartnerCommand)).toMatchObject({
      value: [{ type: 'PartnerModelStarted' }],
    });
  });

  it('are none for an unknown partner', () => {
    expect(modelOn(unknownPartner(partnerId('p')), '2026-01-01')).toBeUndefined();
  });
});

describe('CSP tenants', () => {
  const add: PartnerCommand = { type: 'register-csp-tenant', tenantId: tenant };
  const end: PartnerCommand = {
    type: 'end-csp-tenant',
    tenantId: tenant,
    on: '2026-12-01',
    reason: 'sold',
  };

  it('are registered once, ended once, and can be registered anew', () => {
    const story = partner(register, add);
    expect(story.asks(add)).toEqual(nothing);
    story.does(end);
    expect(story.state.cspTenants).toMatchObject([{ tenantId: tenant, endedOn: '2026-12-01' }]);
    expect(story.asks(end)).toEqual(nothing);
    expect(story.asks({ ...end, on: '2026-12-02' } as PartnerCommand)).toEqual(
      refused({ code: 'csp-tenant-not-registered' }),
    );
    story.does(add);
    expect(story.state.cspTenants).toHaveLength(2);
    story.does({ ...end, on: '2027-01-01' } as PartnerCommand);
    expect(story.state.cspTenants).toMatchObject([
      { endedOn: '2026-12-01' },
      { endedOn: '2027-01-01' },
    ]);
  });

  it('cannot end here if the partner does not have them', () => {
    expect(partner(register).asks(end)).toEqual(refused({ code: 'csp-tenant-not-registered' }));
  });
});

describe.each(Object.values(everyFact))('a $kind', (fact) => {
  const start: PartnerCommand = { type: 'start-fact', fact };

  it('starts, is found when it is stated again, ends and is corrected', () => {
    const story = partner(provider);
    const [factId] = story.does(start);
    expect(story.asks(start)).toEqual(nothing);
    expect(existingPartnerFact(fact, story.state)?.factId).toBe(factId);

    story.does({ type: 'end-fact', kind: fact.kind, on: '2026-06-01', reason: 'x' });
    expect(story.state.facts[fact.kind]).toMatchObject([
      { factId, from: '2026-01-01', to: '2026-05-31' },
    ]);
    expect(existingPartnerFact(fact, story.state)).toBeUndefined();
    expect(
      story.asks({ type: 'end-fact', kind: fact.kind, on: '2026-06-01', reason: 'x' }),
    ).toEqual(refused({ code: 'fact-not-open' }));

    story.does({ type: 'correct-fact', factId: eventId(factId!), reason: 'x', fact });
    expect(story.state.facts[fact.kind]).toMatchObject([{ factId, from: '2026-01-01' }]);
    expect(
      story.asks({ type: 'correct-fact', factId: eventId(factId!), reason: 'x', fact }),
    ).toEqual(nothing);

    const retract: PartnerCommand = {
      type: 'retract-fact',
      factId: eventId(factId!),
      reason: 'x',
      kind: fact.kind,
    };
    story.does(retract);
    expect(story.state.facts[fact.kind]).toMatchObject([{ factId, retracted: true }]);
    expect(story.asks(retract)).toEqual(nothing);
    expect(story.state.facts[fact.kind][0]!.proofs).toHaveLength(2);
  });

  it('has an end that is not before its start', () => {
    const backwards = { ...fact, value: { ...fact.value, to: '2025-12-31' } } as StatedFact;
    expect(partner(provider).asks({ type: 'start-fact', fact: backwards })).toEqual(
      refused({
        code: 'malformed',
        path: '/to',
        rule: 'range',
        expected: '2026-01-01',
        bound: 'min',
      }),
    );
  });

  it('is not found under another kind', () => {
    const story = partner(provider);
    const [factId] = story.does(start);
    const other: PartnerFactKind = fact.kind === 'membership' ? 'location' : 'membership';
    expect(
      story.asks({ type: 'retract-fact', factId: eventId(factId!), reason: 'x', kind: other }),
    ).toEqual(refused({ code: 'fact-unknown' }));
    expect(
      story.asks({
        type: 'end-fact',
        factId: eventId(factId!),
        on: '2026-06-01',
        reason: 'x',
        kind: other,
      }),
    ).toEqual(refused({ code: 'fact-unknown' }));
  });
});

describe('a location', () => {
  const at = (value: object): PartnerCommand => ({
    type: 'start-fact',
    fact: { kind: 'location', value: { partnerLocationId: 'l', country: 'BQ', ...value } },
  });
  it.each([
    [{ country: 'US' }, undefined],
    [{ country: 'ZZ' }, '/country'],
    [{ marketCode: 'XS' }, undefined],
    [{ marketCode: 'JP' }, '/marketCode'],
  ])('%j: %s', (value, path) => {
    const result = partner(register).asks(at(value));
    expect(result.ok ? undefined : result.refusal).toEqual(
      path && expect.objectContaining({ code: 'malformed', path, rule: 'enum' }),
    );
  });

  it('can only be corrected to a valid place', () => {
    const story = partner(register);
    const [factId] = story.does(at({}));
    const fact: StatedFact = { kind: 'location', value: { partnerLocationId: 'l', country: 'ZZ' } };
    expect(
      story.asks({ type: 'correct-fact', factId: eventId(factId!), reason: 'x', fact }),
    ).toEqual(
      refused({ code: 'malformed', path: '/value/country', rule: 'enum', expected: 'country' }),
    );
  });
});

describe('a provider', () => {
  it('can be authorized only from a day on which it is a provider', () => {
    const authorize = (from: string): PartnerCommand => ({
      type: 'start-fact',
      fact: { kind: 'providerAuthorization', value: { from } },
    });
    expect(partner(register).asks(authorize('2026-01-01'))).toEqual(
      refused({ code: 'not-an-indirect-provider' }),
    );
    expect(partner(provider).asks(authorize('0001-01-01')).ok).toBe(true);
    const story = partner(register, {
      type: 'start-model',
      model: 'indirect-provider',
      from: '2027-01-01',
    });
    expect(story.asks(authorize('2026-12-31'))).toEqual(
      refused({ code: 'not-an-indirect-provider' }),
    );
    const [factId = ''] = story.does(authorize('2027-01-01'));
    const fact: StatedFact = { kind: 'providerAuthorization', value: { from: '2026-12-31' } };
    expect(
      story.asks({ type: 'correct-fact', factId: eventId(factId), reason: 'x', fact }),
    ).toEqual(refused({ code: 'not-an-indirect-provider' }));
  });

  it('ends its own relationship only, when named', () => {
    const relate = (providerId: string): PartnerCommand => ({
      type: 'start-fact',
      fact: {
        kind: 'providerRelationship',
        value: { providerId: partnerId(providerId), from: '2026-01-01' },
      },
    });
    const story = partner(register, relate('one'), relate('two'));
    const end: PartnerCommand = {
      type: 'end-fact',
      kind: 'providerRelationship',
      on: '2026-06-01',
      reason: 'x',
    };
    expect(story.asks(end)).toMatchObject({
      refusal: { code: 'fact-ambiguous', factIds: [expect.any(String), expect.any(String)] },
    });
    story.does({ ...end, providerId: partnerId('two') } as PartnerCommand);
    expect(story.state.facts.providerRelationship.map(({ to }) => to)).toEqual([
      undefined,
      '2026-05-31',
    ]);
    expect(story.asks({ ...end, providerId: partnerId('three') } as PartnerCommand)).toEqual(
      refused({ code: 'fact-not-open' }),
    );
  });
});

describe('direct billing', () => {
  const change = (
    kind: 'restriction' | 'suspension' | 'revocation' | 'restoration',
    on: string,
  ): PartnerCommand => ({
    type: 'change-direct-bill',
    change: kind,
    on,
    reason: 'x',
  });
  const authorize: PartnerCommand = {
    type: 'authorize-direct-bill',
    from: '2026-01-01',
    evidence: 'letter',
  };
  const story = partner(
    register,
    authorize,
    change('restriction', '2026-03-01'),
    change('suspension', '2026-04-01'),
    change('revocation', '2026-05-01'),
    change('restoration', '2026-06-01'),
  );

  it.each([
    ['2025-12-31', undefined],
    ['2026-01-01', 'authorized'],
    ['2026-02-28', 'authorized'],
    ['2026-03-01', 'restricted'],
    ['2026-04-01', 'suspended'],
    ['2026-05-01', 'revoked'],
    ['2026-05-31', 'revoked'],
    ['2026-06-01', 'authorized'],
  ])('on %s: %s', (date, status) => {
    expect(directBillStatusOn(story.state, date)).toBe(status);
  });

  it('is changed once', () => {
    expect(story.asks(change('restriction', '2026-03-01'))).toEqual(nothing);
    expect(story.asks(change('suspension', '2026-03-01'))).toMatchObject({
      ok: true,
      value: [{ type: 'DirectBillAuthorizationSuspended' }],
    });
    expect(story.asks(authorize)).toEqual(nothing);
  });

  it('is not changed before it is authorized', () => {
    expect(partner(register).asks(change('restriction', '2026-03-01'))).toEqual(
      refused({ code: 'direct-bill-not-authorized' }),
    );
    expect(story.asks(change('restriction', '2025-12-31'))).toEqual(
      refused({ code: 'direct-bill-not-authorized' }),
    );
  });
});

describe('the state', () => {
  it('is plain data', () => {
    const { state } = partner(
      provider,
      ...Object.values(everyFact).map((fact): PartnerCommand => ({ type: 'start-fact', fact })),
    );
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('remembers each erased generation once', () => {
    const story = partner(register);
    for (const generation of [1, 1, 2])
      story.record({ type: 'PersonalDataErased', data: { subject: 'partner:p', generation } });
    expect(story.state.erased).toEqual([1, 2]);
  });
});
