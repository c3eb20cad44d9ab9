import type { OurLine } from '../../../domain/billing/reconciliation/our-line.js';
import type { PartnerId } from '../../../domain/shared/ids.js';
import type { Position } from '../../../event-log/event-log.js';

export interface OurChargesQuery {
  /** The partner that Microsoft bills. */
  readonly partnerId: PartnerId;
  /** ISO 4217. */
  readonly currency: string;
  /** `YYYY-MM`: the months in which the charges are dated. */
  readonly months: readonly string[];
  /** Only charges that were recorded by then. */
  readonly knownAt: Position;
}

/** Our charges for what a partner buys from Microsoft, at cost. */
export abstract class OurCharges {
  abstract find(query: OurChargesQuery): Promise<readonly OurLine[]>;
}
