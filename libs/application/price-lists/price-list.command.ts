import { Command } from '@nestjs/cqrs';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { RejectedRow } from '../csv/csv-records.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

export type PriceListRefusal =
  | { readonly code: 'partner-unknown' }
  | {
      readonly code: 'market-unknown';
      readonly market: string;
      readonly marketCodes: readonly string[];
    }
  | {
      readonly code: 'price-list-rejected';
      readonly accepted: number;
      readonly rejected: readonly RejectedRow[];
      readonly rejectedCount: number;
      readonly skipped: number;
      readonly columnsNotRead: readonly string[];
    };

/** What was read from an uploaded list. */
export interface PriceListReport {
  readonly accepted: number;
  /** The number of trial rows and deleted rows; they cannot be ordered. */
  readonly skipped: number;
  readonly columnsNotRead: readonly string[];
}

export interface PriceListOutcome {
  readonly outcome: Outcome<PriceListRefusal>;
  /** Absent if the list was refused. */
  readonly report?: PriceListReport;
}

/** Publishes a market's price list for one month. If one row is rejected, nothing is published. */
export class PublishPriceList extends Command<PriceListOutcome> {
  constructor(
    readonly context: CommandContext,
    /** Microsoft's market code. */
    readonly market: string,
    /** `YYYY-MM`. */
    readonly month: string,
    /** CSV, UTF-8, with Partner Center's columns. */
    readonly csv: Uint8Array,
  ) {
    super();
  }
}

/** Publishes the prices at which a partner sells in a market in one month. */
export class PublishSellingPrices extends Command<PriceListOutcome> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    /** Microsoft's market code. */
    readonly market: string,
    /** `YYYY-MM`. */
    readonly month: string,
    /** CSV, UTF-8: the key of a price list, and `SellingPrice` or `UnitPrice`. */
    readonly csv: Uint8Array,
  ) {
    super();
  }
}

/** Publishes a partner's own offers for one month. */
export class PublishPartnerOffers extends Command<PriceListOutcome> {
  constructor(
    readonly context: CommandContext,
    readonly partnerId: PartnerId,
    /** `YYYY-MM`. */
    readonly month: string,
    /** CSV, UTF-8, with the columns of a price list. */
    readonly csv: Uint8Array,
  ) {
    super();
  }
}
