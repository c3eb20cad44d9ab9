import { describe, expect, it } from '@jest/globals';
import { acceptedOrder, registeredCustomer, signed } from '../testing/accepted-order.js';
import type { World } from '../testing/world.js';

const unsigned = acceptedOrder.withoutCustomer('CustomerAgreementSigned');
const withdrawn = (on: string) =>
  ({ type: 'CustomerAgreementWithdrawn', data: { on, reason: 'cancelled' } }) as const;
const customerIn = (country: string, changes: { marketCode?: string } = {}): World =>
  unsigned.withoutCustomer('CustomerRegistered').customer(registeredCustomer(country, changes));
const version = (name: string, acceptedUntil?: string, from = '2026-01-01') =>
  ({
    type: 'AgreementVersionPublished',
    data: { version: name, from, ...(acceptedUntil === undefined ? {} : { acceptedUntil }) },
  }) as const;
const signedIn = (name: string, signedOn = '2026-01-10') =>
  unsigned.customer(signed({ version: name, signedOn }));

// The order is placed on 2026-11-22 at 10:00 UTC, when it is 2026-11-23 at UTC+14.
describe('AGREEMENT-1: the customer has accepted the agreement for its country, and it is still accepted', () => {
  it.each<[string, World, string]>([
    ['signed before', acceptedOrder, 'pass'],
    ['never signed', unsigned, 'agreement-missing'],
    ['an unknown customer', acceptedOrder.withoutCustomer(), 'not-applicable'],
    [
      'signed today where it is latest',
      unsigned.customer(signed({ signedOn: '2026-11-23' })),
      'pass',
    ],
    [
      'signed later than today anywhere',
      unsigned.customer(signed({ signedOn: '2026-11-24' })),
      'agreement-not-yet-effective',
    ],
    ['withdrawn from tomorrow', acceptedOrder.customer(withdrawn('2026-11-23')), 'pass'],
    [
      'withdrawn from today',
      acceptedOrder.customer(withdrawn('2026-11-22')),
      'agreement-withdrawn',
    ],
    [
      'signed again after a withdrawal',
      acceptedOrder.customer(withdrawn('2026-06-01'), signed({ signedOn: '2026-06-02' })),
      'pass',
    ],
    [
      'two signed, both withdrawn',
      acceptedOrder.customer(signed(), withdrawn('2026-06-01')),
      'agreement-withdrawn',
    ],
  ])('%s', (_when, world, verdict) => {
    expect(world.verdict('AGREEMENT-1')).toBe(verdict);
  });

  it.each<[string, World, string]>([
    [
      'a version without an end',
      unsigned.program(version('v2')).customer(signed({ version: 'v2' })),
      'pass',
    ],
    [
      'accepted until today',
      unsigned.program(version('v2', '2026-11-22')).customer(signed({ version: 'v2' })),
      'pass',
    ],
    [
      'accepted until yesterday',
      unsigned.program(version('v2', '2026-11-21')).customer(signed({ version: 'v2' })),
      'agreement-version-superseded',
    ],
    [
      'an end published later',
      acceptedOrder.program(version('default', '2026-11-21')),
      'agreement-version-superseded',
    ],
    [
      'an end that was cleared later',
      acceptedOrder.program(version('default', '2026-11-21'), version('default')),
      'pass',
    ],
    ['an unpublished version', signedIn('v9'), 'agreement-version-superseded'],
    [
      'in force from the day of signing',
      signedIn('v2').program(version('v2', undefined, '2026-01-10')),
      'pass',
    ],
    [
      'in force from the day after',
      signedIn('v2').program(version('v2', undefined, '2026-01-11')),
      'agreement-version-superseded',
    ],
    [
      'in force next year only',
      signedIn('v2').program(version('v2', undefined, '2027-01-01')),
      'agreement-version-superseded',
    ],
    [
      'published again with a later start',
      acceptedOrder.program(version('default', undefined, '2026-02-01')),
      'agreement-version-superseded',
    ],
    [
      'signed where it is latest, on the day after its last day',
      signedIn('v2', '2026-11-23').program(version('v2', '2026-11-22')),
      'agreement-version-superseded',
    ],
    [
      'beside another agreement that is valid',
      acceptedOrder
        .program(version('v2', undefined, '2027-01-01'))
        .customer(signed({ version: 'v2' })),
      'pass',
    ],
  ])('version: %s', (_when, world, verdict) => {
    expect(world.verdict('AGREEMENT-1')).toBe(verdict);
  });

  it('reports the first day of a version that was signed too early', () => {
    const world = signedIn('v2').program(version('v2', '2027-12-31', '2027-01-01'));
    const [check] = world.checks('AGREEMENT-1');
    expect(check?.[4]).toEqual({
      version: 'v2',
      signedOn: '2026-01-10',
      from: '2027-01-01',
      acceptedUntil: '2027-12-31',
    });
  });

  it('accepts a version by its name alone in the ruleset 2026-11', () => {
    const world = signedIn('v2').program(version('v2', undefined, '2027-01-01'));
    expect([
      world.judge('2026-11').decision.outcome,
      world.judge('2026-12').decision.outcome,
    ]).toEqual(['accepted', 'refused']);
    const ended = signedIn('v2')
      .program(version('v2', '2026-11-21', '2026-02-01'))
      .judge('2026-11').decision;
    expect(ended.checks.find(([rule]) => rule === 'AGREEMENT-1')?.[4]).toEqual({
      version: 'v2',
      acceptedUntil: '2026-11-21',
    });
  });

  it.each<[string, World, string]>([
    [
      'for its country',
      customerIn('DE').customer(signed({ country: 'DE', language: 'de-DE' })),
      'pass',
    ],
    [
      'for the country that it has left',
      customerIn('DE').customer(signed({ country: 'FR', language: 'en-US' })),
      'agreement-wrong-market',
    ],
    [
      'in a language not offered there',
      customerIn('DE').customer(signed({ country: 'DE', language: 'fr-FR' })),
      'agreement-wrong-market',
    ],
    [
      'in a market without a template',
      customerIn('CN').customer(signed({ country: 'CN' })),
      'agreement-not-offered-in-market',
    ],
    [
      'unsigned, in a market without a template',
      customerIn('CN'),
      'agreement-not-offered-in-market',
    ],
    [
      'in a country with a template that is not a market',
      customerIn('RU').customer(signed({ country: 'RU', language: 'ru-RU' })),
      'pass',
    ],
    ['unsigned, in such a country', customerIn('RU'), 'agreement-missing'],
    [
      'in the market that its market code names',
      customerIn('BQ', { marketCode: 'XS' }).customer(signed({ country: 'BQ', language: 'en-US' })),
      'pass',
    ],
  ])('place: %s', (_when, world, verdict) => {
    expect(world.verdict('AGREEMENT-1')).toBe(verdict);
  });

  it('reports each distinct defect once if no agreement is valid', () => {
    const world = customerIn('DE')
      .program(version('v0', '2026-01-31'))
      .customer(
        signed({ country: 'DE', language: 'en-US', version: 'v0' }),
        signed({ country: 'FR' }),
        withdrawn('2026-06-01'),
        signed({ country: 'FR' }),
        signed({ country: 'DE', language: 'en-US', signedOn: '2026-12-01' }),
      );
    expect(world.verdict('AGREEMENT-1')).toBe(
      'agreement-not-yet-effective, agreement-withdrawn, agreement-version-superseded, agreement-wrong-market',
    );
  });

  it('reports the agreement that passes among others that do not', () => {
    const { decision } = acceptedOrder
      .customer(
        withdrawn('2026-06-01'),
        signed({ signedOn: '2026-06-02' }),
        signed({ signedOn: '2027-01-01' }),
      )
      .judge();
    const check = decision.checks.find(([rule]) => rule === 'AGREEMENT-1');
    expect(check?.[4]).toEqual({ signedOn: '2026-06-02', version: 'default' });
    expect(check?.[5].map((index) => decision.evidence[index])).toEqual([
      [-1, 4, expect.any(String)],
    ]);
  });
});
