import { Injectable } from '@nestjs/common';
import type { Program, PublishedPolicy } from '../../domain/program/program.js';
import { requiredPolicyOn } from '../../domain/program/program-queries.js';
import type { Partner } from '../../domain/partner/partner.js';
import {
  countableUnder,
  revenueWindow,
  type TrailingRevenue,
  trailingRevenue,
} from '../../domain/qualification/trailing-revenue.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import { EventLog, type Position } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { partnerFold, programFold } from '../records/folds.js';
import { ProgramHistory } from '../records/program-history.js';
import { StateCache } from '../engine/states/state-cache.js';
import { readState } from '../engine/states/view.js';
import { Clock } from '../engine/time/clock.js';

export interface AskedTrailingRevenue {
  /** A business date (UTC); left out: today. */
  readonly asOf?: string | undefined;
  /** A position or an instant; left out: the head. */
  readonly knownAt?: string | undefined;
  /** The log's, as it has just been asked. */
  readonly head: Position;
}

export interface KnownTrailingRevenue {
  readonly asOf: string;
  /** The position that `knownAt` resolved to. */
  readonly knownAt: Position;
  readonly policy: PublishedPolicy;
  readonly revenue: TrailingRevenue;
}

/**
 * Trailing revenue in two times: entries, policies and the partner's registration as they were
 * known at one position.
 */
@Injectable()
export class TrailingRevenueReading {
  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly programs: ProgramHistory,
    private readonly readModels: ReadModels,
    private readonly clock: Clock,
  ) {}

  /**
   * Undefined: no such partner was registered then. Throws what `resolveKnownAt` and the read
   * models throw.
   */
  async of(
    partnerId: PartnerId,
    asked: AskedTrailingRevenue,
  ): Promise<KnownTrailingRevenue | undefined> {
    const { asOf = this.clock.judgementTime().date } = asked;
    const knownAt = await this.programs.resolve(asked.knownAt, asked.head);
    const isPresent = asked.knownAt === undefined;
    const { registration } = await this.partnerAt(partnerId, knownAt, isPresent);
    if (!registration) return undefined;

    const policy = requiredPolicyOn(await this.programAt(knownAt, isPresent), asOf);
    const window = revenueWindow(asOf, policy.policy);
    const { amounts } = await this.readModels.revenueAmounts(partnerId, {
      asOf,
      window,
      countable: countableUnder(policy.policy),
      knownAt,
      minPosition: knownAt,
    });
    return {
      asOf,
      knownAt,
      policy,
      revenue: trailingRevenue({ amounts, asOf, policy: policy.policy }),
    };
  }

  private async partnerAt(
    partnerId: PartnerId,
    knownAt: Position,
    isPresent: boolean,
  ): Promise<Partner> {
    const fold = partnerFold(partnerId);
    return (
      isPresent ? await this.states.load(fold) : await readState(this.log, fold, { upTo: knownAt })
    ).state;
  }

  private async programAt(knownAt: Position, isPresent: boolean): Promise<Program> {
    return isPresent ? (await this.states.load(programFold)).state : this.programs.at(knownAt);
  }
}
