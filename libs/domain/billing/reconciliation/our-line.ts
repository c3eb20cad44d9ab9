import type { ChargeType } from '../charges/charge-basis.js';

/** A charge of ours, at cost. */
export interface OurLine {
  readonly chargeId: string;
  readonly tenantId: string;
  readonly offerId: string;
  readonly type: ChargeType;
  readonly from: string;
  readonly to: string;
  readonly cost: string;
  /** Of a subscription; a one-time purchase has none. */
  readonly term?: { readonly from: string; readonly to: string };
  /** Microsoft's id of the subscription, where it is known. */
  readonly vendorId?: string;
}
