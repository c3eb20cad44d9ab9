import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { recordRevenue, sameStatement } from '../../domain/qualification/revenue.decide.js';
import type {
  RecordedRevenue,
  RevenueEvent,
  RevenueStatement,
} from '../../domain/qualification/revenue.js';
import type { RevenueId, StreamName } from '../../domain/shared/ids.js';
import { refuse, type Result } from '../../domain/shared/result.js';
import { revenueStream } from '../../domain/shared/streams.js';
import { upcast } from '../../event-log/catalogue/catalogue.js';
import { EventLog } from '../../event-log/event-log.js';
import { revenueIdOf } from '../../event-log/identity.js';
import { ReadModels } from '../../read-models/read-models.js';
import { ofPartner } from '../records/subjects.js';
import { Decisions } from '../engine/commands/decisions.js';
import { type Decided, decided } from '../engine/commands/decision.js';
import { eventsIn, type StreamRange } from '../engine/commands/stream-lookup.js';
import { programFacts } from '../records/program-facts.js';
import { partnerFold } from '../records/folds.js';
import { type Loaded, revisionFold } from '../engine/states/fold.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { type RecordedOutcome, type RecordRefusal, RecordRevenue } from './revenue.commands.js';

@CommandHandler(RecordRevenue)
export class RecordRevenueHandler implements ICommandHandler<RecordRevenue> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly readModels: ReadModels,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  /**
   * The partner's history is not loaded. Before the command waits for its slot in the stream queue,
   * it looks up the entry in the index, up to the log's head. In its slot it reads only the events
   * that were appended since.
   */
  async execute({ context, statement }: RecordRevenue): Promise<RecordedOutcome> {
    const { partnerId, source, reference } = statement;
    const revenueId = revenueIdOf(partnerId, source, reference);
    const target = revisionFold<RevenueEvent>(revenueStream(partnerId));
    await this.decisions.admit(context, target, ofPartner(partnerId));
    let through = (await this.states.load(target)).revision;
    const found = {
      entry: (await this.readModels.findRevenue(revenueId, await this.log.head()))?.entry as
        RecordedRevenue | undefined,
    };
    const decide = async ({
      revision,
    }: Loaded<undefined>): Promise<Result<Decided<RevenueEvent>, RecordRefusal>> => {
      const partner = await this.states.load(partnerFold(partnerId));
      if (!partner.state.registration) return refuse({ code: 'partner-unknown' });
      found.entry ??= await this.recordedIn(
        { stream: target.stream, after: through, through: revision },
        revenueId,
      );
      through = revision;
      if (found.entry) return alreadyRecorded(statement, found.entry);
      return this.decideNew(statement, revenueId, {
        stream: partnerFold(partnerId).stream,
        revision: partner.revision,
      });
    };
    const outcome = await this.decisions.commit(context, target, decide, ofPartner(partnerId));
    if (outcome.kind === 'refused') return { outcome };
    if (outcome.kind === 'unchanged')
      return found.entry ? { outcome, entry: found.entry } : { outcome };
    const [event] = outcome.events;
    return event?.type === 'RevenueRecorded' ? { outcome, entry: event.data } : { outcome };
  }

  private async recordedIn(
    range: StreamRange,
    revenueId: RevenueId,
  ): Promise<RecordedRevenue | undefined> {
    for await (const logged of eventsIn(this.log, range)) {
      const event = upcast(logged);
      if (event.type === 'RevenueRecorded' && event.data.revenueId === revenueId) return event.data;
    }
    return undefined;
  }

  private async decideNew(
    statement: RevenueStatement,
    revenueId: RevenueId,
    partner: { readonly stream: StreamName; readonly revision: number },
  ): Promise<Result<Decided<RevenueEvent>, RecordRefusal>> {
    const { facts, guards } = await programFacts(this.states, this.clock);
    const recorded = recordRevenue(statement, facts, revenueId);
    return recorded.ok
      ? decided<RevenueEvent>(
          [{ type: 'RevenueRecorded', data: recorded.value }],
          [partner, ...guards],
        )
      : recorded;
  }
}

/**
 * The same source and reference count once: an equal statement changes nothing, a different one is
 * refused.
 */
const alreadyRecorded = (
  statement: RevenueStatement,
  before: RecordedRevenue,
): Result<Decided<RevenueEvent>, Extract<RecordRefusal, { code: 'revenue-reference-reused' }>> =>
  sameStatement(statement, before)
    ? decided<RevenueEvent>([])
    : refuse({ code: 'revenue-reference-reused', revenueId: before.revenueId });
