import { describe, expect, it } from '@jest/globals';
import { rowOf } from '../testing/fold-in-memory.js';
import {
  customerEvent,
  customerRegistered,
  logged,
  orderPlaced,
  orderRefused,
  tenant,
  type Told,
} from '../testing/sample-log.js';
import { customersProjection } from './customers.projection.js';

const row = (...events: readonly Told[]) => rowOf(customersProjection, 'customers', logged(events));
const signed = (signedOn: string) =>
  customerEvent(1, 'CustomerAgreementSigned', {
    signedOn,
    country: 'JP',
    language: 'ja-JP',
    version: 'default',
    signatory: {},
    method: 'partner-attested',
  });
const observed = (associated: boolean, observedOn: string) =>
  customerEvent(1, 'TenantCspAssociationObserved', {
    associated,
    observedOn,
    source: 'Partner Center',
  });

describe('the customers projection', () => {
  it('stores the registration and its position', async () => {
    expect(
      await row(
        observed(false, '2026-01-01'),
        customerRegistered(1, { domain: 'a.example', qualifications: ['education'] }),
      ),
    ).toMatchObject({
      tenantId: tenant(1),
      legalName: 'Customer 1',
      domain: 'a.example',
      qualifications: ['education'],
      position: 1,
    });
  });

  it('does not list a customer before it is registered', async () => {
    expect(await row(observed(true, '2026-01-01'))).not.toHaveProperty('position');
  });

  it('changes the named fields, clears those that are null, and keeps the others', async () => {
    const changed = await row(
      customerRegistered(1, { domain: 'a.example', language: 'ja-JP' }),
      customerEvent(1, 'CustomerDetailsChanged', { legalName: 'Renamed', domain: null }),
    );
    expect(changed).toMatchObject({ legalName: 'Renamed', language: 'ja-JP', position: 0 });
    expect(changed).not.toHaveProperty('domain');
  });

  it.each([
    ['signed', [signed('2026-01-01')], { signedOn: '2026-01-01' }],
    [
      'withdrawn',
      [
        signed('2026-01-01'),
        customerEvent(1, 'CustomerAgreementWithdrawn', { on: '2026-02-01', reason: 'r' }),
      ],
      { withdrawnOn: '2026-02-01' },
    ],
    [
      'signed again after a withdrawal',
      [
        signed('2026-01-01'),
        customerEvent(1, 'CustomerAgreementWithdrawn', { on: '2026-02-01', reason: 'r' }),
        signed('2026-03-01'),
      ],
      { signedOn: '2026-03-01', country: 'JP', language: 'ja-JP', version: 'default' },
    ],
  ])('shows the latest agreement: %s', async (_when, events, agreement) => {
    expect((await row(...events))?.['agreement']).toMatchObject(agreement);
  });

  it('keeps the earlier of two withdrawals', async () => {
    const withdrawn = (on: string) =>
      customerEvent(1, 'CustomerAgreementWithdrawn', { on, reason: 'r' });
    expect(
      (await row(signed('2026-01-01'), withdrawn('2026-02-01'), withdrawn('2026-03-01')))?.[
        'agreement'
      ],
    ).toMatchObject({
      withdrawnOn: '2026-02-01',
    });
  });

  it.each([
    ['the later one', [observed(true, '2026-01-01'), observed(false, '2026-01-02')], false],
    [
      'the later one, though entered first',
      [observed(false, '2026-01-02'), observed(true, '2026-01-01')],
      false,
    ],
    [
      '"associated" on a tie, entered last',
      [observed(false, '2026-01-01'), observed(true, '2026-01-01')],
      true,
    ],
    [
      '"associated" on a tie, entered first',
      [observed(true, '2026-01-01'), observed(false, '2026-01-01')],
      true,
    ],
  ])('counts, of two observations, %s', async (_which, events, associated) => {
    expect((await row(...events))?.['cspAssociation']).toMatchObject({
      observation: { associated },
    });
  });

  it('keeps registrations apart from observations, by partner', async () => {
    const registered = (partnerId: string) =>
      customerEvent(1, 'TenantCspAssociationRegistered', { partnerId });
    const ended = customerEvent(1, 'TenantCspAssociationRegistrationEnded', {
      partnerId: 'p1',
      on: '2026-05-01',
      reason: 'r',
    });
    const association = async (...events: Told[]) => (await row(...events))?.['cspAssociation'];
    expect(await association(registered('p1'), registered('p2'), ended)).toEqual({
      registrations: [{ partnerId: 'p1', endedOn: '2026-05-01' }, { partnerId: 'p2' }],
    });
    expect(await association(registered('p1'), ended, registered('p1'))).toEqual({
      registrations: [{ partnerId: 'p1' }],
    });
  });

  it('lists each seller with an accepted order once, and none with only refused orders', async () => {
    const events = [
      customerRegistered(1),
      orderPlaced(1, 1, 'p1'),
      orderRefused(1, 2, ['agreement-missing'], 'p2'),
      orderPlaced(1, 3, 'p1'),
    ];
    expect((await row(...events))?.['soldBy']).toEqual(['p1']);
  });

  it('ends, retracts and restores a relationship', async () => {
    const [start] = logged([
      customerEvent(1, 'CustomerPartnerRelationshipStarted', {
        partnerId: 'p1',
        from: '2026-01-01',
      }),
    ]);
    const factId = start!.id;
    const relationships = async (...events: Told[]) =>
      (
        await row(
          customerEvent(1, 'CustomerPartnerRelationshipStarted', {
            partnerId: 'p1',
            from: '2026-01-01',
          }),
          ...events,
        )
      )?.['relationships'];
    const ended = customerEvent(1, 'CustomerPartnerRelationshipEnded', {
      factId,
      on: '2026-03-01',
      reason: 'r',
    });
    const retracted = customerEvent(1, 'CustomerPartnerRelationshipCorrected', {
      factId,
      reason: 'r',
      retracted: true,
    });
    const restored = customerEvent(1, 'CustomerPartnerRelationshipCorrected', {
      factId,
      reason: 'r',
      value: { partnerId: 'p2', from: '2026-02-01' },
    });
    expect(await relationships(ended)).toEqual([
      { factId, partnerId: 'p1', from: '2026-01-01', to: '2026-02-28' },
    ]);
    expect(await relationships(retracted)).toEqual([
      { factId, partnerId: 'p1', from: '2026-01-01', retracted: true },
    ]);
    expect(await relationships(ended, retracted, restored)).toEqual([
      { factId, partnerId: 'p2', from: '2026-02-01' },
    ]);
  });
});
