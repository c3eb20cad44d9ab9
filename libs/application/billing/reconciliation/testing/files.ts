import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MicrosoftRow } from '../../../../domain/billing/reconciliation/microsoft-line.js';
import { readReconciliationFile, type ReadFile } from '../file-reader.js';

/** The 46 columns of Microsoft's documentation, in their order. */
export const documented =
  'PartnerId,CustomerId,CustomerName,CustomerDomainName,CustomerCountry,InvoiceNumber,MPNID,ResellerMPNID,OrderId,OrderDate,ProductId,SkuId,AvailabilityId,SkuName,ProductName,ChargeType,UnitPrice,Quantity,Subtotal,TaxTotal,Total,Currency,PriceAdjustmentDescription,PublisherName,PublisherId,SubscriptionDescription,SubscriptionId,ChargeStartDate,ChargeEndDate,TermAndBillingCycle,EffectiveUnitPrice,UnitType,AlternateId,BillableQuantity,BillingFrequency,PricingCurrency,PCToBCExchangeRate,PCToBCExchangeRateDate,MeterDescription,ReservationOrderId,CreditReasonCode,SubscriptionStartDate,SubscriptionEndDate,ReferenceID,ProductQualifiers,PromotionID'.split(
    ',',
  );

export type Cells = Readonly<Record<string, string>>;

/** A monthly charge as Microsoft's export has it. */
export const cells = (changes: Cells = {}): Cells => ({
  PartnerId: '7f3f1d3a-0000-4000-8000-000000000001',
  CustomerId: '0a0a0a0a-0000-4000-8000-000000000002',
  CustomerName: 'Contoso, Ltd.',
  InvoiceNumber: 'G000000042',
  OrderDate: '2026-11-10',
  ProductId: 'CFQ7TTC0LF8S',
  SkuId: '0002',
  ProductName: 'Microsoft 365 E5',
  ChargeType: 'cycleCharge',
  UnitPrice: '12.00',
  Quantity: '10',
  Subtotal: '120.00',
  TaxTotal: '0',
  Total: '120.00',
  Currency: 'USD',
  PublisherName: 'Microsoft Corporation',
  SubscriptionId: '0b7c0a52-6a4e-5d0f-9a55-0e7f0b1c2d3e',
  ChargeStartDate: '12/10/2026',
  ChargeEndDate: '1/9/2027',
  BillableQuantity: '10',
  SubscriptionStartDate: '11/10/2026',
  SubscriptionEndDate: '11/9/2027',
  ...changes,
});

const quoted = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

export const csv = (
  lines: readonly Cells[],
  columns: readonly string[] = documented,
  newline = '\r\n',
): string =>
  [columns, ...lines.map((line) => columns.map((name) => quoted(line[name] ?? '')))]
    .map((record) => record.join(','))
    .join(newline) + newline;

/** Reads bytes as an upload; returns the rows that would be appended, too. */
export async function readBytes(
  bytes: string | Uint8Array,
): Promise<ReadFile & { readonly rows: readonly MicrosoftRow[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'reconciliation-'));
  const path = (name: string): string => join(folder, name);
  const upload = Buffer.from(bytes);
  writeFileSync(path('upload'), upload);
  const open = (name: string): number => openSync(path(name), 'a+');
  const files = { upload: open('upload'), expanded: open('expanded'), rows: open('rows') };
  try {
    const read = await readReconciliationFile({ ...files, uploadBytes: upload.length });
    let at = 0;
    const text = readFileSync(path('rows'));
    const rows = read.chunkLengths.flatMap((length) => {
      const chunk = JSON.parse(text.toString('utf8', at, at + length)) as readonly MicrosoftRow[];
      at += length;
      return chunk;
    });
    return { ...read, rows };
  } finally {
    for (const descriptor of Object.values(files)) closeSync(descriptor);
    rmSync(folder, { recursive: true });
  }
}
