import { compareDecimals, negated, sumOf, totalOf } from '../../domain/shared/money.js';
import type { LogReader, Position } from '../../event-log/event-log.js';
import type { Projection } from '../projection.js';
import { receivablesProjection } from '../projections/receivables.projection.js';
import { isPositionKey, keyOf, limitOf, page } from '../queries/cursor.js';
import {
  documentById,
  documentsAfter,
  documentsOfLedgers,
  entriesOfLedgers,
  journalAfter,
  ledgersAfter,
  PAGE_LEDGERS,
  PAGE_ROWS,
  paymentsAfter,
} from '../queries/list-receivables.js';
import type { List } from '../read-models.js';
import type {
  DocumentAtPosition,
  InvoiceLocation,
  JournalRow,
  LedgerAtPosition,
  LedgerRow,
  PaymentRow,
  PaymentsQuery,
  ReceivableDocumentRow,
  ReceivablesPage,
  ReceivablesQuery,
} from '../receivables.js';
import type { QueryOf, Selected } from '../store.js';

/** Runs a query once the projection's rows cover the position. */
type Select = (
  projection: Projection,
  query: QueryOf,
  covering?: Position,
) => Promise<Selected['rows']>;
type Cut = Pick<ReceivablesQuery, 'asOf' | 'knownAt'>;

/** Reads documents, balances, payments and the journal. */
export class ReceivablesReader {
  constructor(
    private readonly log: LogReader,
    private readonly select: Select,
  ) {}

  /** An invoice is missing only after it was also looked up at the log's head at arrival. */
  async findInvoice(invoiceId: string): Promise<InvoiceLocation | undefined> {
    const row =
      (await this.document(invoiceId)) ?? (await this.document(invoiceId, await this.log.head()));
    if (!row || row.kind !== 'invoice' || row.position === undefined) return undefined;
    const { entityId, payer, currency, position } = row;
    return { invoiceId, entityId, payer, currency, position };
  }

  async listPayments(query: PaymentsQuery): Promise<List<PaymentRow>> {
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [-1];
    const rows = await this.rows<PaymentRow>(
      paymentsAfter(after, limit + 1, query),
      query.minPosition,
    );
    return page(rows, limit, ({ position }) => [position]);
  }

  async documents(query: ReceivablesQuery): Promise<ReceivablesPage<DocumentAtPosition>> {
    const rows = await this.rows<ReceivableDocumentRow>(documentsAfter(query), query.knownAt);
    return pageOf(
      rows.map((row) => documentAt(row, query)),
      PAGE_ROWS,
    );
  }

  async journal(query: ReceivablesQuery): Promise<ReceivablesPage<JournalRow>> {
    return pageOf(await this.rows<JournalRow>(journalAfter(query), query.knownAt), PAGE_ROWS);
  }

  async ledgers(query: ReceivablesQuery): Promise<ReceivablesPage<LedgerAtPosition>> {
    const found = await this.select(receivablesProjection, ledgersAfter(query), query.knownAt);
    const keys = found.map(({ key }) => String(key));
    const documents = Map.groupBy(
      await this.select(receivablesProjection, documentsOfLedgers(keys, query), query.knownAt),
      ({ ledger }) => String(ledger),
    );
    const entries = Map.groupBy(
      await this.select(receivablesProjection, entriesOfLedgers(keys, query), query.knownAt),
      ({ ledger }) => String(ledger),
    );
    const items = found.map(({ key, row }) => {
      const ledger = parsed<LedgerRow>(row);
      const ofLedger = entries.get(String(key)) ?? [];
      return {
        ...ledger,
        hasEntries: ofLedger.length > 0,
        open: (documents.get(String(key)) ?? [])
          .map((document) => documentAt(parsed<ReceivableDocumentRow>(document['row']), query))
          .flatMap(openAmount),
        creditBalance: totalOf(
          ofLedger.flatMap(({ credit }) => (credit === null ? [] : [String(credit)])),
          ledger.currency,
        ),
      };
    });
    const { next } = pageOf(items, PAGE_LEDGERS);
    return {
      // A ledger has no row for a day before its first change.
      items: items.flatMap(({ hasEntries, ...ledger }) => (hasEntries ? [ledger] : [])),
      next,
    };
  }

  private async document(
    documentId: string,
    covering?: Position,
  ): Promise<ReceivableDocumentRow | undefined> {
    return (await this.rows<ReceivableDocumentRow>(documentById(documentId), covering))[0];
  }

  private async rows<Item>(query: QueryOf, covering?: Position): Promise<readonly Item[]> {
    const rows = await this.select(receivablesProjection, query, covering);
    return rows.map(({ row }) => parsed<Item>(row));
  }
}

// The projection writes the rows of its tables in their own types.
const parsed = <Item>(row: unknown): Item => JSON.parse(String(row)) as Item;

function pageOf<Item extends { readonly position: Position }>(
  items: readonly Item[],
  limit: number,
): ReceivablesPage<Item> {
  return { items, next: items.length < limit ? undefined : items.at(-1)?.position };
}

/** The document with the changes of its open amount up to the day and the position. */
function documentAt(row: ReceivableDocumentRow, { asOf, knownAt }: Cut): DocumentAtPosition {
  const { documentId, kind, entityId, payer, currency, net, tax, total, dueOn } = row;
  const changed = (field: string): string =>
    totalOf(
      row.changes
        .filter(([position, on, its]) => position <= knownAt && on <= asOf && its === field)
        .map(([, , , amount]) => amount),
      currency,
    );
  return {
    // Queries return issued documents only.
    position: row.position ?? -1,
    documentId,
    kind,
    number: row.number ?? '',
    issuedOn: row.issuedOn ?? '',
    ...(dueOn !== undefined && { dueOn }),
    entityId,
    payer,
    currency,
    net,
    tax,
    total,
    paid: changed('paid'),
    credited: changed('credited'),
    writtenOff: changed('writtenOff'),
  };
}

function openAmount({ dueOn, total, paid, credited, writtenOff }: DocumentAtPosition) {
  const amount = sumOf(total, ...[paid, credited, writtenOff].map(negated));
  return dueOn === undefined || compareDecimals(amount, '0') === 0 ? [] : [{ dueOn, amount }];
}
