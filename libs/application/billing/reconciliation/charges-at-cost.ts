import { Injectable } from '@nestjs/common';
import type { ChargeType } from '../../../domain/billing/charges/charge-basis.js';
import { sourceKey } from '../../../domain/billing/charges/charge.js';
import type { OurLine } from '../../../domain/billing/reconciliation/our-line.js';
import type { PartnerId, SubscriptionId } from '../../../domain/shared/ids.js';
import { EventLog, type Position } from '../../../event-log/event-log.js';
import { ReadModels } from '../../../read-models/read-models.js';
import {
  chargePosition,
  type ChargeRow,
  type ScanKey,
  type ScanPage,
} from '../../../read-models/subscriptions.js';
import { PastView } from '../../engine/states/view.js';
import { subscriptionFold } from '../../records/folds.js';
import { OurCharges, type OurChargesQuery } from './our-charges.js';

/** What a partner buys from Microsoft, by the key of the charges' source. */
interface Bought {
  readonly vendorIds: ReadonlyMap<string, string | undefined>;
  /** The partners that may issue charges for it: the partner and its resellers. */
  readonly issuers: ReadonlySet<PartnerId>;
}

/**
 * The charges from the read model, at cost. A subscription can be billed in two relations, by the
 * reseller and by its provider, at the same cost: each charge counts once.
 */
@Injectable()
export class ChargesAtCost extends OurCharges {
  constructor(
    private readonly log: EventLog,
    private readonly readModels: ReadModels,
  ) {
    super();
  }

  override async find(query: OurChargesQuery): Promise<readonly OurLine[]> {
    const { vendorIds, issuers } = await this.bought(query.partnerId, query.knownAt);
    const charges = new Map<string, ChargeRow>();
    for (const partnerId of issuers) {
      for await (const row of this.chargesOf(partnerId, query)) {
        if (!row.source || !row.cost || !vendorIds.has(sourceKey(row.source))) continue;
        const key = keyInBothRelations(row);
        if (row.relation === 'customer' || !charges.has(key)) charges.set(key, row);
      }
    }
    return [...charges.values()].flatMap((row) =>
      ourLine(row, row.source && vendorIds.get(sourceKey(row.source))),
    );
  }

  /** Microsoft bills the provider of a reseller, and else the seller itself. */
  private async bought(partnerId: PartnerId, knownAt: Position): Promise<Bought> {
    const vendorIds = new Map<string, string | undefined>();
    const issuers = new Set<PartnerId>([partnerId]);
    const subscriptions = (after: ScanKey | undefined) =>
      this.readModels.scanSubscriptions({ partnerId, covering: knownAt, after });
    for await (const { record, position } of allOf(subscriptions)) {
      const { subscriptionId, sold } = record;
      if ((sold.providerId ?? sold.partnerId) !== partnerId || position > knownAt) continue;
      issuers.add(sold.partnerId);
      vendorIds.set(
        sourceKey({ subscriptionId }),
        await this.vendorIdAt(subscriptionId, record.vendorId, knownAt),
      );
    }
    const orders = (after: ScanKey | undefined) =>
      this.readModels.scanOneTimeOrders({ partnerId, covering: knownAt, after });
    for await (const { order, position } of allOf(orders)) {
      if (position > knownAt) continue;
      for (const { line, sold } of order.lines) {
        if ((sold.providerId ?? sold.partnerId) !== partnerId) continue;
        issuers.add(sold.partnerId);
        vendorIds.set(sourceKey({ orderId: order.orderId, line }), undefined);
      }
    }
    return { vendorIds, issuers };
  }

  private async *chargesOf(
    partnerId: PartnerId,
    { currency, months, knownAt }: OurChargesQuery,
  ): AsyncGenerator<ChargeRow> {
    const pages = (after: ScanKey | undefined) =>
      this.readModels.scanIssuerCharges({ partnerId, currency, months, covering: knownAt, after });
    for await (const row of allOf(pages)) if (chargePosition(row) <= knownAt) yield row;
  }

  /** The row has the vendor's id of the log's end; at an earlier position it may be another one. */
  private async vendorIdAt(
    subscriptionId: SubscriptionId,
    latest: string | undefined,
    knownAt: Position,
  ): Promise<string | undefined> {
    if (knownAt >= (await this.log.head())) return latest;
    const { state } = await new PastView(this.log, knownAt).load(subscriptionFold(subscriptionId));
    return state.record?.vendorId;
  }
}

const keyInBothRelations = ({ source, type, from, half, causedBy }: ChargeRow): string =>
  JSON.stringify([source && sourceKey(source), type, from, half, causedBy]);

function ourLine(row: ChargeRow, vendorId: string | undefined): readonly OurLine[] {
  const { chargeId, type, tenantId, offerId, from, to, cost, term } = row;
  if (type === 'manual' || !tenantId || !offerId || !cost) return [];
  const charge: ChargeType = type;
  return [
    {
      chargeId,
      type: charge,
      tenantId,
      offerId,
      from,
      to,
      cost,
      ...(term && { term }),
      ...(vendorId !== undefined && { vendorId }),
    },
  ];
}

async function* allOf<Item>(
  pageAfter: (after: ScanKey | undefined) => Promise<ScanPage<Item>>,
): AsyncGenerator<Item> {
  for (let after: ScanKey | undefined; ;) {
    const { items, next } = await pageAfter(after);
    yield* items;
    if (next === undefined) return;
    after = next;
  }
}
