import { paddedSkuId } from '../../catalog/offer-id.js';
import { accept, refuse, type Result } from '../../shared/result.js';
import { dateCell, decimalCell, unguarded } from './microsoft-cells.js';
import { type MicrosoftColumn, microsoftColumn } from './microsoft-columns.js';

/** One line of Microsoft's file, as the file has it. */
export interface MicrosoftRow {
  /** Its place in the file; the first line is 1. */
  readonly row: number;
  /** Every cell that is not empty, unchanged, under the file's own name. */
  readonly cells: Readonly<Record<string, string>>;
}

/** The same line, as far as it is compared. */
export interface MicrosoftLine {
  readonly row: number;
  readonly partnerId: string;
  readonly invoiceNumber?: string;
  readonly tenantId: string;
  /** `ProductId:SkuId`. */
  readonly offerId: string;
  /** As the file has it. */
  readonly chargeType: string;
  readonly currency: string;
  /** The amount before tax. This sign counts; prices and quantities may have other signs. */
  readonly subtotal: string;
  /** Whole or not: usage has fractions. */
  readonly billableQuantity: string;
  readonly subscriptionId?: string;
  readonly orderDate?: string;
  readonly chargeFrom?: string;
  /** Included. */
  readonly chargeTo?: string;
  readonly termFrom?: string;
  readonly termTo?: string;
  readonly scope: 'license' | 'usage' | 'reservation' | 'marketplace';
}

/** A record of the file as a line, or every reason why it cannot be one. */
export function microsoftLine(
  cells: Readonly<Record<string, string>>,
  row: number,
): Result<MicrosoftLine, readonly string[]> {
  const read = new MicrosoftCells(cells);
  const line = {
    row,
    partnerId: read.id('partnerId'),
    tenantId: read.id('customerId').replace(/^org:/, ''),
    offerId: `${read.required('productId')}:${paddedSkuId(read.required('skuId'))}`,
    chargeType: read.required('chargeType'),
    currency: read.required('currency').toUpperCase(),
    subtotal: read.decimal('subtotal'),
    billableQuantity: read.quantity(),
    ...read.optional('invoiceNumber'),
    ...read.subscription(),
    ...read.dates(),
    scope: read.scope(),
  };
  return read.faults.length === 0 ? accept(line) : refuse(read.faults);
}

class MicrosoftCells {
  readonly faults: string[] = [];
  private readonly byColumn = new Map<MicrosoftColumn, string>();

  constructor(cells: Readonly<Record<string, string>>) {
    for (const [name, cell] of Object.entries(cells)) {
      const column = microsoftColumn(name);
      // Of two columns with the same meaning the first one that is not empty counts.
      if (column !== undefined && !this.byColumn.get(column))
        this.byColumn.set(column, unguarded(cell));
    }
  }

  required(column: MicrosoftColumn): string {
    const cell = this.cell(column);
    if (cell === '') this.faults.push(`${column} is empty`);
    return cell;
  }

  /** Identifiers are GUIDs, whose case has no meaning. */
  id(column: MicrosoftColumn): string {
    return this.required(column).toLowerCase();
  }

  decimal(column: MicrosoftColumn): string {
    const decimal = decimalCell(this.required(column));
    if (decimal.ok) return decimal.value;
    if (this.cell(column) !== '') this.faults.push(`${column} ${decimal.refusal}`);
    return '0';
  }

  /** What was billed; older exports have the purchased quantity alone. */
  quantity(): string {
    const column = this.cell('billableQuantity') === '' ? 'quantity' : 'billableQuantity';
    return this.cell(column) === '' ? '0' : this.decimal(column);
  }

  optional<Column extends MicrosoftColumn>(column: Column): { readonly [Name in Column]?: string } {
    const cell = this.cell(column);
    // A computed name widens to an index signature; this one is `column`.
    return (cell === '' ? {} : { [column]: cell }) as { readonly [Name in Column]?: string };
  }

  subscription(): Pick<MicrosoftLine, 'subscriptionId'> {
    const subscriptionId = this.cell('subscriptionId').toLowerCase();
    return subscriptionId === '' ? {} : { subscriptionId };
  }

  dates() {
    return {
      ...this.date('orderDate', 'orderDate'),
      ...this.date('chargeFrom', 'chargeStartDate'),
      ...this.date('chargeTo', 'chargeEndDate'),
      ...this.date('termFrom', 'subscriptionStartDate'),
      ...this.date('termTo', 'subscriptionEndDate'),
    };
  }

  scope(): MicrosoftLine['scope'] {
    if (this.cell('meterDescription') !== '') return 'usage';
    if (this.cell('reservationOrderId') !== '') return 'reservation';
    const publisher = this.cell('publisherName');
    return publisher === '' || /^microsoft\b/i.test(publisher) ? 'license' : 'marketplace';
  }

  private date<Field extends string>(
    field: Field,
    column: MicrosoftColumn,
  ): { readonly [Name in Field]?: string } {
    const date = dateCell(this.cell(column));
    if (!date.ok) this.faults.push(`${column} ${date.refusal}`);
    // A computed name widens to an index signature; this one is `field`.
    return (date.ok && date.value !== undefined ? { [field]: date.value } : {}) as {
      readonly [Name in Field]?: string;
    };
  }

  private cell(column: MicrosoftColumn): string {
    return this.byColumn.get(column) ?? '';
  }
}
