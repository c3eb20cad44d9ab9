import type { OrderId } from '../../domain/shared/ids.js';
import type { LogReader, Position } from '../../event-log/event-log.js';
import { ReadModelBehind } from '../errors.js';
import type { Projection } from '../projection.js';
import { ordersProjection } from '../projections/orders.projection.js';
import { cursorOf, isPositionKey, keyOf, limitOf, page } from '../queries/cursor.js';
import { orderById, ordersAfter } from '../queries/list-orders.js';
import {
  isAskedFor,
  SCAN_PAGE_ROWS,
  orderAtPosition,
  ordersAtPositionAfter,
} from '../queries/orders-at-position.js';
import { confirmedThrough, listed } from '../queries/pending.js';
import type {
  OrdersAtPosition,
  OrdersAtPositionQuery,
  List,
  OrderLocation,
  OrdersQuery,
} from '../read-models.js';
import type { ListedOrder, OrderRow } from '../rows.js';
import type { QueryOf, ReadModelStore, Selected } from '../store.js';
import { assertNotStopped, type Freshness } from './freshness.js';
import type { ScopeFilter } from './scope-filter.js';

/** Runs a query once the projection's rows cover the position. */
type Select = (
  projection: Projection,
  query: QueryOf,
  covering?: Position,
) => Promise<Selected['rows']>;

interface Parts {
  readonly log: LogReader;
  readonly store: ReadModelStore;
  readonly freshness: Freshness;
}

/** Reads orders: a list, one by its id, and those known at a position. */
export class OrderReader {
  constructor(
    private readonly parts: Parts,
    private readonly select: Select,
    private readonly scopes: ScopeFilter,
  ) {}

  async list(query: OrdersQuery): Promise<List<ListedOrder>> {
    const through =
      query.validation &&
      confirmedThrough(query.validation, await this.foldedThrough(query.minPosition));
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [-1];
    const found = await this.scopes.rowsAfter<OrderRow>(
      after,
      limit + 1,
      query.scope,
      (from, rows) => this.rows(ordersAfter(from, rows, query, through), query.minPosition),
    );
    const { items, nextCursor } = page(found.items, limit, ({ position }) => [position]);
    const goesOn = found.through === undefined ? nextCursor : cursorOf([found.through]);
    return { items: items.map((row) => listed(row, through)), nextCursor: goesOn };
  }

  async find(orderId: OrderId, minPosition?: Position): Promise<OrderLocation | undefined> {
    const [row] = await this.atHeadIfNone(orderById(orderId), minPosition);
    if (!row) return undefined;
    // The orders projection wrote the row.
    const { tenantId, partnerId, status, revision, position } = JSON.parse(
      String(row['row']),
    ) as OrderRow;
    return { tenantId, partnerId, status, revision, position };
  }

  async atPosition(query: OrdersAtPositionQuery): Promise<OrdersAtPosition> {
    const { knownAt, asOf, foldedThrough = knownAt } = query;
    await this.parts.freshness.reach(ordersProjection, foldedThrough);
    const { build, rows } = await this.parts.store.select(
      ordersProjection.name,
      ordersAtPositionAfter(query),
    );
    if (build) assertNotStopped(build);
    // Rows of an older version lack the positions at which an order changed. They are being
    // rebuilt.
    if (build?.version !== ordersProjection.version)
      throw new ReadModelBehind(ordersProjection.name, Math.max(foldedThrough, 0), -1);
    // The orders projection wrote these rows.
    const orders = rows.map(({ row }) => JSON.parse(String(row)) as OrderRow);
    const known = orders
      .map((row) => orderAtPosition(row, knownAt, asOf))
      .filter((order) => isAskedFor(order, query));
    const items = await this.scopes.kept(known, query.scope);
    return { items, next: orders.length < SCAN_PAGE_ROWS ? undefined : orders.at(-1)?.position };
  }

  /** Rows that are read after this call include at least the events up to this position. */
  private async foldedThrough(minPosition: Position = -1): Promise<Position> {
    const build = (await this.parts.store.builds()).find(
      ({ projection, role }) => projection === ordersProjection.name && role === 'live',
    );
    return Math.max(build?.checkpoint.position ?? -1, minPosition);
  }

  /**
   * An order is reported as missing only after its row was also looked up at the log's current
   * head.
   */
  private async atHeadIfNone(query: QueryOf, minPosition?: Position) {
    const rows = await this.select(ordersProjection, query, minPosition);
    return rows.length > 0
      ? rows
      : this.select(ordersProjection, query, await this.parts.log.head());
  }

  private async rows(query: QueryOf, minPosition?: Position): Promise<readonly OrderRow[]> {
    // The orders projection wrote the rows.
    return (await this.select(ordersProjection, query, minPosition)).map(
      ({ row }) => JSON.parse(String(row)) as OrderRow,
    );
  }
}
