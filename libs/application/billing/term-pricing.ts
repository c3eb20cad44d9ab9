import { Injectable } from '@nestjs/common';
import {
  type Known,
  lockedPrice,
  revisionsForTerm,
} from '../../domain/billing/prices/price-lock.js';
import type {
  IssuedPrice,
  LockedPrices,
  TermToPrice,
} from '../../domain/billing/prices/term-prices.js';
import type { BillingEntity } from '../../domain/billing/parties/billing-entity.js';
import { isSoldIn } from '../../domain/catalog/partner-offers.js';
import type { OfferPriceKey, PriceRow } from '../../domain/catalog/price-list.js';
import type { PublishedImport } from '../../domain/catalog/published-import.js';
import { rowForTerm } from '../../domain/catalog/rows-in-force.js';
import { monthOf } from '../../domain/shared/calendar.js';
import type { ImportId, PartnerId } from '../../domain/shared/ids.js';
import { EventLog, type Position } from '../../event-log/event-log.js';
import type { Fold } from '../engine/states/fold.js';
import { StateHistory } from '../engine/states/state-history.js';
import { PriceRows } from '../gate/price-rows.js';
import { partnerOffersFold, priceListFold, sellingPricesFold } from '../records/folds.js';
import { partnerBillingFold } from './billing-folds.js';

/** A partner that bills, with its selling price for the term. */
interface Issuer {
  readonly partnerId: PartnerId;
  readonly entity: Known<BillingEntity>;
  readonly sellingPrice: Known<string> | undefined;
}

/**
 * The prices of a term in both relations, and its cost. They follow from the log alone: the
 * revisions in force at the position at which the term began count, else the first ones after it
 * (docs/billing.md). Rows are looked up by offer; published rows never change.
 */
@Injectable()
export class TermPricing {
  private readonly history: StateHistory;

  constructor(
    log: EventLog,
    private readonly priceRows: PriceRows,
  ) {
    this.history = new StateHistory(log);
  }

  /**
   * As published by `knownAt`, which is at or after the term's beginning. A price that is known at
   * a position is the same at every later one, so `knownAt` may be the end of a page of events.
   */
  async pricesOf(term: TermToPrice, knownAt: Position): Promise<LockedPrices> {
    const { family, seller, provider, beganAt } = term;
    const isOwned = family === 'partner-owned';
    // Side by side: over EventStoreDB each reads from a server.
    const [row, ofSeller, ofProvider] = await Promise.all([
      this.listRow(term, knownAt),
      this.issuer(term, seller, knownAt),
      provider === undefined || isOwned ? undefined : this.issuer(term, provider, knownAt),
    ]);
    const cost = isOwned ? undefined : row?.value.unitPrice;
    const customer = ofSeller && issuedPrice(ofSeller, row, beganAt);
    const reseller = ofProvider && issuedPrice(ofProvider, row, beganAt);
    return {
      ...(cost !== undefined && { cost }),
      ...(typeof customer === 'object' && { customer }),
      ...(typeof reseller === 'object' && { reseller }),
      ...(row?.value.taxCategory !== undefined && { taxCategory: row.value.taxCategory }),
      missing: [
        ...(row === undefined && !isOwned ? (['cost'] as const) : []),
        ...(customer === 'missing' ? (['customer'] as const) : []),
        ...(reseller === 'missing' ? (['reseller'] as const) : []),
      ],
    };
  }

  /** Undefined: the partner has no billing entity, so it bills no one. */
  private async issuer(
    term: TermToPrice,
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<Issuer | undefined> {
    const entity = await this.entityOf(term, partnerId, knownAt);
    if (!entity) return undefined;
    return { partnerId, entity, sellingPrice: await this.sellingPrice(term, partnerId, knownAt) };
  }

  private async entityOf(
    term: TermToPrice,
    issuer: PartnerId,
    knownAt: Position,
  ): Promise<Known<BillingEntity> | undefined> {
    const states = await this.history.upTo(partnerBillingFold(issuer), knownAt);
    for (const { position, state } of revisionsForTerm(states, term.beganAt))
      if (state.entity) return { position, value: state.entity };
    return undefined;
  }

  private listRow(term: TermToPrice, knownAt: Position): Promise<Known<PriceRow> | undefined> {
    const { family, market, seller, offerId } = term;
    const month = monthOf(term.from);
    const list =
      family === 'partner-owned' ? partnerOffersFold(seller, month) : priceListFold(market, month);
    const rowsOf = async (importId: ImportId): Promise<readonly PriceRow[]> => {
      const rows = (await this.priceRows.of(importId)).get(offerId) ?? [];
      return rows.filter((row) => isSoldIn(row, market));
    };
    return this.rowIn(list, rowsOf, term, knownAt);
  }

  private async sellingPrice(
    term: TermToPrice,
    issuer: PartnerId,
    knownAt: Position,
  ): Promise<Known<string> | undefined> {
    if (term.family === 'partner-owned') return undefined;
    const row = await this.rowIn(
      sellingPricesFold(issuer, term.market, monthOf(term.from)),
      async (importId) => (await this.priceRows.sellingPricesOf(importId)).get(term.offerId) ?? [],
      term,
      knownAt,
    );
    return row && { position: row.position, value: row.value.sellingPrice };
  }

  /** The row of the first revision that counts for the term and has one. */
  private async rowIn<Row extends OfferPriceKey>(
    fold: Fold<{ readonly published?: PublishedImport }>,
    rowsOf: (importId: ImportId) => Promise<readonly Row[]>,
    term: TermToPrice,
    knownAt: Position,
  ): Promise<Known<Row> | undefined> {
    const revisions = await this.history.upTo(fold, knownAt);
    for (const { position, state } of revisionsForTerm(revisions, term.beganAt)) {
      if (!state.published) continue;
      const rows = await rowsOf(state.published.importId);
      const value = rowForTerm(rows, term, term.from, term.quantity);
      if (value) return { position, value };
    }
    return undefined;
  }
}

function issuedPrice(
  { partnerId, entity, sellingPrice }: Issuer,
  row: Known<PriceRow> | undefined,
  beganAt: Position,
): IssuedPrice | 'missing' {
  const unitPrice = lockedPrice({ entity, row, sellingPrice }, beganAt);
  return unitPrice === undefined
    ? 'missing'
    : { entityId: entity.value.entityId, issuer: partnerId, unitPrice };
}
