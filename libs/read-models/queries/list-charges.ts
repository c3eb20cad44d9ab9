import { sql } from 'kysely';
import type { QueryOf } from '../store.js';
import type { BlockedScan, ChargesQuery, IssuerChargesScan } from '../subscriptions.js';
import { positionOf, SCAN_ROWS } from './list-subscriptions.js';

interface Columns {
  readonly key: string;
  readonly row: string;
  readonly sequence: number;
  readonly subscriptionId: string | null;
  readonly payer: string;
  readonly entityId: string;
  readonly partnerId: string;
  readonly currency: string;
  readonly date: string;
  readonly month: string;
}

export const chargesAfter =
  (
    after: number,
    rows: number,
    { subscriptionId, payer, entityId, from, to, issuers }: ChargesQuery,
  ): QueryOf =>
  (tables, { builder }) => {
    if (issuers?.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<Columns>(tables('charges')).as('c'))
      .select('c.row')
      .where('c.sequence', '>', after)
      .orderBy('c.sequence')
      .limit(rows);
    if (subscriptionId !== undefined) query = query.where('c.subscriptionId', '=', subscriptionId);
    if (payer !== undefined) query = query.where('c.payer', '=', payer);
    if (entityId !== undefined) query = query.where('c.entityId', '=', entityId);
    if (from !== undefined) query = query.where('c.date', '>=', from);
    if (to !== undefined) query = query.where('c.date', '<=', to);
    if (issuers !== undefined) query = query.where('c.partnerId', 'in', issuers);
    return query.compile();
  };

export const issuerChargesAfter =
  ({ partnerId, currency, months, after }: IssuerChargesScan): QueryOf =>
  (tables, { builder }) =>
    months.length === 0
      ? undefined
      : builder
          .selectFrom(sql.table<Columns>(tables('charges')).as('c'))
          .select('c.row')
          .where('c.sequence', '>', positionOf(after))
          .where('c.partnerId', '=', partnerId)
          .where('c.currency', '=', currency)
          .where('c.month', 'in', months)
          .orderBy('c.sequence')
          .limit(SCAN_ROWS)
          .compile();

interface BlockedColumns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
  readonly market: string | null;
  readonly month: string;
  readonly partnerId: string;
}

export const blockedAfter =
  ({ market, month, partnerId, after }: BlockedScan): QueryOf =>
  (tables, { builder }) => {
    let query = builder
      .selectFrom(sql.table<BlockedColumns>(tables('blocked_charges')).as('b'))
      .select('b.row')
      .where('b.position', '>', positionOf(after))
      .orderBy('b.position')
      .limit(SCAN_ROWS);
    if (market !== undefined) query = query.where('b.market', '=', market);
    if (month !== undefined) query = query.where('b.month', '=', month);
    if (partnerId !== undefined) query = query.where('b.partnerId', '=', partnerId);
    return query.compile();
  };
