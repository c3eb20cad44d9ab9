import { describe, expect, it } from '@jest/globals';
import { cellsOfJson, dateCell, decimalCell } from './microsoft-cells.js';
import { headerFaults, microsoftColumn } from './microsoft-columns.js';
import { microsoftLine } from './microsoft-line.js';

/** The 46 columns of Microsoft's documentation, in their order. */
const documented =
  'PartnerId,CustomerId,CustomerName,CustomerDomainName,CustomerCountry,InvoiceNumber,MPNID,ResellerMPNID,OrderId,OrderDate,ProductId,SkuId,AvailabilityId,SkuName,ProductName,ChargeType,UnitPrice,Quantity,Subtotal,TaxTotal,Total,Currency,PriceAdjustmentDescription,PublisherName,PublisherId,SubscriptionDescription,SubscriptionId,ChargeStartDate,ChargeEndDate,TermAndBillingCycle,EffectiveUnitPrice,UnitType,AlternateId,BillableQuantity,BillingFrequency,PricingCurrency,PCToBCExchangeRate,PCToBCExchangeRateDate,MeterDescription,ReservationOrderId,CreditReasonCode,SubscriptionStartDate,SubscriptionEndDate,ReferenceID,ProductQualifiers,PromotionID'.split(
    ',',
  );

const cells: Readonly<Record<string, string>> = {
  PartnerId: '7F3F1D3A-0000-0000-0000-000000000001',
  CustomerId: 'org:0A0A0A0A-0000-0000-0000-000000000002',
  ProductId: 'CFQ7TTC0LF8S',
  SkuId: '2',
  ChargeType: 'addQuantity',
  Subtotal: '-94.08',
  TaxTotal: "'0E-20",
  Currency: 'USD',
  PublisherName: 'Microsoft Corporation',
  SubscriptionId: 'AB-1',
  OrderDate: '2021-05-20T18:48:30.6168285Z',
  ChargeStartDate: '6/20/2021',
  ChargeEndDate: '7/17/2021',
  BillableQuantity: "'12.000000000000000000",
  SubscriptionStartDate: '2021-06-18T00:00:00Z',
  SubscriptionEndDate: '0001-01-01T00:00:00',
  ReferenceId: '{"osId":"x","id":"ab12","v":"2.0"}',
  ProductCategory: 'M365',
};

describe('a line of the file', () => {
  it('is read by the names of its columns', () => {
    expect(microsoftLine(cells, 7)).toEqual({
      ok: true,
      value: {
        row: 7,
        partnerId: '7f3f1d3a-0000-0000-0000-000000000001',
        tenantId: '0a0a0a0a-0000-0000-0000-000000000002',
        offerId: 'CFQ7TTC0LF8S:0002',
        chargeType: 'addQuantity',
        currency: 'USD',
        subtotal: '-94.08',
        billableQuantity: '12',
        subscriptionId: 'ab-1',
        orderDate: '2021-05-20',
        chargeFrom: '2021-06-20',
        chargeTo: '2021-07-17',
        termFrom: '2021-06-18',
        scope: 'license',
      },
    });
  });

  it.each([
    [{ MeterDescription: 'vCPU' }, 'usage'],
    [{ ReservationOrderId: 'r' }, 'reservation'],
    [{ PublisherName: 'Contoso' }, 'marketplace'],
    [{ PublisherName: 'microsoft' }, 'license'],
    [{ PublisherName: 'Microsoftly' }, 'marketplace'],
    [{ PublisherName: '' }, 'license'],
    [{ PublisherName: 'Contoso', MeterDescription: 'GB' }, 'usage'],
  ])('with %j is %s', (changes, scope) => {
    expect(microsoftLine({ ...cells, ...changes } as Record<string, string>, 1)).toMatchObject({
      value: { scope },
    });
  });

  it('lists every fault of it', () => {
    const result = microsoftLine(
      { ...cells, Subtotal: '94,08', ChargeStartDate: '20.6.2021', SkuId: '' },
      1,
    );
    expect(result).toMatchObject({ ok: false });
    expect(result.ok ? [] : result.refusal).toEqual([
      'skuId is empty',
      'subtotal "94,08" has a comma: decimal commas and thousands separators are not read; export the file with the format en-US',
      'chargeStartDate "20.6.2021" is not a date (2026-11-30 or 11/30/2026)',
    ]);
  });

  it('has the purchased quantity where none is billed', () => {
    const { BillableQuantity: _none, ...older } = cells;
    expect(microsoftLine({ ...older, Quantity: '5' }, 1)).toMatchObject({
      value: { billableQuantity: '5' },
    });
  });

  it('is the same from JSON', () => {
    const json = { ...cells, Subtotal: -94.08, PublisherName: null, ProductQualifiers: ['Trial'] };
    expect(cellsOfJson(json)).toMatchObject({
      Subtotal: '-94.08',
      PublisherName: '',
      ProductQualifiers: '["Trial"]',
    });
    expect(microsoftLine(cellsOfJson(json), 1)).toMatchObject({
      ok: true,
      value: { subtotal: '-94.08' },
    });
  });
});

describe('a column', () => {
  it.each([
    ['PartnerId', 'partnerId'],
    ['partnerid', 'partnerId'],
    ['\uFEFFPartnerId', 'partnerId'],
    [' Subtotal ', 'subtotal'],
    ['Tier2MpnId', 'resellerMpnId'],
    ['ResellerMPNID', 'resellerMpnId'],
    ['TotalForCustomer', 'total'],
    ['ReferenceID', 'referenceId'],
    ['PricingCurrency', undefined],
    ['EffectiveUnitPrice', undefined],
    ['DiscountDetails', undefined],
  ])('named %j is %s', (name, column) => {
    expect(microsoftColumn(name)).toBe(column);
  });

  it('is missing where the file has none of its names', () => {
    expect(headerFaults(documented)).toEqual([]);
    expect(headerFaults(documented.map((name) => name.toLowerCase()).toReversed())).toEqual([]);
    expect(headerFaults(documented.filter((name) => name !== 'Subtotal'))).toEqual([
      'column Subtotal is missing',
    ]);
  });

  it('is not read from a file with semicolons', () => {
    expect(headerFaults([documented.join(';')])).toEqual([
      'the columns are separated by semicolons; export the file with the format en-US, separated by commas',
    ]);
  });
});

describe('a decimal of the file', () => {
  it.each([
    ['720', '720'],
    ['-94.080000000000000000', '-94.08'],
    ["'22.000000000000000000", '22'],
    ["'0E-20", '0'],
    ['1.5e3', '1500'],
    ['1.2E-5', '0.000012'],
    ['+3.', '3'],
    ['.5', '0.5'],
    ['0.123456789012345678', '0.123456789012345678'],
  ])('%s is %s', (cell, value) => {
    expect(decimalCell(cell)).toEqual({ ok: true, value });
  });

  it.each(['1,234.56', '94,08', '', 'abc', '1E999', '--1', '0x10', 'NaN', '1 000'])(
    '%j is refused',
    (cell) => {
      expect(decimalCell(cell).ok).toBe(false);
    },
  );
});

describe('a date of the file', () => {
  it.each([
    ['2021-05-20', '2021-05-20'],
    ['2021-05-20T00:00:00Z', '2021-05-20'],
    ['2021-05-20T18:48:30.6168285Z', '2021-05-20'],
    ['2021-05-20T00:00:00-08:00', '2021-05-20'],
    ['10/3/2020', '2020-10-03'],
    ['10/03/2020 12:00:00 AM', '2020-10-03'],
    ['2/29/2024', '2024-02-29'],
    ['0001-01-01T00:00:00', undefined],
    ['1/1/0001', undefined],
    ['', undefined],
  ])('%j is %s', (cell, value) => {
    expect(dateCell(cell)).toEqual({ ok: true, value });
  });

  it.each(['2/29/2023', '13/1/2020', '2021-5-20', '20.05.2021', '44000', '2021-05-20 00:00'])(
    '%j is refused',
    (cell) => {
      expect(dateCell(cell).ok).toBe(false);
    },
  );
});
