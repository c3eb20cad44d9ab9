import { describe, expect, it } from '@jest/globals';
import { rowOf, rowsOf } from '../testing/fold-in-memory.js';
import {
  customerEvent,
  decision,
  importChunk,
  importCompleted,
  logged,
  order,
  orderCancelled,
  orderPlaced,
  orderRefused,
  partnerEvent,
  partnerRegistered,
  priceListPublished,
  priceRow,
  tenant,
  type Told,
} from '../testing/sample-log.js';
import { projections } from './registry.js';
import { offersProjection } from './offers.projection.js';
import { ordersProjection } from './orders.projection.js';
import { partnersProjection } from './partners.projection.js';
import { searchText } from './search-text.js';

describe('the orders projection', () => {
  const row = (...events: readonly Told[]) => rowOf(ordersProjection, 'orders', logged(events));

  it('shows the order, the place of its decision, and no reasons if it was accepted', async () => {
    expect(
      await row(orderPlaced(1, 7, 'res-1', { providerId: 'prov', reference: 'PO 7' })),
    ).toEqual({
      orderId: order(7),
      kind: 'new',
      tenantId: tenant(1),
      partnerId: 'res-1',
      providerId: 'prov',
      status: 'placed',
      currency: 'JPY',
      total: { amount: '100', currency: 'JPY' },
      reference: 'PO 7',
      lineCount: 1,
      placedAt: '2026-11-22T10:00:00.000Z',
      date: '2026-11-22',
      reasons: [],
      position: 0,
      revision: 0,
    });
  });

  it('shows the distinct reasons of a refused order in rulebook order', async () => {
    const refused = orderRefused(1, 1, [
      'offer-not-on-price-list',
      'agreement-missing',
      'offer-not-on-price-list',
    ]);
    expect(await row(refused)).toMatchObject({
      status: 'refused',
      reasons: ['agreement-missing', 'offer-not-on-price-list'],
    });
  });

  it.each([
    [
      'cancelled',
      orderCancelled(1, 1),
      { status: 'cancelled', cancelledOn: '2026-11-23', reasons: [] },
    ],
    [
      'voided',
      customerEvent(1, 'OrderVoided', {
        orderId: order(1),
        decision: decision('refused', ['agreement-withdrawn']),
      }),
      { status: 'voided', reasons: ['agreement-withdrawn'] },
    ],
  ])('changes the status of an order that is %s', async (_how, event, expected) => {
    expect(await row(orderPlaced(1, 1), event)).toMatchObject({ ...expected, position: 0 });
  });

  it('keeps an order voided, with the reasons of the first void, for all later events', async () => {
    const voided = (reason: string) =>
      customerEvent(1, 'OrderVoided', {
        orderId: order(1),
        decision: decision('refused', [reason]),
      });
    const events = [
      orderPlaced(1, 1),
      voided('agreement-withdrawn'),
      voided('offer-not-on-price-list'),
      orderCancelled(1, 1),
    ];
    expect(await row(...events)).toMatchObject({
      status: 'voided',
      reasons: ['agreement-withdrawn'],
    });
  });
});

describe('the partners projection', () => {
  const row = (...events: readonly Told[]) => rowOf(partnersProjection, 'partners', logged(events));
  const spans = async (...events: readonly Told[]) => {
    const table = partnersProjection.tables[0]!;
    return table.shape.links!['models']!.of((await row(...events))!);
  };
  const modelStarted = (model: string, from: string) =>
    partnerEvent('p', 'PartnerModelStarted', { model, from });

  it('gives each model the days from its start to the next one', async () => {
    expect(
      await spans(
        partnerRegistered('p'),
        modelStarted('direct-bill', '2026-05-01'),
        modelStarted('indirect-provider', '2026-03-01'),
      ),
    ).toEqual([
      { model: 'indirect-reseller', since: '', before: '2026-03-01' },
      { model: 'indirect-provider', since: '2026-03-01', before: '2026-05-01' },
      { model: 'direct-bill', since: '2026-05-01', before: '~' },
    ]);
  });

  it('uses the last in the log of two models that start on one day', async () => {
    expect(
      await spans(
        partnerRegistered('p'),
        modelStarted('direct-bill', '2026-05-01'),
        modelStarted('indirect-provider', '2026-05-01'),
      ),
    ).toEqual([
      { model: 'indirect-reseller', since: '', before: '2026-05-01' },
      { model: 'indirect-provider', since: '2026-05-01', before: '~' },
    ]);
  });

  it('clears a market code and keeps CSP tenants with their end', async () => {
    const changed = await row(
      partnerRegistered('p', { marketCode: 'JP' }),
      partnerEvent('p', 'PartnerDetailsChanged', { marketCode: null }),
      partnerEvent('p', 'PartnerCspTenantRegistered', { tenantId: tenant(1) }),
      partnerEvent('p', 'PartnerCspTenantEnded', {
        tenantId: tenant(1),
        on: '2026-05-01',
        reason: 'sold',
      }),
    );
    expect(changed).not.toHaveProperty('marketCode');
    expect(changed).toMatchObject({
      cspTenants: [{ tenantId: tenant(1), endedOn: '2026-05-01' }],
      position: 0,
    });
  });

  it('omits the personal data of signing authorities', async () => {
    expect(
      JSON.stringify(
        await row(
          partnerRegistered('p'),
          partnerEvent('p', 'PartnerSigningAuthorityStarted', {
            name: { sealed: 1 },
            title: 'CEO',
            from: '2026-01-01',
          }),
        ),
      ),
    ).not.toContain('sealed');
  });
});

describe('the offers projection', () => {
  it('stores the rows of price lists by import, and ignores rows of other kinds', async () => {
    const rows = await rowsOf(
      offersProjection,
      logged([
        importChunk('i1', [priceRow(1), priceRow(2)]),
        importCompleted('i1'),
        importChunk('i2', [{ partnerId: 'p', amount: '1' }]),
        importCompleted('i2', 'revenue'),
        priceListPublished('i1'),
      ]),
    );
    expect(Object.keys(rows['offers']!)).toEqual(['i1/1', 'i1/2']);
    expect(Object.keys(rows['imports']!)).toEqual(['i1']);
    expect(Object.keys(rows['publications']!)).toEqual(['JP/2026-11/0']);
  });
});

describe('searched text', () => {
  it.each([
    ['ABC', 'abc'],
    ['ÉCLAIR', 'éclair'],
    ['ｱｲｳ', 'アイウ'],
    ['ＡＢＣ', 'abc'],
    ['  two   words ', 'two words'],
    ['関所株式会社', '関所株式会社'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['ΚΟΣ', 'κοσ'],
    ['κος', 'κοσ'],
    ['ΚΟΣΜΟΣ', 'κοσμοσ'],
    ['İSTANBUL', 'istanbul'],
    ['Istanbul', 'istanbul'],
    ['ısparta', 'isparta'],
    ['ﬁnance', 'finance'],
    ['co\u00adop\u200b', 'coop'],
    ['cafe\u0301', 'caf\u00e9'],
    ['É', 'é'],
    ['ǅ', 'dž'],
    ['ᾳ', 'αι'],
  ])('%s is found as %s', (text, folded) => {
    expect(searchText(text)).toBe(folded);
  });
});

it('no two projections, and no two tables of one, have the same name', () => {
  const names = projections.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { tables } of projections)
    expect(new Set(tables.map(({ name }) => name)).size).toBe(tables.length);
});
