import { sql } from 'kysely';
import type { PaymentsQuery, ReceivablesQuery } from '../receivables.js';
import type { QueryOf } from '../store.js';

interface Columns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
  readonly entityId: string;
}
interface DocumentColumns extends Columns {
  readonly ledger: string;
  readonly issuedOn: string;
}
interface JournalColumns extends Columns {
  readonly ledger: string;
  readonly on: string;
  readonly credit: string | null;
}
interface PaymentColumns extends Columns {
  readonly payer: string;
  readonly receivedOn: string;
}

export const PAGE_ROWS = 500;
export const PAGE_LEDGERS = 100;

/** Documents in the order of their issue. */
export const documentsAfter =
  ({ after = -1, knownAt, asOf, from, to, entityIds }: ReceivablesQuery): QueryOf =>
  (tables, { builder }) => {
    if (entityIds?.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<DocumentColumns>(tables('documents')).as('d'))
      .select('d.row')
      .where('d.position', '>', after)
      .where('d.position', '<=', knownAt)
      .where('d.issuedOn', '<=', asOf)
      .orderBy('d.position')
      .limit(PAGE_ROWS);
    if (from !== undefined) query = query.where('d.issuedOn', '>=', from);
    if (to !== undefined) query = query.where('d.issuedOn', '<=', to);
    if (entityIds !== undefined) query = query.where('d.entityId', 'in', entityIds);
    return query.compile();
  };

export const documentById =
  (documentId: string): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<DocumentColumns>(tables('documents')).as('d'))
      .select('d.row')
      .where('d.key', '=', documentId)
      .compile();

export const journalAfter =
  ({ after = -1, knownAt, asOf, from, to, entityIds }: ReceivablesQuery): QueryOf =>
  (tables, { builder }) => {
    if (entityIds?.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<JournalColumns>(tables('journal')).as('j'))
      .select('j.row')
      .where('j.position', '>', after)
      .where('j.position', '<=', knownAt)
      .where('j.on', '<=', asOf)
      .orderBy('j.position')
      .limit(PAGE_ROWS);
    if (from !== undefined) query = query.where('j.on', '>=', from);
    if (to !== undefined) query = query.where('j.on', '<=', to);
    if (entityIds !== undefined) query = query.where('j.entityId', 'in', entityIds);
    return query.compile();
  };

/** Ledgers in the order of their first change. */
export const ledgersAfter =
  ({ after = -1, knownAt, entityIds }: ReceivablesQuery): QueryOf =>
  (tables, { builder }) => {
    if (entityIds?.length === 0) return undefined;
    const query = builder
      .selectFrom(sql.table<Columns>(tables('ledgers')).as('l'))
      .select(['l.key', 'l.row'])
      .where('l.position', '>', after)
      .where('l.position', '<=', knownAt)
      .orderBy('l.position')
      .limit(PAGE_LEDGERS);
    return (entityIds === undefined ? query : query.where('l.entityId', 'in', entityIds)).compile();
  };

/** The documents of these ledgers. */
export const documentsOfLedgers =
  (ledgers: readonly string[], { knownAt, asOf }: ReceivablesQuery): QueryOf =>
  (tables, { builder }) =>
    ledgers.length === 0
      ? undefined
      : builder
          .selectFrom(sql.table<DocumentColumns>(tables('documents')).as('d'))
          .select(['d.ledger', 'd.row'])
          .where('d.ledger', 'in', ledgers)
          .where('d.position', '<=', knownAt)
          .where('d.issuedOn', '<=', asOf)
          .orderBy('d.position')
          .compile();

/** The days and changes of the credit balance of these ledgers: null for other entries. */
export const entriesOfLedgers =
  (ledgers: readonly string[], { knownAt, asOf }: ReceivablesQuery): QueryOf =>
  (tables, { builder }) =>
    ledgers.length === 0
      ? undefined
      : builder
          .selectFrom(sql.table<JournalColumns>(tables('journal')).as('j'))
          .select(['j.ledger', 'j.credit'])
          .where('j.ledger', 'in', ledgers)
          .where('j.position', '<=', knownAt)
          .where('j.on', '<=', asOf)
          .compile();

export const paymentsAfter =
  (after: number, rows: number, { entityIds, payer, from, to }: PaymentsQuery): QueryOf =>
  (tables, { builder }) => {
    if (entityIds?.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<PaymentColumns>(tables('payments')).as('p'))
      .select('p.row')
      .where('p.position', '>', after)
      .orderBy('p.position')
      .limit(rows);
    if (payer !== undefined) query = query.where('p.payer', '=', payer);
    if (from !== undefined) query = query.where('p.receivedOn', '>=', from);
    if (to !== undefined) query = query.where('p.receivedOn', '<=', to);
    if (entityIds !== undefined) query = query.where('p.entityId', 'in', entityIds);
    return query.compile();
  };
