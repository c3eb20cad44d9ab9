import { hash } from 'node:crypto';
import type { AccountEvent } from '../../../domain/billing/account/account-events.js';
import type { PayerAccount } from '../../../domain/billing/account/payer-account.js';
import { type ChargesDue, recordCharges } from '../../../domain/billing/account/record-charges.js';
import { sourceKey } from '../../../domain/billing/charges/charge.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import { decided } from '../../engine/commands/decision.js';
import { accountFold } from '../billing-folds.js';
import type { Effects } from './effects.js';

/** The most charges of a payer in one append: each has about 600 bytes. */
const CHARGES_AN_APPEND = 800;
/** Charges that wait for others of the same payer. */
const CHARGES_WAITING = 4_000;

/**
 * Appends charges to the accounts of their payers, together for each payer. The id of an append
 * derives from its charges, so a repeat with other charges is another append, and the account keeps
 * each charge once.
 */
export class ChargeRecorder {
  private readonly waiting = new Map<Payer, ChargesDue[]>();
  private count = 0;

  constructor(private readonly effects: Effects) {}

  async add(due: readonly ChargesDue[]): Promise<void> {
    for (const one of due) {
      const ofPayer = this.waiting.get(one.payer) ?? [];
      ofPayer.push(one);
      this.waiting.set(one.payer, ofPayer);
      this.count += one.charges.length + one.blocked.length;
    }
    if (this.count >= CHARGES_WAITING) await this.flush();
  }

  /** Resolves when everything that was added is in the log. */
  async flush(): Promise<void> {
    const appends = [...this.waiting].flatMap(([payer, due]) =>
      inAppends(due).map((ofAppend) => ({ payer, due: ofAppend })),
    );
    this.waiting.clear();
    this.count = 0;
    await this.effects.inParallel(appends, ({ payer, due }) =>
      this.effects.commit<AccountEvent, PayerAccount>(
        `charges ${payer} ${digestOf(due)}`,
        accountFold(payer),
        ({ state }) => decided(recordCharges(state, due)),
      ),
    );
  }
}

function inAppends(due: readonly ChargesDue[]): readonly (readonly ChargesDue[])[] {
  const appends: ChargesDue[][] = [[]];
  let charges = 0;
  for (const one of due) {
    if (charges > 0 && charges + one.charges.length > CHARGES_AN_APPEND) {
      appends.push([]);
      charges = 0;
    }
    appends.at(-1)?.push(one);
    charges += one.charges.length;
  }
  return appends;
}

const digestOf = (due: readonly ChargesDue[]): string =>
  hash(
    'sha256',
    JSON.stringify(
      due.flatMap(({ entityId, charges, blocked, priced }) => [
        entityId,
        ...charges.map(({ chargeId }) => chargeId),
        ...blocked.map(({ source, from }) => `blocked ${sourceKey(source)} ${from}`),
        ...priced.map(({ source, from }) => `priced ${sourceKey(source)} ${from}`),
      ]),
    ),
  );
