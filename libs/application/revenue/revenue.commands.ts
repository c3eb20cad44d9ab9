import { Command } from '@nestjs/cqrs';
import type {
  RecordRevenueRefusal,
  PayRevenue,
  ReverseRevenue,
  ReviewRevenue,
  RevenueRefusal,
} from '../../domain/qualification/revenue.decide.js';
import type {
  RecordedRevenue,
  RevenueEvent,
  RevenueStatement,
} from '../../domain/qualification/revenue.js';
import type { RevenueId } from '../../domain/shared/ids.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';

export type RecordRefusal =
  | RecordRevenueRefusal
  | { readonly code: 'partner-unknown' }
  | { readonly code: 'revenue-reference-reused'; readonly revenueId: RevenueId };

export interface RecordedOutcome {
  readonly outcome: Outcome<RecordRefusal>;
  /** The entry that was recorded now or before; undefined if it was refused. */
  readonly entry?: Pick<RecordedRevenue, 'revenueId' | 'usdAmount'>;
}

/** Records one entry of a partner's revenue. */
export class RecordRevenue extends Command<RecordedOutcome> {
  constructor(
    readonly context: CommandContext,
    readonly statement: RevenueStatement,
  ) {
    super();
  }
}

export type RevenueChange =
  | ({ readonly type: 'reverse' } & ReverseRevenue)
  | ({ readonly type: 'review' } & ReviewRevenue)
  | ({ readonly type: 'pay' } & PayRevenue);

/** Changes one entry: a reversal, a review or a payment. */
export class ChangeRevenue extends Command<Outcome<RevenueRefusal, RevenueEvent>> {
  constructor(
    readonly context: CommandContext,
    readonly revenueId: RevenueId,
    readonly change: RevenueChange,
  ) {
    super();
  }
}
