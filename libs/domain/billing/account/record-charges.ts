import type { Proposed } from '../../shared/event.js';
import type { PartnerId } from '../../shared/ids.js';
import type { Relation } from '../charges/charge.js';
import type { Payer } from '../parties/billing-profile.js';
import type { AccountEvent, BlockedCharges, LedgerName, RecordedCharge } from './account-events.js';
import { chargeIdsOf, isSameTerm, ledgerOf, type PayerAccount } from './payer-account.js';

/** Charges that are due in one ledger of a payer, and terms that have no price yet. */
export interface ChargesDue extends LedgerName {
  readonly payer: Payer;
  /** The issuer. */
  readonly partnerId: PartnerId;
  readonly relation: Relation;
  readonly charges: readonly RecordedCharge[];
  readonly blocked: readonly BlockedCharges[];
  /** The terms of the charges: their prices are known. */
  readonly priced: readonly Pick<BlockedCharges, 'source' | 'from'>[];
}

const CHARGES_AN_EVENT = 200;

/** Records what the account does not have yet. A charge is in an account once, by its id. */
export function recordCharges(
  account: PayerAccount,
  due: readonly ChargesDue[],
): readonly Proposed<AccountEvent>[] {
  const isNew = newIds(account, due);
  return [...Map.groupBy(due, ledgerKey).values()].flatMap((ofLedger) => {
    const [{ entityId, currency, partnerId, relation }] = ofLedger as [ChargesDue];
    const ledger = { entityId, currency };
    const { blocked } = ledgerOf(account, ledger);
    const charges = ofLedger.flatMap((one) => one.charges).filter(isNew);
    const unblocked = blocked.filter((term) =>
      ofLedger.some(({ priced }) => priced.some((one) => isSameTerm(one, term))),
    );
    const newlyBlocked = ofLedger
      .flatMap((one) => one.blocked)
      .filter((term) => !blocked.some((known) => isSameTerm(known, term)));
    return [
      ...inChunks(charges).map((chunk): Proposed<AccountEvent> => ({
        type: 'ChargesRecorded',
        data: { ...ledger, partnerId, relation, charges: chunk },
      })),
      ...unblocked.map(({ source, from }): Proposed<AccountEvent> => ({
        type: 'ChargesUnblocked',
        data: { ...ledger, source, from },
      })),
      ...newlyBlocked.map((term): Proposed<AccountEvent> => ({
        type: 'ChargesBlocked',
        data: { ...ledger, partnerId, relation, ...term },
      })),
    ];
  });
}

const ledgerKey = ({ entityId, currency, relation }: ChargesDue): string =>
  JSON.stringify([entityId, currency, relation]);

/** True once for each charge that the account does not have. */
function newIds(
  account: PayerAccount,
  due: readonly ChargesDue[],
): (charge: RecordedCharge) => boolean {
  const ids = new Set(due.flatMap(({ charges }) => charges.map(({ chargeId }) => chargeId)));
  for (const recorded of chargeIdsOf(account)) ids.delete(recorded);
  return ({ chargeId }) => ids.delete(chargeId);
}

const inChunks = (charges: readonly RecordedCharge[]): readonly (readonly RecordedCharge[])[] =>
  Array.from({ length: Math.ceil(charges.length / CHARGES_AN_EVENT) }, (_, index) =>
    charges.slice(index * CHARGES_AN_EVENT, (index + 1) * CHARGES_AN_EVENT),
  );
