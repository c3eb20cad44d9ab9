import { describe, expect, it } from '@jest/globals';
import { assumed } from '../../shared/event.js';
import { billingEntityId, partnerId, tenantId } from '../../shared/ids.js';
import {
  assignBillingEntityId,
  type BillingEntityFacts,
  decideBillingEntity,
  type SetBillingEntityCommand,
} from './billing-entity.decide.js';
import {
  type BillingEntityEvent,
  evolveBillingEntity,
  hasUnusualCheckDigit,
  noBillingEntity,
  type PartnerBilling,
} from './billing-entity.js';
import {
  type BillingProfileEvent,
  customerPayer,
  decideBillingProfile,
  evolveBillingProfile,
  noBillingProfile,
  partnerPayer,
  type PayerBilling,
  type SetBillingProfileCommand,
} from './billing-profile.js';

const address = { lines: ['1-1 Marunouchi'], country: 'JP' };
const put = (more: Partial<SetBillingEntityCommand> = {}): SetBillingEntityCommand => ({
  entityId: billingEntityId('e-1'),
  partnerId: partnerId('p-1'),
  legalName: 'Kansai Cloud KK',
  address,
  currency: 'JPY',
  language: 'ja',
  numberPrefix: 'KC-',
  timeZone: 'Asia/Tokyo',
  taxRounding: 'truncate',
  pricing: { basis: 'erp-price', adjustmentPercent: '-5' },
  ...more,
});
const registered: BillingEntityFacts = { isPartnerRegistered: true, assigned: {} };

/** The state after these requests, each accepted. */
const after = (...commands: readonly SetBillingEntityCommand[]): PartnerBilling =>
  commands.reduce((state, command) => {
    const decided = decideBillingEntity(command, state, registered);
    if (!decided.ok) throw new Error(decided.refusal.code);
    return decided.value.reduce(
      (before, event) => evolveBillingEntity(before, assumed<BillingEntityEvent>(event)),
      state,
    );
  }, noBillingEntity);
const types = (command: SetBillingEntityCommand, state: PartnerBilling) => {
  const decided = decideBillingEntity(command, state, registered);
  return decided.ok ? decided.value.map(({ type }) => type) : decided.refusal;
};

describe('a billing entity', () => {
  it('is registered with 30 days of payment terms unless the request states others', () => {
    expect(after(put()).entity).toMatchObject({ entityId: 'e-1', paymentTermsDays: 30 });
    expect(after(put({ paymentTermsDays: 0 })).entity).toMatchObject({ paymentTermsDays: 0 });
  });

  it.each([
    ['the same request', put(), []],
    ['an address with its fields in another order', put({ address: { country: 'JP', lines: address.lines } }), []],
    ['another name', put({ legalName: 'Kinki Cloud KK' }), ['BillingEntityChanged']],
    ['another address', put({ address: { ...address, city: 'Chiyoda-ku' } }), ['BillingEntityChanged']],
    ['other pricing', put({ pricing: { basis: 'unit-price', adjustmentPercent: '10' } }), ['BillingEntityChanged']],
    ['another id', put({ entityId: billingEntityId('e-2') }), { code: 'billing-entity-exists', entityId: 'e-1' }],
  ])('is decided on %s', (_what, command, expected) => {
    expect(types(command, after(put()))).toEqual(expected);
  }); // prettier-ignore

  it('keeps an optional field that a request leaves out, and loses one that is null', () => {
    const full = put({ taxId: 'T7000012050002', bankDetails: 'Bank 1', paymentTermsDays: 60 });
    expect(after(full, put()).entity).toEqual(after(full).entity);
    const cleared = after(full, put({ taxId: null, bankDetails: null, paymentTermsDays: null }));
    expect(cleared.entity).toEqual(after(put()).entity);
  });

  it.each([
    ['a partner that is not registered', { ...registered, isPartnerRegistered: false }, 'partner-unknown'],
    ['an id of another partner', { ...registered, assigned: { partnerId: partnerId('p-2') } }, 'billing-entity-of-another-partner'],
  ])('is refused for %s', (_what, facts, code) => {
    expect(decideBillingEntity(put(), noBillingEntity, facts)).toEqual({ ok: false, refusal: { code } });
  }); // prettier-ignore

  it.each([
    ['T and 13 digits', 'JP', 'T7000012050002', undefined],
    ['a wrong check digit', 'JP', 'T8000012050002', undefined],
    ['12 digits', 'JP', 'T700001205000', '/taxId'],
    ['14 digits', 'JP', 'T70000120500020', '/taxId'],
    ['no T', 'JP', '7000012050002', '/taxId'],
    ['a foreign number outside Japan', 'DE', 'DE123456789', undefined],
  ])('takes a tax id by its country: %s', (_what, country, taxId, path) => {
    const command = put({ address: { ...address, country }, taxId });
    const decided = decideBillingEntity(command, noBillingEntity, registered);
    expect(decided.ok ? undefined : decided.refusal).toEqual(
      path && { code: 'malformed', path, rule: 'format', expected: 'registration-number' },
    );
  });

  it('cannot move to Japan with the tax id of another country', () => {
    const german = put({ address: { ...address, country: 'DE' }, taxId: 'DE123456789' });
    expect(types(put(), after(german))).toMatchObject({ code: 'malformed', path: '/taxId' });
  });

  it.each([
    ['JP', 'T7000012050002', false],
    ['JP', 'T8000012050002', true],
    ['JP', undefined, false],
    ['DE', 'DE123456789', false],
  ])('has an unusual check digit: %s %s %s', (country, taxId, expected) => {
    const entity = { address: { ...address, country }, ...(taxId !== undefined && { taxId }) };
    expect(hasUnusualCheckDigit(entity)).toBe(expected);
  });

  it('keeps its id with the first partner', () => {
    const mine = { partnerId: partnerId('p-1') };
    expect(assignBillingEntityId(put(), {})).toMatchObject({ ok: true, value: [{ data: mine }] });
    expect(assignBillingEntityId(put(), mine)).toEqual({ ok: true, value: [] });
    expect(assignBillingEntityId(put(), { partnerId: partnerId('p-2') }).ok).toBe(false);
  });
});

describe('a billing profile', () => {
  const payer = customerPayer(tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301'));
  const decide = (command: SetBillingProfileCommand, state: PayerBilling) => {
    const decided = decideBillingProfile(command, payer, state, { isPayerRegistered: true });
    return decided.ok ? decided.value : [];
  };
  const set = (command: SetBillingProfileCommand, state = noBillingProfile): PayerBilling =>
    decide(command, state).reduce(
      (before, event) => evolveBillingProfile(before, assumed<BillingProfileEvent>(event)),
      state,
    );
  const full: SetBillingProfileCommand = {
    address,
    taxId: 'X1',
    purchaseOrder: 'PO-1',
    paymentTermsDays: 60,
    language: 'en',
    taxTreatment: { treatment: 'exempt', reason: 'charity' },
  };

  it('is registered once, then changed, and not repeated', () => {
    const first = set({ address });
    expect(decide({ address }, noBillingProfile).map(({ type }) => type)).toEqual([
      'BillingProfileRegistered',
    ]);
    expect(decide({ address }, first)).toEqual([]);
    expect(decide(full, first).map(({ type }) => type)).toEqual(['BillingProfileChanged']);
  });

  it('keeps an optional field that a request leaves out, and loses one that is null', () => {
    const stated = set(full);
    expect(set({ address }, stated)).toEqual({ profile: full });
    const cleared = { purchaseOrder: null, paymentTermsDays: null, taxTreatment: null };
    expect(set({ address, ...cleared }, stated)).toEqual({
      profile: { address, taxId: 'X1', language: 'en' },
    });
  });

  it.each([
    [payer, 'customer-unknown'],
    [partnerPayer(partnerId('p-1')), 'partner-unknown'],
  ])('of %s is refused with %s if the payer is not registered', (of, code) => {
    const facts = { isPayerRegistered: false };
    expect(decideBillingProfile(full, of, noBillingProfile, facts)).toEqual({
      ok: false,
      refusal: { code },
    });
  });
});
