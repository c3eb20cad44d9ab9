import { codeKey } from '../../shared/code-key.js';

/**
 * The columns of Microsoft's reconciliation file that are read, with the names that exports have for
 * them. The file is documented with 46 columns; exports have 46 to 48, in camel case too. Columns are
 * known by their names without regard to case, never by their place, and unknown ones are kept.
 */
const namesOf = {
  partnerId: ['PartnerId'],
  customerId: ['CustomerId'],
  customerName: ['CustomerName'],
  invoiceNumber: ['InvoiceNumber'],
  mpnId: ['MpnId'],
  resellerMpnId: ['ResellerMpnId', 'Tier2MpnId'],
  orderId: ['OrderId'],
  orderDate: ['OrderDate'],
  productId: ['ProductId'],
  skuId: ['SkuId'],
  skuName: ['SkuName'],
  productName: ['ProductName'],
  chargeType: ['ChargeType'],
  subtotal: ['Subtotal'],
  taxTotal: ['TaxTotal'],
  total: ['Total', 'TotalForCustomer'],
  currency: ['Currency', 'BillingCurrency'],
  publisherName: ['PublisherName'],
  subscriptionId: ['SubscriptionId'],
  chargeStartDate: ['ChargeStartDate'],
  chargeEndDate: ['ChargeEndDate'],
  billableQuantity: ['BillableQuantity'],
  quantity: ['Quantity'],
  meterDescription: ['MeterDescription'],
  reservationOrderId: ['ReservationOrderId'],
  subscriptionStartDate: ['SubscriptionStartDate'],
  subscriptionEndDate: ['SubscriptionEndDate'],
  referenceId: ['ReferenceId'],
} as const satisfies Record<string, readonly string[]>;

export type MicrosoftColumn = keyof typeof namesOf;

const columnByKey: ReadonlyMap<string, MicrosoftColumn> = new Map(
  // `Object.entries` widens the names; these are exactly those of the table.
  (Object.entries(namesOf) as readonly [MicrosoftColumn, readonly string[]][]).flatMap(
    ([column, names]) => names.map((name): [string, MicrosoftColumn] => [codeKey(name), column]),
  ),
);

/** The column that a name in the file means; undefined: a column that is kept, but not read. */
export const microsoftColumn = (name: string): MicrosoftColumn | undefined =>
  columnByKey.get(codeKey(name));

/** Without these no line can be compared. */
const required: readonly MicrosoftColumn[] = [
  'partnerId',
  'customerId',
  'productId',
  'skuId',
  'chargeType',
  'subtotal',
  'currency',
];

/** Why a file with these names cannot be read; empty when it can. */
export function headerFaults(names: readonly string[]): readonly string[] {
  if (names.length === 1 && (names[0] ?? '').includes(';'))
    return [
      'the columns are separated by semicolons; export the file with the format en-US, separated by commas',
    ];
  const present = new Set(names.map(microsoftColumn));
  return required
    .filter((column) => !present.has(column))
    .map((column) => `column ${namesOf[column][0]} is missing`);
}
