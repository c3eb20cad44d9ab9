import type { BillingEntity } from '../../../domain/billing/parties/billing-entity.js';
import type { BillingProfile, Payer } from '../../../domain/billing/parties/billing-profile.js';
import type { TaxRateTable } from '../../../domain/billing/tax/line-tax.js';
import { type BillingEntityId, streamName, type StreamName } from '../../../domain/shared/ids.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import { PastView, RememberedView, type View } from '../../engine/states/view.js';
import { billingEntityOf, billingProfileFold, taxRatesFold } from '../billing-folds.js';

export interface Issuer {
  readonly entity: BillingEntity;
  /** The tax rates of the entity's country. */
  readonly rateTables: readonly TaxRateTable[];
}

/**
 * What a run states on its documents, as it was known when the run was requested: then a run that
 * is continued composes the same documents.
 */
export class RunFacts {
  private readonly past: View;
  /** A view that caches the states of the issuers, which are few. */
  private readonly remembered: View;

  constructor(
    log: EventLog,
    private readonly readModels: Pick<ReadModels, 'namesAtPosition'>,
    private readonly knownAt: Position,
  ) {
    this.past = new PastView(log, knownAt);
    this.remembered = new RememberedView(this.past);
  }

  async issuer(entityId: BillingEntityId): Promise<Issuer> {
    const entity = await billingEntityOf(this.remembered, entityId);
    const { country } = entity.address;
    const { tables } = (await this.remembered.load(taxRatesFold(country, ''))).state;
    return { entity, rateTables: tables };
  }

  async profileOf(payer: Payer): Promise<BillingProfile | undefined> {
    return (await this.past.load(billingProfileFold(payer))).state.profile;
  }

  /** The legal names of payers. */
  async namesOf(payers: readonly Payer[]): Promise<ReadonlyMap<Payer, string>> {
    const names = await this.readModels.namesAtPosition(payers.map(recordStream), this.knownAt);
    return new Map(
      payers.flatMap((payer) => {
        const name = names[recordStream(payer)];
        return name === undefined ? [] : [[payer, name]];
      }),
    );
  }
}

/** The stream of the payer's record: `customer-<tenantId>` or `partner-<partnerId>`. */
const recordStream = (payer: Payer): StreamName => streamName(payer.replace(':', '-'));
