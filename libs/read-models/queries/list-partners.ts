import { sql } from 'kysely';
import type { PartnersQuery } from '../read-models.js';
import type { QueryOf } from '../store.js';

interface PartnerColumns {
  readonly key: string;
  readonly row: string;
  readonly position: number;
  readonly country: string;
}
interface ModelSpan {
  readonly key: string;
  readonly model: string;
  readonly since: string;
  readonly before: string;
}
interface ProviderSpan {
  readonly key: string;
  readonly providerId: string;
  readonly since: string;
  readonly through: string;
}

export const partnersAfter =
  (
    after: number,
    rows: number,
    { on, model, providerId, country, scope }: PartnersQuery,
  ): QueryOf =>
  (tables, { builder }) => {
    if (scope?.length === 0) return undefined;
    let query = builder
      .selectFrom(sql.table<PartnerColumns>(tables('partners')).as('p'))
      .select('p.row')
      .where('p.position', '>', after)
      .orderBy('p.position')
      .limit(rows);
    if (country !== undefined) query = query.where('p.country', '=', country);
    if (scope !== undefined) query = query.where('p.key', 'in', scope);
    if (model !== undefined) {
      const having = builder
        .selectFrom(sql.table<ModelSpan>(tables('partners', 'models')).as('m'))
        .select('m.key')
        .where('m.model', '=', model)
        .where('m.since', '<=', on)
        .where('m.before', '>', on);
      query = query.where('p.key', 'in', having);
    }
    if (providerId !== undefined) {
      const related = builder
        .selectFrom(sql.table<ProviderSpan>(tables('partners', 'providers')).as('r'))
        .select('r.key')
        .where('r.providerId', '=', providerId)
        .where('r.since', '<=', on)
        .where('r.through', '>=', on);
      query = query.where('p.key', 'in', related);
    }
    return query.compile();
  };
