import { sql } from 'kysely';
import { searchText } from '../projections/search-text.js';
import type { CustomersQuery, ScopeToday } from '../read-models.js';
import type { Dialect, QueryOf } from '../store.js';

interface CustomerColumns {
  readonly key: string;
  readonly row: string;
  /** NULL until the customer is registered; its stream may begin earlier. */
  readonly position: number | null;
  readonly country: string | null;
  readonly search: string;
}
interface PartnerSpan {
  readonly key: string;
  readonly partnerId: string;
  readonly since: string;
  readonly through: string;
}

export const customersAfter =
  (after: number, rows: number, { on, country, partnerId, q, scope }: CustomersQuery): QueryOf =>
  (tables, dialect) => {
    if (scope?.partnerIds.length === 0) return undefined;
    const links = tables('customers', 'partners');
    let query = dialect.builder
      .selectFrom(sql.table<CustomerColumns>(tables('customers')).as('c'))
      .select('c.row')
      .where('c.position', '>', after)
      .orderBy('c.position')
      .limit(rows);
    if (country !== undefined) query = query.where('c.country', '=', country);
    if (q !== undefined) query = query.where(dialect.contains('c.search', searchText(q)));
    if (partnerId !== undefined)
      query = query.where('c.key', 'in', ofPartners(dialect, links, [partnerId], on));
    if (scope !== undefined)
      query = query.where(
        'c.key',
        'in',
        ofPartners(dialect, tables('customers', 'scopes'), scope.partnerIds, scope.on),
      );
    return query.compile();
  };

/** The customers in a scope, among these. */
export const customersInScope =
  (tenantIds: readonly string[], { partnerIds, on }: ScopeToday): QueryOf =>
  (tables, dialect) =>
    tenantIds.length === 0 || partnerIds.length === 0
      ? undefined
      : ofPartners(dialect, tables('customers', 'scopes'), partnerIds, on)
          .where('l.key', 'in', tenantIds)
          .compile();

const ofPartners = (
  { builder }: Dialect,
  links: string,
  partnerIds: readonly string[],
  on: string,
) =>
  builder
    .selectFrom(sql.table<PartnerSpan>(links).as('l'))
    .select('l.key')
    .where('l.partnerId', 'in', partnerIds)
    .where('l.since', '<=', on)
    .where('l.through', '>=', on);
