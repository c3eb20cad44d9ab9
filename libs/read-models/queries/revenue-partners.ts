import { sql } from 'kysely';
import type { Position } from '../../event-log/event-log.js';
import type { QueryOf } from '../store.js';

interface OriginColumns {
  readonly partnerId: string;
  readonly origin: string;
  readonly since: number | null;
}
interface ImportColumns {
  readonly key: string;
  readonly completedAt: number;
}

/** Partners with an entry that was known at the position, in the order of their ids. */
export const partnersWithRevenueAfter =
  (after: string, limit: number, knownAt: Position): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<OriginColumns>(tables('origins')).as('o'))
      .leftJoin(sql.table<ImportColumns>(tables('imports')).as('i'), 'i.key', 'o.origin')
      .select('o.partnerId')
      .distinct()
      .where('o.partnerId', '>', after)
      .where((where) =>
        where.or([where('o.since', '<=', knownAt), where('i.completedAt', '<=', knownAt)]),
      )
      .orderBy('o.partnerId')
      .limit(limit)
      .compile();
