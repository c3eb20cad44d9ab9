// Longer than 300 lines: every command of the account as a story, each boundary on both sides
import { describe, expect, it } from '@jest/globals';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
} from '../program/program.js';
import { eventId, orderId, partnerId, tenantId } from '../shared/ids.js';
import type { Sealed } from '../shared/sealed.js';
import { Story } from '../shared/testing/story.js';
import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  type OrderDecided,
  unknownCustomer,
} from './customer.js';
import { type CustomerCommand, type CustomerRefusal, decideCustomer } from './customer.decide.js';
import { existingRelationship } from './relationship.decide.js';

const market = (country: string, marketCode = country) => ({
  country,
  marketCode,
  name: country,
  region: country,
  regionGroup: country,
  currency: 'USD',
});
const locale = (marketCode: string, ...languages: readonly string[]) => ({
  marketCode,
  name: marketCode,
  languages,
});
const published = [
  {
    type: 'ReferenceDataPublished',
    data: {
      name: 'markets',
      rows: [market('JP'), market('FR'), market('BQ'), market('BQ', 'XS'), market('CN')],
    },
  },
  {
    type: 'ReferenceDataPublished',
    data: {
      name: 'agreement-locales',
      rows: [
        locale('JP', 'en-US', 'ja-JP'),
        locale('FR', 'fr-FR'),
        locale('XS', 'en-US'),
        locale('RU', 'ru-RU'),
      ],
    },
  },
  {
    type: 'ReferenceDataPublished',
    data: {
      name: 'segment-matrix',
      rows: [[], ['education'], ['stateOwnedEntity'], ['education', 'stateOwnedEntity']].map(
        (qualifications) => ({
          qualifications,
          mayBuy: [],
        }),
      ),
    },
  },
  { type: 'AgreementVersionPublished', data: { version: 'default', from: '0001-01-01' } },
  { type: 'AgreementVersionPublished', data: { version: '2026', from: '2026-06-01' } },
  {
    type: 'AgreementVersionPublished',
    data: { version: 'pilot', from: '2025-01-01', acceptedUntil: '2025-06-30' },
  },
];
const program = published.reduce<Program>(
  (state, event) => evolveProgram(state, event as unknown as ProgramEvent),
  emptyProgram,
);
const facts = { program, today: '2026-11-22', latestToday: '2026-11-23' };

const tenant = tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301');
const seller = partnerId('kansai');
const register = { type: 'register-customer', legalName: 'Sample', country: 'JP' } as const;
const signatory: Sealed = {
  sealed: 1,
  subject: `customer:${tenant}`,
  generation: 1,
  iv: 'i',
  box: 'b',
  mac: 'm',
};
const sign = {
  type: 'sign-agreement',
  signedOn: '2026-11-01',
  country: 'JP',
  language: 'ja-JP',
  signatory,
  method: 'partner-attested',
} as const;

/** A program with only these agreement versions. */
const withVersions = (...versions: readonly object[]): Program =>
  versions.reduce<Program>(
    (state, data) =>
      evolveProgram(state, { type: 'AgreementVersionPublished', data } as unknown as ProgramEvent),
    {
      ...program,
      agreementVersions: [],
    },
  );

type CustomerStory = Story<Customer, CustomerEvent, CustomerCommand, CustomerRefusal>;
function customer(...commands: readonly CustomerCommand[]): CustomerStory {
  const story: CustomerStory = new Story(
    unknownCustomer(tenant),
    evolveCustomer,
    (command: CustomerCommand, state: Customer) => decideCustomer(command, state, facts),
  );
  for (const command of commands) story.does(command);
  return story;
}
const nothing = { ok: true, value: [] };
const refused = (refusal: CustomerRefusal) => ({ ok: false, refusal });
const malformed = (path: string, rule: 'range' | 'format' | 'enum') => ({
  ok: false,
  refusal: expect.objectContaining({ code: 'malformed', path, rule }),
});
const proposes = (type: CustomerEvent['type'], data: object) => ({
  ok: true,
  value: [{ type, data }],
});

describe('registering a customer', () => {
  it('records the stated details in canonical spelling', () => {
    const command: CustomerCommand = {
      ...register,
      marketCode: null,
      domain: 'sample.example',
      language: 'JA-jp',
      qualifications: ['stateOwnedEntity', 'education', 'education'],
      creditLimit: { amount: '5000', currency: 'USD' },
    };
    expect(customer().asks(command)).toEqual(
      proposes('CustomerRegistered', {
        tenantId: tenant,
        legalName: 'Sample',
        country: 'JP',
        domain: 'sample.example',
        language: 'ja-JP',
        qualifications: ['education', 'stateOwnedEntity'],
        creditLimit: { amount: '5000.00', currency: 'USD' },
      }),
    );
    expect(customer(command).asks(command)).toEqual(nothing);
  });

  it.each<[string, object, object]>([
    ['a country outside CSP', { country: 'RU' }, { ok: true }],
    ['an invalid country', { country: 'ZZ' }, malformed('/country', 'enum')],
    ['a market of its country', { country: 'BQ', marketCode: 'XS' }, { ok: true }],
    ['a market of another country', { marketCode: 'XS' }, malformed('/marketCode', 'enum')],
    ['no qualification', { qualifications: [] }, { ok: true }],
    [
      'qualifications that do not go together',
      { qualifications: ['education', 'gcc'] },
      malformed('/qualifications', 'enum'),
    ],
    ['an invalid language', { language: 'j' }, malformed('/language', 'format')],
    ['a language with an underscore', { language: 'ja_JP' }, malformed('/language', 'format')],
    ['no credit', { creditLimit: { amount: '0', currency: 'USD' } }, { ok: true }],
    [
      'a negative credit limit',
      { creditLimit: { amount: '-0.01', currency: 'USD' } },
      malformed('/creditLimit/amount', 'range'),
    ],
    [
      'a tenth of a yen',
      { creditLimit: { amount: '1.5', currency: 'JPY' } },
      malformed('/creditLimit/amount', 'format'),
    ],
    [
      'an invalid currency',
      { creditLimit: { amount: '1', currency: 'YEN' } },
      malformed('/creditLimit/currency', 'enum'),
    ],
  ])('with %s', (_what, changes, expected) => {
    expect(customer().asks({ ...register, ...changes })).toMatchObject(expected);
    expect(customer(register).asks({ ...register, ...changes })).toMatchObject(expected);
  });

  it('begins the relationship with the named partner, the first time only', () => {
    const command = { ...register, relationshipWith: seller };
    const data = { partnerId: seller, from: '2026-11-22', recordedBy: 'unscoped-key' };
    expect(customer().asks(command)).toMatchObject({
      value: [{ type: 'CustomerRegistered' }, { type: 'CustomerPartnerRelationshipStarted', data }],
    });
    expect(customer(register).asks(command)).toEqual(nothing);
  });
});

describe('registering it again', () => {
  const known = {
    ...register,
    country: 'BQ',
    marketCode: 'XS',
    domain: 'a.example',
    language: 'ja-JP',
    qualifications: ['education'] as const,
    creditLimit: { amount: '10.00', currency: 'USD' },
  };
  it.each<[string, object, object]>([
    ['does not change fields that are left out', {}, nothing],
    [
      'does not change equal fields',
      { domain: 'a.example', language: 'ja-jp', creditLimit: { amount: '10', currency: 'USD' } },
      nothing,
    ],
    [
      'changes a name',
      { legalName: 'Other' },
      proposes('CustomerDetailsChanged', { legalName: 'Other' }),
    ],
    [
      'clears fields that are null',
      { domain: null, language: null, creditLimit: null, marketCode: null },
      proposes('CustomerDetailsChanged', {
        domain: null,
        language: null,
        creditLimit: null,
        marketCode: null,
      }),
    ],
    [
      'changes the country, and with it the market',
      { country: 'FR' },
      proposes('CustomerDetailsChanged', { country: 'FR', marketCode: null }),
    ],
    [
      'changes a currency',
      { creditLimit: { amount: '10.00', currency: 'EUR' } },
      proposes('CustomerDetailsChanged', { creditLimit: { amount: '10.00', currency: 'EUR' } }),
    ],
    [
      'changes its qualifications',
      { qualifications: [] },
      proposes('CustomerDetailsChanged', { qualifications: [] }),
    ],
  ])('%s', (_what, changes, expected) => {
    const story = customer(known);
    const command = { ...register, country: 'BQ', ...changes };
    expect(story.asks(command)).toEqual(expected);
    story.does(command);
    expect(story.asks(command)).toEqual(nothing);
    expect(JSON.stringify(story.state.registration)).not.toContain('null');
  });

  it('refers to the first registration and the last change', () => {
    const story = customer(
      known,
      { ...register, country: 'BQ', legalName: 'A' },
      { ...register, country: 'BQ', legalName: 'B' },
    );
    expect(story.state.registration?.proofs.map(({ revision }) => revision)).toEqual([0, 2]);
  });
});

describe('the customer agreement', () => {
  it.each<[string, object, object]>([
    [
      'in the version in force then',
      {},
      proposes('CustomerAgreementSigned', {
        signedOn: '2026-11-01',
        country: 'JP',
        language: 'ja-JP',
        version: '2026',
        signatory,
        method: 'partner-attested',
      }),
    ],
    [
      'the day before a version',
      { signedOn: '2026-05-31' },
      { value: [{ data: { version: 'default' } }] },
    ],
    [
      'the day of a version',
      { signedOn: '2026-06-01' },
      { value: [{ data: { version: '2026' } }] },
    ],
    ['in a named version', { version: 'default' }, { value: [{ data: { version: 'default' } }] }],
    [
      'in a named version, the day before it',
      { version: '2026', signedOn: '2026-05-31' },
      refused({
        code: 'agreement-version-not-in-force',
        signedOn: '2026-05-31',
        version: '2026',
        from: '2026-06-01',
      }),
    ],
    [
      'in a version on its last day',
      { version: 'pilot', signedOn: '2025-06-30' },
      { value: [{ data: { version: 'pilot' } }] },
    ],
    [
      'in a version the day after its last day',
      { version: 'pilot', signedOn: '2025-07-01' },
      refused({
        code: 'agreement-version-not-in-force',
        signedOn: '2025-07-01',
        version: 'pilot',
        from: '2025-01-01',
        acceptedUntil: '2025-06-30',
      }),
    ],
    [
      'in the version that is in force again when a later one has ended',
      { signedOn: '2025-07-01' },
      { value: [{ data: { version: 'default' } }] },
    ],
    [
      'in a named version, on its day',
      { version: '2026', signedOn: '2026-06-01' },
      { value: [{ data: { version: '2026' } }] },
    ],
    ['in an unknown version', { version: '2099' }, refused({ code: 'agreement-version-unknown' })],
    ['today where it is latest', { signedOn: '2026-11-23' }, { ok: true }],
    ['tomorrow everywhere', { signedOn: '2026-11-24' }, malformed('/signedOn', 'range')],
    [
      'in another spelling of the language',
      { language: 'JA-JP' },
      { value: [{ data: { language: 'ja-JP' } }] },
    ],
    ['in a language that is not offered', { language: 'fr-FR' }, malformed('/language', 'enum')],
    ['for another country', { country: 'FR', language: 'fr-FR' }, { ok: true }],
    ['for a market without a template', { country: 'CN' }, malformed('/country', 'enum')],
    ['for a template without a market', { country: 'RU', language: 'ru-RU' }, { ok: true }],
    ['for an invalid country', { country: 'ZZ' }, malformed('/country', 'enum')],
  ])('is signed %s', (_what, changes, expected) => {
    expect(customer(register).asks({ ...sign, ...changes })).toMatchObject(expected);
  });

  it.each([
    ['before the first version', '2026-05-31', [{ version: '2026', from: '2026-06-01' }]],
    [
      'between two versions',
      '2026-05-31',
      [
        { version: '1', from: '2025-01-01', acceptedUntil: '2026-05-30' },
        { version: '2', from: '2026-06-01' },
      ],
    ],
    ['where no version was ever published', '2026-05-31', []],
  ])('cannot be signed without a version in force: %s', (_when, signedOn, versions) => {
    const asked = { ...facts, program: withVersions(...versions) };
    const { state } = customer(register);
    expect(decideCustomer({ ...sign, signedOn }, state, asked)).toEqual(
      refused({ code: 'agreement-version-not-in-force', signedOn }),
    );
  });

  it("uses the customer's market where its country has several", () => {
    const abroad = { ...sign, country: 'BQ', language: 'en-US' };
    expect(customer({ ...register, country: 'BQ', marketCode: 'XS' }).asks(abroad).ok).toBe(true);
    expect(customer({ ...register, country: 'BQ' }).asks(abroad)).toEqual(
      malformed('/country', 'enum'),
    );
  });

  it('is signed once, and once again after it was withdrawn', () => {
    const story = customer(register, sign);
    expect(story.asks({ ...sign, signatory: { ...signatory, iv: 'other', box: 'other' } })).toEqual(
      nothing,
    );
    expect(story.asks({ ...sign, signatory: { ...signatory, mac: 'other' } })).toMatchObject({
      value: [{ type: 'CustomerAgreementSigned' }],
    });
    story.does({ type: 'withdraw-agreement', on: '2026-11-10', reason: 'x' });
    story.does(sign);
    expect(story.state.agreements.map(({ withdrawnOn }) => withdrawnOn)).toEqual([
      '2026-11-10',
      undefined,
    ]);
  });

  it('is ended by a withdrawal, with all other recorded ones, unless it ended earlier', () => {
    const other = { ...sign, signedOn: '2026-11-02' };
    const story = customer(
      register,
      sign,
      { type: 'withdraw-agreement', on: '2026-11-10', reason: 'x' },
      other,
    );
    story.does({ type: 'withdraw-agreement', on: '2026-11-20', reason: 'x' });
    expect(story.state.agreements.map(({ withdrawnOn }) => withdrawnOn)).toEqual([
      '2026-11-10',
      '2026-11-20',
    ]);
    expect(story.state.agreements.map(({ proofs }) => proofs.length)).toEqual([2, 2]);
    expect(story.asks({ type: 'withdraw-agreement', on: '2026-11-20', reason: 'x' })).toEqual(
      nothing,
    );
    expect(story.asks({ type: 'withdraw-agreement', on: '2026-11-21', reason: 'x' })).toEqual(
      refused({ code: 'agreement-missing' }),
    );
    story.does({ type: 'withdraw-agreement', on: '2026-11-05', reason: 'x' });
    expect(story.state.agreements.map(({ withdrawnOn }) => withdrawnOn)).toEqual([
      '2026-11-05',
      '2026-11-05',
    ]);
  });

  it('keeps the earlier withdrawal on the same day', () => {
    const withdraw = { type: 'withdraw-agreement', on: '2026-11-10', reason: 'x' } as const;
    const story = customer(register, sign, withdraw, { ...sign, signedOn: '2026-11-02' }, withdraw);
    expect(
      story.state.agreements.map(({ proofs }) => proofs.map(({ revision }) => revision)),
    ).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('cannot be withdrawn if it was never signed', () => {
    expect(
      customer(register).asks({ type: 'withdraw-agreement', on: '2026-11-20', reason: 'x' }),
    ).toEqual(refused({ code: 'agreement-missing' }));
  });
});

describe('association with CSP', () => {
  const observe = {
    type: 'observe-csp-association',
    associated: true,
    observedOn: '2026-11-20',
    source: 'Partner Center',
  } as const;
  it.each<[string, object, object]>([
    ['the same', {}, nothing],
    ['the contrary', { associated: false }, { value: [{ type: 'TenantCspAssociationObserved' }] }],
    [
      'another day',
      { observedOn: '2026-11-21' },
      { value: [{ type: 'TenantCspAssociationObserved' }] },
    ],
    [
      'another source',
      { source: 'the customer' },
      { value: [{ type: 'TenantCspAssociationObserved' }] },
    ],
    ['today where it is latest', { observedOn: '2026-11-23' }, { ok: true }],
    ['tomorrow everywhere', { observedOn: '2026-11-24' }, malformed('/observedOn', 'range')],
  ])('is observed for a tenant that is not a customer, then %s', (_what, changes, expected) => {
    expect(customer(observe).asks({ ...observe, ...changes })).toMatchObject(expected);
  });

  it('is registered and ended for each partner by itself', () => {
    const story = customer(
      { type: 'register-csp-association', partnerId: seller },
      { type: 'register-csp-association', partnerId: partnerId('other') },
    );
    expect(story.asks({ type: 'register-csp-association', partnerId: seller })).toEqual(nothing);
    const end = {
      type: 'end-csp-association',
      partnerId: seller,
      on: '2026-12-01',
      reason: 'x',
    } as const;
    story.does(end);
    expect(story.state.registrations).toMatchObject([
      { partnerId: seller, endedOn: '2026-12-01' },
      { partnerId: 'other' },
    ]);
    expect('endedOn' in story.state.registrations[1]!).toBe(false);
    expect(story.asks(end)).toEqual(nothing);
    expect(story.asks({ ...end, on: '2026-12-02' })).toEqual(refused({ code: 'fact-not-open' }));
    story.does({ type: 'register-csp-association', partnerId: seller });
    expect(story.state.registrations).toHaveLength(3);
  });

  it('cannot end if it was not registered', () => {
    expect(
      customer().asks({
        type: 'end-csp-association',
        partnerId: seller,
        on: '2026-12-01',
        reason: 'x',
      }),
    ).toEqual(refused({ code: 'fact-not-open' }));
  });
});

describe('relationships', () => {
  const value = { partnerId: seller, from: '2026-01-01' };
  it('start, are found when stated again, end by partner and are corrected', () => {
    const story = customer(register);
    const [factId] = story.does({ type: 'start-relationship', value });
    story.does({ type: 'start-relationship', value: { ...value, partnerId: partnerId('other') } });
    expect(story.asks({ type: 'start-relationship', value })).toEqual(nothing);
    expect(existingRelationship(value, story.state)?.factId).toBe(factId);

    const end = { type: 'end-relationship', on: '2026-06-01', reason: 'x' } as const;
    expect(story.asks(end)).toMatchObject({ refusal: { code: 'fact-ambiguous' } });
    story.does({ ...end, partnerId: seller });
    expect(story.state.relationships.map(({ to }) => to)).toEqual(['2026-05-31', undefined]);
    expect(story.asks({ ...end, partnerId: seller })).toEqual(refused({ code: 'fact-not-open' }));
    expect(story.asks({ ...end, factId: eventId('elsewhere') })).toEqual(
      refused({ code: 'fact-unknown' }),
    );

    const correct = {
      type: 'correct-relationship',
      factId: eventId(factId!),
      reason: 'x',
      value,
    } as const;
    story.does(correct);
    expect(story.asks(correct)).toEqual(nothing);
    expect(story.asks({ ...correct, value: { ...value, to: '2025-12-31' } })).toEqual(
      malformed('/value/to', 'range'),
    );
    const retract = {
      type: 'retract-relationship',
      factId: eventId(factId!),
      reason: 'x',
    } as const;
    story.does(retract);
    expect(story.asks(retract)).toEqual(nothing);
    expect(existingRelationship(value, story.state)).toBeUndefined();
  });

  it('do not end before they start', () => {
    expect(
      customer(register).asks({
        type: 'start-relationship',
        value: { ...value, to: '2025-12-31' },
      }),
    ).toEqual(malformed('/to', 'range'));
  });
});

describe('an account', () => {
  const close = { type: 'close', on: '2026-12-31', reason: 'x' } as const;
  it.each([
    ['the same day', '2026-12-31', '2026-12-31'],
    ['an earlier day, which moves the closure', '2026-12-30', '2026-12-30'],
    ['a later day, which changes nothing', '2027-01-01', '2026-12-31'],
  ])('closed already and again on %s', (_when, on, closedOn) => {
    const story = customer(register, close);
    if (on < '2026-12-31') story.does({ ...close, on });
    else expect(story.asks({ ...close, on })).toEqual(nothing);
    expect(story.state.closed).toMatchObject({ on: closedOn });
  });

  it('cannot sign, relate or close before it is registered', () => {
    const commands: readonly CustomerCommand[] = [
      sign,
      close,
      { type: 'withdraw-agreement', on: '2026-01-01', reason: 'x' },
      { type: 'start-relationship', value: { partnerId: seller, from: '2026-01-01' } },
      { type: 'end-relationship', on: '2026-01-01', reason: 'x' },
      {
        type: 'correct-relationship',
        factId: eventId('e'),
        reason: 'x',
        value: { partnerId: seller },
      },
      { type: 'retract-relationship', factId: eventId('e'), reason: 'x' },
    ];
    for (const command of commands)
      expect(customer().asks(command)).toEqual(refused({ code: 'customer-unknown' }));
  });
});

describe('orders', () => {
  const order = (id: string, date = '2026-11-22'): OrderDecided =>
    ({
      orderId: orderId(id),
      partnerId: partnerId('b'),
      currency: 'JPY',
      lines: [{ offerId: 'A:0001', quantity: 1, term: 'P1M', billingPlan: 'monthly', title: 'A' }],
      decision: { date, checks: [] },
    }) as unknown as OrderDecided;
  const placed = (id: string, date?: string) =>
    ({ type: 'OrderPlaced', data: order(id, date) }) as const;
  const kept = (story: ReturnType<typeof customer>) =>
    story.state.recentOrders.map((recent) => recent.orderId);

  it('are kept until they are cancelled or voided, and not when they are refused', () => {
    const story = customer(register);
    story.record({ type: 'OrderRefused', data: order('r') });
    for (const id of ['a', 'b', 'c']) story.record(placed(id));
    const { decision } = order('b');
    story.record({ type: 'OrderVoided', data: { orderId: orderId('b'), decision } });
    story.record({
      type: 'OrderCancelled',
      data: { orderId: orderId('c'), on: '2026-11-22', reason: 'x' },
    });
    expect(kept(story)).toEqual(['a']);
  });

  it('are the last 16 of the last day without a credit limit, and the last 256 with one', () => {
    const story = customer(register);
    story.record(placed('yesterday', '2026-11-21'));
    for (let n = 0; n < 20; n += 1) story.record(placed(`o-${n}`));
    expect(kept(story)).toHaveLength(16);
    expect(kept(story).at(-1)).toBe('o-19');
    story.record({
      type: 'CustomerDetailsChanged',
      data: { creditLimit: { amount: '1', currency: 'JPY' } },
    });
    for (let n = 0; n < 300; n += 1) story.record(placed(`p-${n}`, '2026-11-23'));
    expect(kept(story)).toHaveLength(256);
  });
});

describe('the state', () => {
  it('is plain data', () => {
    const { state } = customer(
      register,
      sign,
      { type: 'register-csp-association', partnerId: seller },
      { type: 'close', on: '2026-12-31', reason: 'x' },
    );
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('remembers each erased generation once', () => {
    const story = customer();
    for (const generation of [1, 1, 2])
      story.record({
        type: 'PersonalDataErased',
        data: { subject: `customer:${tenant}`, generation },
      });
    expect(story.state.erased).toEqual([1, 2]);
  });
});
