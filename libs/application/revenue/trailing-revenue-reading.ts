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
  /** A business date (UTC); by default today. */
  readonly asOf?: string | undefined;
  /** A position or an instant; by default the head. */
  readonly knownAt?: string | undefined;
  /** The log's head that the caller has just read. */
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
 * Reads trailing revenue as of a date and as known at a position: entries, policies and the
 * partner's registration are all from that position.
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
   * Returns undefined if the partner was not registered at `knownAt`. Throws the errors of
   * `resolveKnownAt` and of the read models.
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
