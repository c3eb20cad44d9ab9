import { sql } from 'kysely';
import type { DocumentsQuery, RunPayersQuery } from '../billing-rows.js';
import type { QueryOf } from '../store.js';

interface DocumentColumns {
  readonly key: string;
  readonly row: string;
  readonly position: number | null;
  readonly payer: string;
  readonly entityId: string;
  readonly partnerId: string | null;
  readonly kind: string;
  readonly state: string;
  readonly issuedOn: string | null;
  readonly runId: string | null;
}

export const documentsAfter =
  (after: number, rows: number, query: DocumentsQuery): QueryOf =>
  (tables, { builder }) => {
    const { payer, entityId, kind, state, from, to, runId, scope } = query;
    if (scope?.length === 0) return undefined;
    let found = builder
      .selectFrom(sql.table<DocumentColumns>(tables('documents')).as('d'))
      .select('d.row')
      .where('d.position', '>', after)
      .orderBy('d.position')
      .limit(rows);
    if (payer !== undefined) found = found.where('d.payer', '=', payer);
    if (entityId !== undefined) found = found.where('d.entityId', '=', entityId);
    if (kind !== undefined) found = found.where('d.kind', '=', kind);
    if (state !== undefined) found = found.where('d.state', '=', state);
    if (from !== undefined) found = found.where('d.issuedOn', '>=', from);
    if (to !== undefined) found = found.where('d.issuedOn', '<=', to);
    if (runId !== undefined) found = found.where('d.runId', '=', runId);
    if (scope !== undefined)
      found = found.where((where) =>
        where.or([
          where('d.partnerId', 'in', scope),
          where(
            'd.payer',
            'in',
            scope.map((partnerId) => `partner:${partnerId}`),
          ),
        ]),
      );
    return found.compile();
  };

export const documentById =
  (documentId: string): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<DocumentColumns>(tables('documents')).as('d'))
      .select('d.row')
      .where('d.key', '=', documentId)
      .compile();

/** The lines of documents, each document's in their order. */
export const linesOfDocuments =
  (documentIds: readonly string[]): QueryOf =>
  (tables, { builder }) =>
    documentIds.length === 0
      ? undefined
      : builder
          .selectFrom(
            sql
              .table<{
                readonly row: string;
                readonly documentId: string;
                readonly firstLine: number;
              }>(tables('document_lines'))
              .as('l'),
          )
          .select('l.row')
          .where('l.documentId', 'in', documentIds)
          .orderBy('l.documentId')
          .orderBy('l.firstLine')
          .compile();

/** In the order of their start; `latestFirst` turns the order, and `after` the other way. */
export const billingRunsAfter =
  (after: number | undefined, rows: number, latestFirst: boolean): QueryOf =>
  (tables, { builder }) => {
    let found = builder
      .selectFrom(
        sql
          .table<{ readonly row: string; readonly position: number }>(tables('billing_runs'))
          .as('r'),
      )
      .select('r.row')
      .orderBy('r.position', latestFirst ? 'desc' : 'asc')
      .limit(rows);
    if (after !== undefined) found = found.where('r.position', latestFirst ? '<' : '>', after);
    return found.compile();
  };

interface LedgerColumns {
  readonly payer: string;
  readonly entityId: string;
  readonly unbilled: number;
  readonly openDrafts: number;
  readonly blocked: number;
  readonly draftedAt: number;
}

const ledgersOf =
  ({ entityIds, payers, draftedAfter }: RunPayersQuery) =>
  (tables: Parameters<QueryOf>[0], { builder }: Parameters<QueryOf>[1]) => {
    if (entityIds?.length === 0 || payers?.length === 0) return undefined;
    let found = builder
      .selectFrom(sql.table<LedgerColumns>(tables('billing_ledgers')).as('l'))
      .where((where) =>
        where.or([
          where('l.unbilled', '>', 0),
          where('l.openDrafts', '>', 0),
          where('l.blocked', '>', 0),
          ...(draftedAfter === undefined ? [] : [where('l.draftedAt', '>', draftedAfter)]),
        ]),
      );
    if (entityIds !== undefined) found = found.where('l.entityId', 'in', entityIds);
    if (payers !== undefined) found = found.where('l.payer', 'in', payers);
    return found;
  };

export const runPayersAfter =
  (after: string, rows: number, query: RunPayersQuery): QueryOf =>
  (tables, dialect) =>
    ledgersOf(query)(tables, dialect)
      ?.select('l.payer')
      .distinct()
      .where('l.payer', '>', after)
      .orderBy('l.payer')
      .limit(rows)
      .compile();

export const runPayersCount =
  (query: RunPayersQuery): QueryOf =>
  (tables, dialect) =>
    ledgersOf(query)(tables, dialect)
      ?.select(({ fn }) => fn.count<number>('l.payer').distinct().as('payers'))
      .compile();
