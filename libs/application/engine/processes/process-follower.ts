import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { ProcessCheckpoints } from '../../../read-models/opened-stores.js';
import { followValidated } from './validated-subscription.js';
import { Backoff } from './backoff.js';
import type { OrderValidator } from '../../gate/order-validator.js';
import { endedWithin } from '../time/ended-within.js';
import { eventIdAt, keptCheckpoint } from './resume-point.js';
import type { LogProcess } from './log-process.js';
import type { ProcessReporter } from './process-report.js';

export interface FollowerParts {
  readonly log: EventLog;
  /**
   * Over a log without guards: nothing is taken before the orders in front of it are known to
   * stand.
   */
  readonly standing?: OrderValidator | undefined;
  /** Left out: every start begins with the first event. */
  readonly checkpoints?: ProcessCheckpoints | undefined;
  readonly report: ProcessReporter;
}

const STOP_WITHIN_MS = 2_000;
/**
 * Most of a log is nothing to a process: it lets that come together instead of looking at every
 * commit.
 */
const GATHER_MS = 50;
/** What it has passed over it need not pass over again after a restart. */
const KEEP_EVERY_POSITIONS = 50_000;

/**
 * Runs a process behind its checkpoint until it is stopped. A failure is tried again with growing
 * pauses for as long as it takes: an effect that is due is not given up. What this build does not
 * know ends it.
 */
export class ProcessFollower {
  private readonly stopping = new AbortController();
  private readonly retries = new Backoff();
  private running: Promise<void> | undefined;
  private through: Position = -1;
  private keptAt: Position = -1;
  private begun = false;

  constructor(
    private readonly process: LogProcess,
    private readonly parts: FollowerParts,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    // Whatever is left undone is done by the next process.
    await endedWithin(this.running, STOP_WITHIN_MS);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { name: process } = this.process;
    while (!signal.aborted) {
      try {
        await this.begin();
        await this.follow(signal);
        if (!signal.aborted) throw new Error('the subscription ended');
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Error && error.name === 'UnknownEvent') {
          return this.parts.report({
            kind: 'process-stopped',
            process,
            position: this.through,
            reason: error.message,
          });
        }
        const retryInMs = this.retries.failed(error);
        this.parts.report({
          kind: 'process-failed',
          process,
          position: this.through,
          reason: String(error),
          retryInMs,
        });
        await this.retries.wait(retryInMs, signal);
      }
    }
  }

  private async begin(): Promise<void> {
    if (this.begun) return;
    this.through = await this.kept();
    this.keptAt = this.through;
    await this.process.begin?.(this.through);
    this.begun = true;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { log, standing } = this.parts;
    const { types, name: process } = this.process;
    for await (const { events, through } of followValidated(log, standing, {
      after: this.through,
      types,
      signal,
    })) {
      for (const event of events) {
        if (signal.aborted) return;
        await this.process.take(upcast(event));
        this.through = event.position;
        if (this.retries.succeeded())
          this.parts.report({ kind: 'process-resumed', process, position: event.position });
      }
      const last = events.at(-1);
      if (last) await this.keep(last);
      else await this.passOver(through, signal);
    }
  }

  private async passOver(through: Position, signal: AbortSignal): Promise<void> {
    this.through = Math.max(this.through, through);
    if (this.through - this.keptAt >= KEEP_EVERY_POSITIONS) {
      const id = await eventIdAt(this.parts.log, this.through);
      if (id !== undefined) await this.keep({ position: this.through, id });
    }
    await this.retries.wait(GATHER_MS, signal);
  }

  /** Behind the checkpoint, if the log has its event there. */
  private async kept(): Promise<Position> {
    const { log, checkpoints, report } = this.parts;
    const { name: process } = this.process;
    const differs = (position: Position): void =>
      report({ kind: 'process-log-differs', process, position });
    return keptCheckpoint(checkpoints, { process, log, head: await log.head(), differs });
  }

  /** What is not kept is looked at again after a restart, to the same end. */
  private async keep({
    position,
    id: eventId,
  }: Pick<LoggedEvent, 'position' | 'id'>): Promise<void> {
    const { checkpoints, report } = this.parts;
    const { name: process } = this.process;
    try {
      await checkpoints?.moveTo(process, { position, eventId });
      this.keptAt = position;
    } catch (error) {
      report({ kind: 'process-checkpoint-not-kept', process, position, reason: String(error) });
    }
  }
}
