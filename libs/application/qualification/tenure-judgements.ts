import { type Program, requiredPolicyOn } from '../../domain/program/program.js';
import type { Partner } from '../../domain/partner/partner.js';
import { providersOfTenure, type Tenure, tenureOf } from '../../domain/qualification/tenure.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import type { PartnerView } from '../../read-models/version-queries.js';
import type { ReadModels } from '../../read-models/read-models.js';

export interface TenuresAt {
  readonly asOf: string;
  readonly knownAt: Position;
  /** As known at `knownAt`. */
  readonly program: Program;
}

export interface JudgedTenure {
  readonly partner: Partner;
  readonly tenure: Tenure;
}

/**
 * Judges the tenure of every partner that was registered at `knownAt`, a page at a time, in the
 * order of their registration.
 */
export async function* judgedTenures(
  readModels: ReadModels,
  { asOf, knownAt, program }: TenuresAt,
  partnerIds?: readonly PartnerId[],
): AsyncGenerator<readonly JudgedTenure[]> {
  const { policy } = requiredPolicyOn(program, asOf);
  for (let after: Position | undefined; ;) {
    const { items, next } = await readModels.scanPartners('tenure', {
      knownAt,
      after,
      partnerIds,
    });
    const partners = items.filter(({ registration }) => registration !== undefined);
    const providers = await tenureProviders(readModels, 'tenure', partners, knownAt);
    yield partners.map((partner) => ({
      partner,
      tenure: tenureOf(partner, providers, { asOf, policy }),
    }));
    if (next === undefined) return;
    after = next;
  }
}

/** The providers that these partners' tenure depends on, each read once. */
export async function tenureProviders(
  readModels: ReadModels,
  view: PartnerView,
  partners: readonly Partner[],
  knownAt: Position,
): Promise<ReadonlyMap<PartnerId, Partner>> {
  const providerIds = [...new Set(partners.flatMap(providersOfTenure))];
  const providers =
    providerIds.length === 0 ? [] : await readModels.partnersAtPosition(view, providerIds, knownAt);
  return new Map(providers.map((provider) => [provider.partnerId, provider]));
}
