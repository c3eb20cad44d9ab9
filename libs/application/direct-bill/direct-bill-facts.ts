import { requiredPolicyOn } from '../../domain/program/program.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { DirectBillFacts } from '../../domain/direct-bill/direct-bill-rule.js';
import { revenueWindow } from '../../domain/qualification/revenue-window.js';
import { providersOfTenure } from '../../domain/qualification/tenure.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Guard, Position } from '../../event-log/event-log.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { partnerFold, programFold } from '../records/folds.js';
import type { View } from '../engine/states/view.js';

export interface GatheredFacts {
  readonly facts: DirectBillFacts;
  /**
   * The streams that were folded, each with its revision. Revenue and assessments are read at a
   * position instead, so they are not listed.
   */
  readonly guards: readonly Guard[];
}

/**
 * Gathers what a partner is judged on: its record, its providers' records and the program from a
 * view; its revenue and assessments from the read models, after they have reached the position.
 */
export async function gatherDirectBillFacts(
  { states, readModels }: { readonly states: View; readonly readModels: ReadModels },
  partnerId: PartnerId,
  { asOf, knownAt }: { readonly asOf: string; readonly knownAt: Position },
): Promise<GatheredFacts> {
  const program = await states.load(programFold);
  const partner = await states.load(partnerFold(partnerId));
  const guards: Guard[] = [
    { stream: programFold.stream, revision: program.revision },
    { stream: partnerFold(partnerId).stream, revision: partner.revision },
  ];
  const providers = new Map<PartnerId, Partner>();
  for (const providerId of providersOfTenure(partner.state)) {
    if (providerId === partnerId) continue;
    const { state, revision } = await states.load(partnerFold(providerId));
    providers.set(providerId, state);
    guards.push({ stream: partnerFold(providerId).stream, revision });
  }

  const { policy } = requiredPolicyOn(program.state, asOf);
  const window = revenueWindow(asOf, policy);
  const { amounts: revenue } = await readModels.revenueAmounts(partnerId, {
    asOf,
    window,
    knownAt,
    minPosition: knownAt,
  });
  const assessments = await readModels.assessmentsOf(partnerId, knownAt);
  return {
    facts: {
      asOf,
      program: program.state,
      partner: partner.state,
      providers,
      revenue,
      assessments,
    },
    guards,
  };
}
