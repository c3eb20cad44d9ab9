import { sql } from 'kysely';
import type { BillingEntitiesQuery, TaxRatesQuery } from '../read-models.js';
import type { ReconciliationsQuery } from '../reconciliations.js';
import type { QueryOf } from '../store.js';

interface Columns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
}

export const billingEntitiesAfter =
  (after: number, rows: number, { partnerId, scope }: BillingEntitiesQuery): QueryOf =>
  (tables, { builder }) => {
    if (scope?.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<Columns>(tables('billing_entities')).as('e'))
      .select('e.row')
      .where('e.position', '>', after)
      .orderBy('e.position')
      .limit(rows);
    if (partnerId !== undefined) query = query.where('e.key', '=', partnerId);
    if (scope !== undefined) query = query.where('e.key', 'in', scope);
    return query.compile();
  };

export const taxRatesAfter =
  (after: number, rows: number, { country }: TaxRatesQuery): QueryOf =>
  (tables, { builder }) => {
    const query = builder
      .selectFrom(sql.table<Columns & { readonly country: string }>(tables('tax_rates')).as('t'))
      .select('t.row')
      .where('t.position', '>', after)
      .orderBy('t.position')
      .limit(rows);
    return (country === undefined ? query : query.where('t.country', '=', country)).compile();
  };

export const reconciliationsAfter =
  (after: number, rows: number, { partnerId, scope }: ReconciliationsQuery): QueryOf =>
  (tables, { builder }) => {
    if (scope?.length === 0) return undefined;
    let query = builder
      .selectFrom(
        sql.table<Columns & { readonly partnerId: string }>(tables('reconciliations')).as('r'),
      )
      .select('r.row')
      .where('r.position', '>', after)
      .orderBy('r.position')
      .limit(rows);
    if (partnerId !== undefined) query = query.where('r.partnerId', '=', partnerId);
    if (scope !== undefined) query = query.where('r.partnerId', 'in', scope);
    return query.compile();
  };
