import type { CommandId } from '../../domain/shared/ids.js';
import { CommandConflict } from '../../event-log/errors.js';
import type { Append, Appended, Claim, EventLog, LoggedEvent } from '../../event-log/event-log.js';
import type { CommandContext } from './context.js';
import { DecisionLog } from './decision-log.js';
import { RequestInFlight } from './failures.js';
import type { StandingProcess } from '../gate/standing-process.js';

const TAKE_OVER_AFTER_MS = 30_000;

/**
 * For logs without guards (EventStoreDB): claim the command, append without guards, then wait until the standing process has
 * judged the order by what precedes it in the log's order. An order that does not stand is voided before anybody is answered.
 */
export class StandingCommit extends DecisionLog {
  /** Claims that this process holds: a retry of the same command goes on with its own. */
  private readonly own = new Set<CommandId>();

  constructor(
    private readonly log: EventLog,
    private readonly standing: StandingProcess,
    private readonly now: () => number,
  ) {
    super();
  }

  async commit({ guards: _checkedByStanding, ...append }: Append, { commandId }: Pick<CommandContext, 'commandId'>): Promise<Appended> {
    if (!this.own.has(commandId)) await this.claim(append, commandId);
    const appended = await this.log.append(append);
    this.own.delete(commandId);
    return appended;
  }

  async voidedBy(events: readonly LoggedEvent[]): Promise<LoggedEvent | undefined> {
    for (const event of events) {
      const voided = event.type === 'OrderPlaced' ? await this.standing.verdictOn(event) : undefined;
      if (voided) return voided;
    }
    return undefined;
  }

  async release({ commandId }: Pick<CommandContext, 'commandId'>): Promise<void> {
    if (this.own.delete(commandId)) await this.log.releaseClaim(commandId);
  }

  private async claim(append: Append, commandId: CommandId): Promise<void> {
    const fingerprint = append.events[0]?.metadata.fingerprint;
    const claimed = await this.log.claim({
      commandId,
      homeStream: append.stream,
      revision: append.expectedRevision,
      ...(fingerprint === undefined ? {} : { fingerprint }),
    });
    if (claimed.outcome === 'taken') {
      if (await this.hasResult(claimed.by)) throw new CommandConflict(commandId);
      if (this.now() - Date.parse(claimed.claimedAt) < TAKE_OVER_AFTER_MS) throw new RequestInFlight(commandId);
    }
    this.own.add(commandId);
  }

  /** The first claimant's result can only lie behind the revision that it decided on. */
  private async hasResult({ commandId, homeStream, revision }: Claim): Promise<boolean> {
    for await (const page of this.log.readStream(homeStream, { from: revision + 1 })) {
      if (page.some(({ metadata }) => metadata.commandId === commandId)) return true;
    }
    return false;
  }
}
