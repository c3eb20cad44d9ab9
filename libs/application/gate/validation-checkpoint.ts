import type { EventId } from '../../domain/shared/ids.js';
import type { EventLog, Position } from '../../event-log/event-log.js';
import type { ProcessCheckpoint, ProcessCheckpoints } from '../../read-models/opened-stores.js';
import { endedWithin } from '../engine/time/ended-within.js';
import { keptCheckpoint } from '../engine/processes/resume-point.js';
import type { ValidationReporter } from './validation-report.js';

/** Its name among the processes. */
export const VALIDATION_PROCESS = 'standing';

/**
 * Up to where every order is known to have been judged, for who has no standing process of its own;
 * −1 where nothing is kept.
 */
export const validatedThrough = async (
  checkpoints: ProcessCheckpoints | undefined,
): Promise<Position> => (await checkpoints?.get(VALIDATION_PROCESS))?.position ?? -1;

const WRITE_EVERY_MS = 1_000;
/**
 * At stop the last checkpoint is worth so long a wait: what it saves is judging a second's orders
 * again.
 */
const LAST_WRITE_WITHIN_MS = 2_000;

/**
 * The durable checkpoint of the standing process: every process starts from it, and moves it
 * forward about once a second.
 */
export class ValidationCheckpoint {
  private latest: ProcessCheckpoint | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly checkpoints: ProcessCheckpoints | undefined,
    private readonly report: ValidationReporter,
  ) {}

  /** Where to go on: −1 where nothing is kept, or what is kept is not of this log. */
  start(log: EventLog, head: Position): Promise<Position> {
    const differs = (position: Position): void =>
      this.report({ kind: 'standing-log-differs', position });
    return keptCheckpoint(this.checkpoints, { process: VALIDATION_PROCESS, log, head, differs });
  }

  /** Everything up to this event has been judged. */
  reached(position: Position, eventId: EventId): void {
    if (!this.checkpoints) return;
    this.latest = { position, eventId };
    this.timer ??= setTimeout(() => this.write(), WRITE_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.write();
    await endedWithin(this.writing, LAST_WRITE_WITHIN_MS);
  }

  private write(): void {
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeLatest());
  }

  /** What is not kept is judged again after a restart, to the same end: the next write is soon. */
  private async writeLatest(): Promise<void> {
    const { latest } = this;
    if (!latest) return;
    try {
      await this.checkpoints?.moveTo(VALIDATION_PROCESS, latest);
      if (this.latest === latest) this.latest = undefined;
    } catch (error) {
      this.report({
        kind: 'standing-checkpoint-not-kept',
        position: latest.position,
        reason: String(error),
      });
    }
  }
}
