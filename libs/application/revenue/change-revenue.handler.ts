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
import type { Outcome } from '../decisions/context.js';
import { Decisions } from '../decisions/decisions.js';
import { revisionFold } from '../states/fold.js';
import { Clock } from '../time/clock.js';
import { ChangeRevenue, type RevenueChange } from './revenue.commands.js';

@CommandHandler(ChangeRevenue)
export class ChangeRevenueHandler implements ICommandHandler<ChangeRevenue> {
  constructor(
    private readonly decisions: Decisions,
    private readonly readModels: ReadModels,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  async execute({ context, revenueId, change }: ChangeRevenue): Promise<Outcome<RevenueRefusal>> {
    const before = context.fingerprint && (await this.decisions.recorded(context));
    if (before) return before;
    const known = await this.readModels.findRevenue(revenueId, await this.log.head());
    if (!known) return { kind: 'refused', refusal: { code: 'revenue-unknown' }, position: await this.log.head() };

    const home = revisionFold(revenueStream(known.entry.partnerId));
    return this.decisions.commit<undefined, RevenueEvent, RevenueRefusal>(context, home, async () => {
      // The home's revision has been taken: an entry that is known up to the head misses nothing that lies before that revision.
      const found = await this.readModels.findRevenue(revenueId, await this.log.head());
      const decision = decide(change, found?.entry, this.clock.judgementTime().latestDate);
      return decision.ok ? { ok: true, value: { events: decision.value } } : decision;
    });
  }
}

function decide(change: RevenueChange, entry: RevenueEntry | undefined, latestToday: string): RevenueDecision {
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
