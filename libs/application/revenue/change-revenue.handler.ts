import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  payRevenue,
  reverseRevenue,
  reviewRevenue,
  type RevenueDecision,
  type RevenueRefusal,
} from '../../domain/qualification/revenue.decide.js';
import type { RevenueEntry, RevenueEvent } from '../../domain/qualification/revenue.js';
import { unreachable } from '../../domain/shared/event.js';
import { revenueStream } from '../../domain/shared/streams.js';
import { EventLog } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { ofPartner } from '../records/subjects.js';
import type { Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { OutsideScope } from '../engine/commands/failures.js';
import { revisionFold } from '../engine/states/fold.js';
import { Clock } from '../engine/time/clock.js';
import { ChangeRevenue, type RevenueChange } from './revenue.commands.js';

@CommandHandler(ChangeRevenue)
export class ChangeRevenueHandler implements ICommandHandler<ChangeRevenue> {
  constructor(
    private readonly decisions: Decisions,
    private readonly readModels: ReadModels,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  async execute({
    context,
    revenueId,
    change,
  }: ChangeRevenue): Promise<Outcome<RevenueRefusal, RevenueEvent>> {
    const before = await this.decisions.recordedUnscoped<RevenueEvent>(context);
    if (before) return before;
    const known = await this.readModels.findRevenue(revenueId, await this.log.head());
    // A scoped key must not learn whether the entry exists, because its id can be computed.
    if (!known && context.scope !== undefined) throw new OutsideScope();
    if (!known)
      return {
        kind: 'refused',
        refusal: { code: 'revenue-unknown' },
        position: await this.log.head(),
      };

    const target = revisionFold<RevenueEvent>(revenueStream(known.entry.partnerId));
    return this.decisions.commit(
      context,
      target,
      async () => {
        // The target's revision was read before the head, so an entry as known at the head has all
        // events up to that revision.
        const found = await this.readModels.findRevenue(revenueId, await this.log.head());
        const decision = decide(change, found?.entry, this.clock.judgementTime().latestDate);
        return decision.ok ? { ok: true, value: { events: decision.value } } : decision;
      },
      ofPartner(known.entry.partnerId),
    );
  }
}

function decide(
  change: RevenueChange,
  entry: RevenueEntry | undefined,
  latestToday: string,
): RevenueDecision {
  switch (change.type) {
    case 'reverse':
      return reverseRevenue(change, entry);
    case 'review':
      return reviewRevenue(change, entry);
    case 'pay':
      return payRevenue(change, entry, { latestToday });
    default:
      return unreachable(change);
  }
}
