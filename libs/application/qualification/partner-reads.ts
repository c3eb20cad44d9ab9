import { Injectable } from '@nestjs/common';
import {
  type Program,
  type PublishedPolicy,
  requiredPolicyOn,
} from '../../domain/program/program.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { DirectBillOccasion } from '../../domain/direct-bill/direct-bill-rule.js';
import {
  type DirectBillJudgement,
  judgeDirectBill,
} from '../../domain/direct-bill/direct-bill-rules.js';
import { revenueWindow } from '../../domain/qualification/revenue-window.js';
import { type Tenure, tenureOf } from '../../domain/qualification/tenure.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DayEffects } from '../days/day-effects.js';
import { ProgramHistory } from '../records/program-history.js';
import { Clock } from '../engine/time/clock.js';
import type { AskedTimes } from './eligibility-reads.js';
import { tenureProviders } from './tenure-judgements.js';

/** The two times that an answer is for, and the policy that it used. */
export interface Answered {
  readonly asOf: string;
  readonly knownAt: Position;
  /** In force on `asOf`, as known at `knownAt`. */
  readonly policy: PublishedPolicy;
}

/**
 * Answers tenure and direct billing of one partner from the read models. Returns undefined if the
 * partner was not registered at `knownAt`.
 */
@Injectable()
export class PartnerReads {
  constructor(
    private readonly readModels: ReadModels,
    private readonly history: ProgramHistory,
    private readonly clock: Clock,
    private readonly days: DayEffects,
  ) {}

  async tenure(
    partnerId: PartnerId,
    times: AskedTimes,
    head: Position,
  ): Promise<(Answered & { readonly tenure: Tenure }) | undefined> {
    const { program: _program, ...at } = await this.at(times, head);
    const [partner] = await this.readModels.partnersAtPosition('tenure', [partnerId], at.knownAt);
    if (!partner?.registration) return undefined;
    const providers = await tenureProviders(this.readModels, 'tenure', [partner], at.knownAt);
    return {
      ...at,
      tenure: tenureOf(partner, providers, { asOf: at.asOf, policy: at.policy.policy }),
    };
  }

  async directBill(
    partnerId: PartnerId,
    times: AskedTimes,
    head: Position,
    occasion: DirectBillOccasion = 'entry',
  ): Promise<(Answered & DirectBillJudgement) | undefined> {
    const seen = times.knownAt === undefined ? await this.days.headFor(partnerId, head) : head;
    const { program, ...at } = await this.at(times, seen);
    const [partner] = await this.readModels.partnersAtPosition(
      'direct-bill',
      [partnerId],
      at.knownAt,
    );
    if (!partner?.registration) return undefined;
    return {
      ...at,
      ...judgeDirectBill(await this.directBillFacts(partner, program, at), occasion),
    };
  }

  private async directBillFacts(
    partner: Partner,
    program: Program,
    { asOf, knownAt, policy }: Answered,
  ) {
    const { readModels } = this;
    const { partnerId } = partner;
    const providers = await tenureProviders(readModels, 'direct-bill', [partner], knownAt);
    const window = revenueWindow(asOf, policy.policy);
    const { amounts } = await readModels.revenueAmounts(partnerId, {
      asOf,
      window,
      knownAt,
      minPosition: knownAt,
    });
    const assessments = await readModels.assessmentsOf(partnerId, knownAt);
    return { asOf, program, partner, providers, revenue: amounts, assessments };
  }

  private async at(
    { asOf = this.clock.judgementTime().date, knownAt: asked }: AskedTimes,
    head: Position,
  ) {
    const knownAt = await this.history.resolve(asked, head);
    const program = await this.history.at(knownAt);
    return { asOf, knownAt, policy: requiredPolicyOn(program, asOf), program };
  }
}
