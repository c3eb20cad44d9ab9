import type { Draft, Ledger } from '../../../domain/billing/account/payer-account.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import type { BlockedPayer, RunRequest } from '../../../domain/billing/runs/billing-run.js';
import {
  blockedPrices,
  chargesDue,
  composeDrafts,
} from '../../../domain/billing/runs/compose-drafts.js';
import { type BillingEntityId, type BillingRunId } from '../../../domain/shared/ids.js';
import { documentIdOf } from '../../../event-log/identity.js';
import type { ComposedForEntity } from './payer-documents.js';
import type { RunFacts } from './run-facts.js';

export interface ComposedRun extends RunRequest {
  readonly runId: BillingRunId;
}

/** Composes the documents of a run for one payer after another. */
export class RunComposition {
  constructor(
    private readonly run: ComposedRun,
    private readonly facts: RunFacts,
  ) {}

  isInScope(entityId: BillingEntityId): boolean {
    return this.run.entityIds?.includes(entityId) ?? true;
  }

  /**
   * The documents of one issuer and payer. One missing part blocks the payer there, in all
   * currencies.
   */
  async compose(
    payer: Payer,
    payerName: string | undefined,
    entityId: BillingEntityId,
    ledgers: readonly Ledger[],
  ): Promise<ComposedForEntity> {
    const { runId, period } = this.run;
    const due = ledgers
      .map((ledger) => ({ ledger, charges: chargesDue(ledger, period) }))
      .filter(({ charges }) => charges.length > 0);
    const [unpriced] = ledgers.flatMap((ledger) => blockedPrices(ledger, period));
    const blocked: BlockedPayer[] = unpriced ? [{ entityId, payer, ...unpriced }] : [];
    if (due.length === 0) return blocked.length > 0 ? { blocked } : { drafts: [] };

    const { entity, rateTables } = await this.facts.issuer(entityId);
    const profile = await this.facts.profileOf(payer);
    const drafts: Draft[] = [];
    for (const { ledger, charges } of due) {
      const { currency } = ledger;
      const composed = composeDrafts(
        ledger,
        charges,
        // A payer with a profile is registered, so it has a name.
        { entity, rateTables, profile, payerName: payerName ?? payer },
        {
          runId,
          period,
          payer,
          documentIdOf: (kind) => documentIdOf(runId, { payer, entityId, currency, kind }),
        },
      );
      if (composed.ok) drafts.push(...composed.value);
      else if (!blocked.some(({ code }) => code === composed.refusal.code))
        blocked.push({ entityId, payer, ...composed.refusal });
    }
    return blocked.length > 0 ? { blocked } : { drafts };
  }
}
