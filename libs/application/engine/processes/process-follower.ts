import { upcast } from '../../../event-log/catalogue/catalogue.js';
import type { EventLog, LoggedEvent, Position } from '../../../event-log/event-log.js';
import type { ProcessCheckpoints } from '../../../read-models/opened-stores.js';
import { LogFollower } from './log-follower.js';
import type { LogProcess, ProcessReporter } from './log-process.js';
import { eventIdAt, resumePoint } from './resume-point.js';
import type { Validator } from '../commands/decision-log.js';
import { followValidated } from './validated-subscription.js';

export interface FollowerParts {
  readonly log: EventLog;
  /** On a log without guards the process gets an event only after it is confirmed. */
  readonly validator?: Validator | undefined;
  /** If absent, every start begins with the first event. */
  readonly checkpoints?: ProcessCheckpoints | undefined;
  readonly report: ProcessReporter;
}

/** Most commits have no event for a process, so it waits to read several commits at once. */
const GATHER_MS = 50;
/** How many positions without an event for it a process may have to read again after a restart. */
const KEEP_EVERY_POSITIONS = 50_000;

/** Runs a process from its checkpoint on until it is stopped. */
export class ProcessFollower {
  private readonly follower: LogFollower;
  private through: Position = -1;
  private keptAt: Position = -1;

  constructor(
    private readonly process: LogProcess,
    private readonly parts: FollowerParts,
  ) {
    const { report } = parts;
    const at = () => ({ process: process.name, position: this.through });
    this.follower = new LogFollower({
      begin: () => this.begin(),
      follow: (signal) => this.follow(signal),
      isFatal: (error): error is Error => error instanceof Error && error.name === 'UnknownEvent',
      stopped: ({ message }) => report({ kind: 'process-stopped', ...at(), reason: message }),
      failed: (error, retryInMs) =>
        report({ kind: 'process-failed', ...at(), reason: String(error), retryInMs }),
    });
  }

  start(): void {
    void this.follower.start();
  }

  stop(): Promise<void> {
    return this.follower.stop();
  }

  private async begin(): Promise<void> {
    const { log, checkpoints, report } = this.parts;
    const { name: process } = this.process;
    this.through = await resumePoint(checkpoints, {
      process,
      log,
      head: await log.head(),
      differs: (position) => report({ kind: 'process-log-differs', process, position }),
    });
    this.keptAt = this.through;
    await this.process.begin?.(this.through);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { log, validator, report } = this.parts;
    const { types, name: process } = this.process;
    for await (const { events, through } of followValidated(log, validator, {
      after: this.through,
      types,
      signal,
    })) {
      for (const event of events) {
        if (signal.aborted) return;
        await this.process.take(upcast(event));
        this.through = event.position;
        if (this.follower.succeeded())
          report({ kind: 'process-resumed', process, position: event.position });
      }
      const last = events.at(-1);
      if (last) {
        await this.keep(last);
        this.through = Math.max(this.through, through);
        this.process.reached?.(this.through);
      } else await this.passOver(through);
    }
  }

  private async passOver(through: Position): Promise<void> {
    this.through = Math.max(this.through, through);
    this.process.reached?.(this.through);
    if (this.through - this.keptAt >= KEEP_EVERY_POSITIONS) {
      const id = await eventIdAt(this.parts.log, this.through);
      if (id !== undefined) await this.keep({ position: this.through, id });
    }
    await this.follower.pause(GATHER_MS);
  }

  /**
   * After a restart an event whose checkpoint was not written is processed again, with the same
   * effect.
   */
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
