import type { AccountEvent, RecordedCharge } from './account-events.js';
import { chargeIdsOf, type PayerAccount } from './payer-account.js';
import type { BillingEntity } from '../parties/billing-entity.js';
import type { Payer } from '../parties/billing-profile.js';
import type { Proposed, Recorded } from '../../shared/event.js';
import { type BillingEntityId, type ChargeId, tenantId } from '../../shared/ids.js';
import { accept, refuse, type Result } from '../../shared/result.js';

/** A charge that an operator records. The amount is negative for a credit. */
export interface ManualCharge {
  readonly entityId: BillingEntityId;
  readonly payer: Payer;
  readonly description: string;
  readonly amount: string;
  readonly currency: string;
  readonly taxCategory: string;
  readonly date: string;
  readonly reference: string;
}

/**
 * The stream `manualcharge-<chargeId>` assigns the id, which derives from the billing entity and the
 * reference, to one charge. So a reference is charged once, although each payer has its own account.
 */
export type ManualChargeEvent = Recorded<
  'ManualChargeAssigned',
  ManualCharge & { chargeId: ChargeId }
>;

export interface ManualChargeState {
  readonly assigned?: ManualCharge;
}

export const noManualCharge: ManualChargeState = {};

export function evolveManualCharge(
  { assigned }: ManualChargeState,
  { data: { chargeId: _chargeId, ...charge } }: ManualChargeEvent,
): ManualChargeState {
  return { assigned: assigned ?? charge };
}

export interface ChargeReferenceReused {
  readonly code: 'charge-reference-reused';
  readonly chargeId: string;
}

/** No events if the same charge is assigned already. */
export function assignManualCharge(
  chargeId: ChargeId,
  charge: ManualCharge,
  { assigned }: ManualChargeState,
): Result<readonly Proposed<ManualChargeEvent>[], ChargeReferenceReused> {
  if (!assigned) return accept([{ type: 'ManualChargeAssigned', data: { chargeId, ...charge } }]);
  return keyOf(assigned) === keyOf(charge)
    ? accept([])
    : refuse({ code: 'charge-reference-reused', chargeId });
}

/** Records the charge in the account of its payer; no events if it is there. */
export function recordManualCharge(
  chargeId: ChargeId,
  charge: ManualCharge,
  account: PayerAccount,
  { entityId, partnerId }: Pick<BillingEntity, 'entityId' | 'partnerId'>,
): readonly Proposed<AccountEvent>[] {
  for (const recorded of chargeIdsOf(account)) if (recorded === chargeId) return [];
  const { payer, amount, currency, date, description, taxCategory, reference } = charge;
  const recorded: RecordedCharge = {
    chargeId,
    type: 'manual',
    half: amount.startsWith('-') ? 'credit' : 'charge',
    reference,
    ...(payer.startsWith('customer:') && { tenantId: tenantId(payer.slice('customer:'.length)) }),
    description,
    family: 'manual',
    from: date,
    to: date,
    date,
    quantity: 1,
    unitPrice: amount,
    amount,
    taxCategory,
  };
  return [
    { type: 'ChargesRecorded', data: { entityId, currency, partnerId, charges: [recorded] } },
  ];
}

const keyOf = (charge: ManualCharge): string =>
  JSON.stringify([
    charge.entityId,
    charge.payer,
    charge.description,
    charge.amount,
    charge.currency,
    charge.taxCategory,
    charge.date,
    charge.reference,
  ]);
