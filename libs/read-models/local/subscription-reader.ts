import type { Projection } from '../projection.js';
import { chargesProjection } from '../projections/charges.projection.js';
import { subscriptionsProjection } from '../projections/subscriptions.projection.js';
import { cursorOf, isPositionKey, keyOf, limitOf, page } from '../queries/cursor.js';
import { blockedAfter, chargesAfter, issuerChargesAfter } from '../queries/list-charges.js';
import {
  SCAN_ROWS,
  scannedOneTimeOrders,
  scannedSubscriptions,
  subscriptionsAfter,
} from '../queries/list-subscriptions.js';
import type { List } from '../read-models.js';
import type { QueryOf, Selected } from '../store.js';
import type {
  BlockedRow,
  BlockedScan,
  ChargeRow,
  ChargesQuery,
  IssuerChargesScan,
  OneTimeOrderRow,
  OneTimeOrderScan,
  ScanKey,
  ScanPage,
  SubscriptionRow,
  SubscriptionScan,
  SubscriptionsQuery,
} from '../subscriptions.js';
import type { ScopeFilter } from './scope-filter.js';

/** Runs a query once the projection's rows cover the position. */
type Select = (
  projection: Projection,
  query: QueryOf,
  covering?: number,
) => Promise<Selected['rows']>;

/** Reads subscriptions and charges: lists, and the selections that billing processes. */
export class SubscriptionReader {
  constructor(
    private readonly select: Select,
    private readonly scopes: ScopeFilter,
  ) {}

  async list(query: SubscriptionsQuery): Promise<List<SubscriptionRow>> {
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [-1];
    const found = await this.scopes.rowsAfter<SubscriptionRow>(
      after,
      limit + 1,
      query.scope,
      (from, rows) =>
        this.rows(
          subscriptionsProjection,
          subscriptionsAfter(from, rows, query),
          query.minPosition,
        ),
    );
    const { items, nextCursor } = page(found.items, limit, ({ position }) => [position]);
    return {
      items,
      nextCursor: found.through === undefined ? nextCursor : cursorOf([found.through]),
    };
  }

  async listCharges(query: ChargesQuery): Promise<List<ChargeRow>> {
    const limit = limitOf(query);
    const [after] = keyOf(query.cursor, isPositionKey) ?? [-1];
    const rows = await this.rows<ChargeRow>(
      chargesProjection,
      chargesAfter(after, limit + 1, query),
      query.minPosition,
    );
    return page(rows, limit, ({ sequence }) => [sequence]);
  }

  async subscriptions(scan: SubscriptionScan): Promise<ScanPage<SubscriptionRow>> {
    const query = scannedSubscriptions(scan);
    return scanned(
      await this.rows<SubscriptionRow>(subscriptionsProjection, query, scan.covering),
      ({ tenantId, position }) => [tenantId, position],
    );
  }

  async oneTimeOrders(scan: OneTimeOrderScan): Promise<ScanPage<OneTimeOrderRow>> {
    const query = scannedOneTimeOrders(scan);
    return scanned(
      await this.rows<OneTimeOrderRow>(subscriptionsProjection, query, scan.covering),
      ({ position }) => [position],
    );
  }

  async chargesOfIssuer(scan: IssuerChargesScan): Promise<ScanPage<ChargeRow>> {
    return scanned(
      await this.rows<ChargeRow>(chargesProjection, issuerChargesAfter(scan), scan.covering),
      ({ sequence }) => [sequence],
    );
  }

  async blockedCharges(scan: BlockedScan): Promise<ScanPage<BlockedRow>> {
    return scanned(
      await this.rows<BlockedRow>(chargesProjection, blockedAfter(scan), scan.covering),
      ({ position }) => [position],
    );
  }

  private async rows<Item>(
    projection: Projection,
    query: QueryOf,
    covering?: number,
  ): Promise<readonly Item[]> {
    // The projection writes the rows of its tables in their own types.
    return (await this.select(projection, query, covering)).map(
      ({ row }) => JSON.parse(String(row)) as Item,
    );
  }
}

function scanned<Item>(items: readonly Item[], keyOf: (item: Item) => ScanKey): ScanPage<Item> {
  const last = items.at(-1);
  return last === undefined || items.length < SCAN_ROWS ? { items } : { items, next: keyOf(last) };
}
