import type { Evidence } from '../gate/case/rule.js';
import { latestOn, type Partner } from '../partner/partner.js';
import type { DatedFact } from '../shared/dated-fact.js';
import type { PartnerId } from '../shared/ids.js';

/**
 * The events of a partner's tenure: every fact of its conditions that was in force on some day of
 * the run. Without a run, the facts of the requested day and the last one of each kind, which show
 * why there is none.
 */
export function tenureEvidence(
  partner: Partner,
  providers: ReadonlyMap<PartnerId, Partner>,
  { since, asOf }: { readonly since: string | undefined; readonly asOf: string },
): Evidence {
  const from = since ?? asOf;
  const relationships = overlapping(partner.facts.providerRelationship, from, asOf);
  return [
    ...modelsBehind(partner, from, asOf),
    ...overlapping(partner.facts.membership, from, asOf).map(({ proofs }) => proofs),
    ...relationships.flatMap(({ value: { providerId }, proofs }) => {
      const provider = providers.get(providerId);
      if (!provider) return [proofs];
      const authorizations = overlapping(provider.facts.providerAuthorization, from, asOf).map(
        (fact) => fact.proofs,
      );
      return [proofs, ...modelsBehind(provider, from, asOf), ...authorizations];
    }),
  ];
}

function overlapping<Value>(
  facts: readonly DatedFact<Value>[],
  from: string,
  to: string,
): readonly DatedFact<Value>[] {
  const overlapping = facts.filter(
    (fact) =>
      !fact.retracted && (fact.from ?? '') <= to && (fact.to === undefined || from <= fact.to),
  );
  return overlapping.length > 0 ? overlapping : facts.slice(-1);
}

/** The model that the span began with, and those that came into force in it. */
function modelsBehind({ models }: Partner, from: string, to: string): Evidence {
  const first = latestOn(models, from);
  return models
    .filter(
      (model) =>
        model === first || (model.from !== undefined && from < model.from && model.from <= to),
    )
    .map(({ proof }) => proof);
}
