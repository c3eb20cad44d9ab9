import type { Position } from '../../event-log/event-log.js';
import type { Projection } from '../projection.js';
import { customersProjection } from '../projections/customers.projection.js';
import { customersInScope } from '../queries/list-customers.js';
import type { ScopeToday } from '../read-models.js';
import type { QueryOf, Selected } from '../store.js';

/** Runs a query once the projection's rows cover the position. */
type Select = (
  projection: Projection,
  query: QueryOf,
  covering: Position,
) => Promise<Selected['rows']>;
interface OfCustomer {
  readonly tenantId: string;
}

/**
 * A page is filled from at most this many rows. A shorter page has a cursor that continues after
 * them.
 */
const ROWS_SCANNED_AT_MOST = 10_000;
const ROWS_A_LOOK = 500;

/** Leaves out rows of customers outside a scope, as the scope is at the log's head. */
export class ScopeFilter {
  constructor(
    private readonly select: Select,
    private readonly head: () => Promise<Position>,
  ) {}

  /** Raises the position, so that rows reflect the end of every scope that has ended. */
  async covering(
    scope: ScopeToday | undefined,
    minPosition: Position | undefined,
  ): Promise<Position | undefined> {
    return scope === undefined ? minPosition : Math.max(minPosition ?? -1, await this.head());
  }

  async kept<Item extends OfCustomer>(
    items: readonly Item[],
    scope: ScopeToday | undefined,
  ): Promise<readonly Item[]> {
    if (scope === undefined || items.length === 0) return items;
    const tenantIds = [...new Set(items.map(({ tenantId }) => tenantId))];
    const rows = await this.select(
      customersProjection,
      customersInScope(tenantIds, scope),
      await this.head(),
    );
    const inScope = new Set(rows.map(({ key }) => String(key)));
    return items.filter(({ tenantId }) => inScope.has(tenantId));
  }

  /**
   * The first rows in scope after a position, up to the requested number; `through` is the position
   * up to which rows were examined.
   */
  async rowsAfter<Item extends OfCustomer & { readonly position: Position }>(
    after: Position,
    wanted: number,
    scope: ScopeToday | undefined,
    read: (after: Position, rows: number) => Promise<readonly Item[]>,
  ): Promise<{ readonly items: readonly Item[]; readonly through?: Position }> {
    if (scope === undefined) return { items: await read(after, wanted) };
    const items: Item[] = [];
    let through = after;
    for (let scanned = 0; scanned < ROWS_SCANNED_AT_MOST; scanned += ROWS_A_LOOK) {
      const rows = await read(through, ROWS_A_LOOK);
      items.push(...(await this.kept(rows, scope)));
      if (items.length >= wanted || rows.length < ROWS_A_LOOK)
        return { items: items.slice(0, wanted) };
      through = rows.at(-1)?.position ?? through;
    }
    return { items, through };
  }
}
