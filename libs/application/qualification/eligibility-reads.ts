import { Injectable } from '@nestjs/common';
import type { Program } from '../../domain/program/program.js';
import type { Position } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DayEffects } from '../days/day-effects.js';
import { ProgramHistory } from '../records/program-history.js';
import { Clock, timeOf } from '../engine/time/clock.js';
import {
  type AskedSellerCustomer,
  type SellerCustomerJudgement,
  judgeSellerCustomers,
} from './seller-customer-judgements.js';

/**
 * The two times of a question. `asOf` is a business date; by default today. `knownAt` is a position
 * or an instant; by default the log's head.
 */
export interface AskedTimes {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
}

export interface EligibilityRead extends SellerCustomerJudgement {
  readonly knownAt: Position;
  readonly program: Program;
}

/** Judges the rules that need no order, on the read models. */
@Injectable()
export class EligibilityReads {
  constructor(
    private readonly readModels: ReadModels,
    private readonly history: ProgramHistory,
    private readonly clock: Clock,
    private readonly days: DayEffects,
  ) {}

  async of(
    asked: AskedSellerCustomer,
    times: AskedTimes,
    head: Position,
  ): Promise<EligibilityRead> {
    const { partnerId } = asked;
    const waits = times.knownAt === undefined && partnerId !== undefined;
    const knownAt = await this.history.resolve(
      times.knownAt,
      waits ? await this.days.headFor(partnerId, head) : head,
    );
    const program = await this.history.at(knownAt);
    const [judged] = await judgeSellerCustomers(this.readModels, [asked], {
      knownAt,
      time: timeOf(this.clock.judgementTime(), times.asOf),
      program,
    });
    if (!judged) throw new Error('judgeSellerCustomers returned no result');
    return { ...judged, knownAt, program };
  }
}
