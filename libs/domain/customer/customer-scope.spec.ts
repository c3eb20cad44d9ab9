import { describe, expect, it } from '@jest/globals';
import { emptyProgram } from '../program/program.js';
import { eventId, partnerId, type Scope, tenantId } from '../shared/ids.js';
import type { Sealed } from '../shared/sealed.js';
import { Story } from '../shared/testing/story.js';
import { type Customer, type CustomerEvent, evolveCustomer, unknownCustomer } from './customer.js';
import { type CustomerCommand, decideCustomer } from './customer.decide.js';
import { isCustomerCommandInScope, isInScope, isShared } from './customer-scope.js';

const today = '2026-11-22';
const [mine, theirs] = [partnerId('mine'), partnerId('theirs')];
const scope: Scope = [mine];
const registered: CustomerEvent['data'] = {
  tenantId: tenantId('t'),
  legalName: 'Kobe Foods',
  country: 'JP',
  qualifications: [],
};
type NamedEvent = readonly [type: CustomerEvent['type'], data: object];
const started = (partner: string, more: object = {}): NamedEvent => [
  'CustomerPartnerRelationshipStarted',
  { partnerId: partner, from: '2026-01-01', ...more },
];
/**
 * Revision 1 of a story that begins with the registration: the fact that its second event started.
 */
const first = eventId('00000000-0000-4000-8000-000000000001');
const second = eventId('00000000-0000-4000-8000-000000000002');

function customer(...events: readonly NamedEvent[]): Customer {
  const story = new Story<Customer, CustomerEvent, never, never>(
    unknownCustomer(tenantId('t')),
    evolveCustomer,
    () => {
      throw new Error('nothing is asked');
    },
  );
  // A type with its data, as the log would give it.
  for (const [type, data] of [['CustomerRegistered', registered] as const, ...events])
    story.record({ type, data } as never);
  return story.state;
}
const corrected = (more: object): NamedEvent => [
  'CustomerPartnerRelationshipCorrected',
  { factId: first, reason: 'x', ...more },
];
const ended = (on: string): NamedEvent => [
  'CustomerPartnerRelationshipEnded',
  { factId: first, on, reason: 'x' },
];
const value = (more: object = {}) => ({ value: { partnerId: mine, from: '2026-01-01', ...more } });
const byScoped = { recordedBy: 'scoped-key' };

describe('a customer is in the scope of a partner', () => {
  const cases: readonly (readonly [string, boolean, readonly NamedEvent[]])[] = [
    [
      'by a relationship that an unscoped key recorded',
      true,
      [started('mine', { recordedBy: 'unscoped-key' })],
    ],
    ['by one of a log that did not record the kind of key', true, [started('mine')]],
    [
      'by one that began when a scoped key registered it',
      true,
      [started('mine', { recordedBy: 'registration' })],
    ],
    ['not by one that a scoped key recorded by itself', false, [started('mine', byScoped)]],
    ['not by one of another partner', false, [started('theirs')]],
    ['not without a relationship', false, []],
    [
      'not by an order',
      false,
      [
        [
          'OrderPlaced',
          { partnerId: mine, orderId: 'o', lines: [], decision: { date: today, checks: [] } },
        ],
      ],
    ],
    ['on the last day', true, [started('mine'), ended('2026-11-23')]],
    ['not on the day of its end', false, [started('mine'), ended(today)]],
    ['from the first day', true, [started('mine', { from: today })]],
    ['not before it', false, [started('mine', { from: '2026-11-23' })]],
    ['not when it was retracted', false, [started('mine'), corrected({ retracted: true })]],
    [
      'not when an unscoped key retracted it and a scoped one restores it',
      false,
      [started('mine'), corrected({ retracted: true }), corrected({ ...value(), ...byScoped })],
    ],
    [
      'not when it was corrected to another partner',
      false,
      [started('mine'), corrected(value({ partnerId: theirs }))],
    ],
    [
      'when an unscoped key corrected it to this one',
      true,
      [started('theirs'), corrected(value())],
    ],
    [
      'not when a scoped key took it over',
      false,
      [started('theirs'), corrected({ ...value(), ...byScoped })],
    ],
    [
      'when an unscoped key confirmed a relationship recorded by a scoped one',
      true,
      [started('mine', byScoped), corrected({ ...value(), recordedBy: 'unscoped-key' })],
    ],
    [
      'still, when a scoped key corrected its beginning',
      true,
      [started('mine'), corrected({ ...value({ from: '2026-02-01' }), ...byScoped })],
    ],
    [
      'not after the end recorded by an unscoped key',
      false,
      [started('mine', { to: '2026-11-21' }), corrected({ ...value(), ...byScoped })],
    ],
    [
      'not after an end that a scoped key reverses',
      false,
      [started('mine'), ended(today), corrected({ ...value(), ...byScoped })],
    ],
    [
      'not before the start recorded by an unscoped key',
      false,
      [started('mine', { from: '2026-11-23' }), corrected({ ...value(), ...byScoped })],
    ],
    [
      'not when a scoped key shortened it',
      false,
      [started('mine'), corrected({ ...value({ to: '2026-11-21' }), ...byScoped })],
    ],
    [
      'nor when a scoped key lengthens it again',
      false,
      [
        started('mine'),
        corrected({ ...value({ to: '2026-11-21' }), ...byScoped }),
        corrected({ ...value(), ...byScoped }),
      ],
    ],
  ];
  it.each(cases)('%s', (_what, expected, events) => {
    expect(isInScope(customer(...events), scope, today)).toBe(expected);
    expect(isInScope(customer(...events), [], today)).toBe(false);
  });

  it('and is shared while another partner has a relationship with it, recorded by any key', () => {
    expect(isShared(customer(started('mine'), started('theirs', byScoped)), scope, today)).toBe(
      true,
    );
    expect(
      isShared(customer(started('mine'), started('theirs', { to: '2026-11-21' })), scope, today),
    ).toBe(false);
    expect(isShared(customer(started('mine'), started('theirs')), [mine, theirs], today)).toBe(
      false,
    );
    expect(isShared(customer(started('mine')), scope, today)).toBe(false);
  });
});

describe('a key with a scope may', () => {
  const own = customer(started('mine'));
  const shared = customer(started('mine'), started('theirs'));
  const foreign = customer(started('theirs'));
  const unknown = unknownCustomer(tenantId('t'));
  const ending = { on: today, reason: 'x' };
  const register = { type: 'register-customer', legalName: 'K', country: 'JP' } as const;
  const sign = {
    type: 'sign-agreement',
    signedOn: today,
    country: 'JP',
    language: 'ja-JP',
    signatory: {} as Sealed,
    method: 'partner-attested',
  } as const;
  const dates = { from: '2026-01-01' };
  const correct = { type: 'correct-relationship', reason: 'x' } as const;
  const cases: readonly (readonly [string, CustomerCommand, readonly boolean[]])[] = [
    ['register a customer without a partner', register, [true, false, false, false]],
    [
      'register one for its partner',
      { ...register, relationshipWith: mine },
      [true, false, false, true],
    ],
    [
      'register one for another',
      { ...register, relationshipWith: theirs },
      [false, false, false, false],
    ],
    ['record an agreement', sign, [true, true, false, false]],
    ['withdraw one', { type: 'withdraw-agreement', ...ending }, [false, false, false, false]],
    [
      'observe that the tenant is associated',
      { type: 'observe-csp-association', associated: true, observedOn: today, source: 's' },
      [true, true, false, false],
    ],
    [
      'observe that it is not associated',
      { type: 'observe-csp-association', associated: false, observedOn: today, source: 's' },
      [false, false, false, false],
    ],
    [
      'register it as a CSP tenant',
      { type: 'register-csp-association', partnerId: mine },
      [true, true, false, true],
    ],
    [
      'end that',
      { type: 'end-csp-association', partnerId: mine, ...ending },
      [true, true, false, true],
    ],
    [
      'start a relationship of its own',
      { type: 'start-relationship', value: { partnerId: mine, ...dates } },
      [true, true, false, false],
    ],
    [
      'start one of another',
      { type: 'start-relationship', value: { partnerId: theirs, ...dates } },
      [false, false, false, false],
    ],
    ['end one without a name', { type: 'end-relationship', ...ending }, [true, true, false, false]],
    [
      'end its own by partner',
      { type: 'end-relationship', partnerId: mine, ...ending },
      [true, true, false, false],
    ],
    [
      'end one of another by partner',
      { type: 'end-relationship', partnerId: theirs, ...ending },
      [false, false, false, false],
    ],
    [
      'end its own by id',
      { type: 'end-relationship', factId: first, ...ending },
      [true, true, false, false],
    ],
    [
      'end one of another by id',
      { type: 'end-relationship', factId: second, ...ending },
      [true, false, false, false],
    ],
    [
      'correct its own',
      { ...correct, factId: first, value: { partnerId: mine, ...dates } },
      [true, true, false, false],
    ],
    [
      'correct its own to another partner',
      { ...correct, factId: first, value: { partnerId: theirs, ...dates } },
      [false, false, false, false],
    ],
    [
      'take over one of another',
      { ...correct, factId: second, value: { partnerId: mine, ...dates } },
      [true, false, false, false],
    ],
    [
      'retract its own',
      { type: 'retract-relationship', factId: first, reason: 'x' },
      [true, true, false, false],
    ],
    [
      'retract one of another',
      { type: 'retract-relationship', factId: second, reason: 'x' },
      [true, false, false, false],
    ],
    ['close the account', { type: 'close', ...ending }, [false, false, false, false]],
  ];
  // A fact that is not on record (the second, of the customer that is not shared) is refused as
  // unknown by the decision.
  it.each(cases)(
    '%s: of its own, of a shared, of a foreign, of an unknown customer',
    (_what, command, expected) => {
      expect(
        [own, shared, foreign, unknown].map((one) =>
          isCustomerCommandInScope(command, one, scope, today),
        ),
      ).toEqual(expected);
    },
  );
});

describe('a relationship records which kind of key recorded it', () => {
  const facts = { program: emptyProgram, today, latestToday: today };
  const dates = { from: '2026-01-01' };
  const start = { type: 'start-relationship', value: { partnerId: mine, ...dates } } as const;
  const correct = {
    type: 'correct-relationship',
    factId: first,
    reason: 'x',
    value: { partnerId: mine, ...dates },
  } as const;

  it.each([
    ['a start by an unscoped key', start, customer(), undefined, { recordedBy: 'unscoped-key' }],
    ['a start by a scoped key', start, customer(), scope, { recordedBy: 'scoped-key' }],
    [
      'a correction by a scoped key',
      correct,
      customer(started('mine', { from: '2026-02-01' })),
      scope,
      { recordedBy: 'scoped-key' },
    ],
    [
      "an unscoped key that repeats a scoped key's relationship",
      start,
      customer(started('mine', byScoped)),
      undefined,
      { factId: first, value: start.value, recordedBy: 'unscoped-key' },
    ],
    [
      'an unscoped key that corrects it to the same',
      correct,
      customer(started('mine', byScoped)),
      undefined,
      { factId: first, recordedBy: 'unscoped-key' },
    ],
  ] as const)('%s', (_what, command, state, limit, data) => {
    expect(decideCustomer(command, state, { ...facts, scope: limit })).toMatchObject({
      ok: true,
      value: [{ data }],
    });
  });

  it.each([
    ['a scoped key that repeats a recorded relationship', start, customer(started('mine')), scope],
    [
      'a scoped key that repeats its own relationship',
      start,
      customer(started('mine', byScoped)),
      scope,
    ],
    [
      'an unscoped key that repeats a recorded relationship',
      start,
      customer(started('mine')),
      undefined,
    ],
  ] as const)('and %s changes nothing', (_what, command, state, limit) => {
    expect(decideCustomer(command, state, { ...facts, scope: limit })).toEqual({
      ok: true,
      value: [],
    });
  });

  it('and an end without a name affects the relationships of the scope only', () => {
    const end = { type: 'end-relationship', on: today, reason: 'x' } as const;
    const shared = customer(started('theirs'), started('mine'));
    expect(decideCustomer(end, shared, { ...facts, scope })).toMatchObject({
      ok: true,
      value: [{ data: { factId: second } }],
    });
    expect(decideCustomer(end, customer(started('theirs')), { ...facts, scope })).toMatchObject({
      refusal: { code: 'fact-not-open' },
    });
    expect(decideCustomer(end, shared, facts)).toMatchObject({
      refusal: { code: 'fact-ambiguous' },
    });
  });
});
