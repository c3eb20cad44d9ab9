import type { Payer } from '../../domain/billing/parties/billing-profile.js';
import type { LogReader, Position } from '../../event-log/event-log.js';
import {
  type BillingRunRow,
  type BillingRunsQuery,
  type DocumentLinesRow,
  DocumentReads,
  type DocumentRow,
  type DocumentsQuery,
  type ListedDocument,
  type RunPayersPage,
  type RunPayersQuery,
} from '../billing-rows.js';
import type { Projection } from '../projection.js';
import { billingRunsProjection } from '../projections/billing-runs.projection.js';
import { documentsProjection } from '../projections/documents.projection.js';
import { isPositionKey, keyOf, limitOf, page } from '../queries/cursor.js';
import {
  billingRunsAfter,
  documentById,
  documentsAfter,
  linesOfDocuments,
  runPayersAfter,
  runPayersCount,
} from '../queries/list-documents.js';
import type { List } from '../read-models.js';
import type { QueryOf, Selected } from '../store.js';

type Select = (
  projection: Projection,
  query: QueryOf,
  covering?: Position,
) => Promise<Selected['rows']>;

/** Reads documents with their lines, and the payers of billing runs. */
export class DocumentReader extends DocumentReads {
  constructor(
    private readonly log: Pick<LogReader, 'head'>,
    private readonly select: Select,
  ) {
    super();
  }

  override async listDocuments(query: DocumentsQuery): Promise<List<ListedDocument>> {
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [-1];
    const found = await this.rows(documentsAfter(after, limit + 1, query), query.minPosition);
    // Only issued documents are listed, and these have a position.
    const { items, nextCursor } = page(found, limit, ({ position = -1 }) => [position]);
    return { items: await this.withLines(items), nextCursor };
  }

  /** Drafts are not found: a draft becomes a document when it is issued. */
  override async findDocument(
    documentId: string,
    minPosition?: Position,
  ): Promise<ListedDocument | undefined> {
    // The head of the log, because a payment that is answered must be in the next answer.
    const covering = Math.max(minPosition ?? -1, await this.log.head());
    const [row] = await this.rows(documentById(documentId), covering);
    return row?.position === undefined ? undefined : (await this.withLines([row])).at(0);
  }

  override async listBillingRuns(query: BillingRunsQuery): Promise<List<BillingRunRow>> {
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [undefined];
    const rows = await this.select(
      billingRunsProjection,
      billingRunsAfter(after, limit + 1, query.latestFirst === true),
      query.minPosition,
    );
    // The projection wrote these rows.
    const found = rows.map(({ row }) => JSON.parse(String(row)) as BillingRunRow);
    return page(found, limit, ({ position }) => [position]);
  }

  override async runPayers({ after, limit, ...query }: RunPayersPage): Promise<readonly Payer[]> {
    const rows = await this.select(
      documentsProjection,
      runPayersAfter(after, limit, query),
      query.minPosition,
    );
    // The projection takes payers from the names of the accounts.
    return rows.map(({ payer }) => String(payer) as Payer);
  }

  override async countRunPayers(query: RunPayersQuery): Promise<number> {
    const [row] = await this.select(documentsProjection, runPayersCount(query), query.minPosition);
    return Number(row?.['payers'] ?? 0);
  }

  private async rows(query: QueryOf, minPosition?: Position): Promise<readonly DocumentRow[]> {
    // The projection wrote these rows.
    return (await this.select(documentsProjection, query, minPosition)).map(
      ({ row }) => JSON.parse(String(row)) as DocumentRow,
    );
  }

  private async withLines(documents: readonly DocumentRow[]): Promise<readonly ListedDocument[]> {
    const rows = await this.select(
      documentsProjection,
      linesOfDocuments(documents.map(({ documentId }) => documentId)),
    );
    // The projection wrote these rows.
    const parts = Map.groupBy(
      rows.map(({ row }) => JSON.parse(String(row)) as DocumentLinesRow),
      ({ documentId }) => documentId,
    );
    return documents.map((document) => ({
      ...document,
      lines: (parts.get(document.documentId) ?? []).flatMap(({ lines }) => lines),
    }));
  }
}
