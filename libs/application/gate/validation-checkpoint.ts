import type { EventId } from '../../domain/shared/ids.js';
import type { EventLog, Position } from '../../event-log/event-log.js';
import type { ProcessCheckpoint, ProcessCheckpoints } from '../../read-models/opened-stores.js';
import { endedWithin } from '../../platform/time/within.js';
import { resumePoint } from '../engine/processes/resume-point.js';
import type { ValidationReporter } from './validation-report.js';

/** The stored name of the process and of its checkpoint. */
export const VALIDATION_PROCESS = 'standing';

/** The position up to which every order has been validated; −1 if there is no checkpoint. */
export const validatedThrough = async (
  checkpoints: ProcessCheckpoints | undefined,
): Promise<Position> => (await checkpoints?.get(VALIDATION_PROCESS))?.position ?? -1;

const WRITE_EVERY_MS = 1_000;
/**
 * How long a stop waits for the last write. Without that write a second's orders are judged again
 * after the restart.
 */
const LAST_WRITE_WITHIN_MS = 2_000;

/**
 * The validator's durable checkpoint. Every process resumes after it, and writes it once a second.
 */
export class ValidationCheckpoint {
  private latest: ProcessCheckpoint | undefined;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly checkpoints: ProcessCheckpoints | undefined,
    private readonly report: ValidationReporter,
  ) {}

  /** Returns the position to resume after; −1 if there is no checkpoint of this log. */
  start(log: EventLog, head: Position): Promise<Position> {
    const differs = (position: Position): void =>
      this.report({ kind: 'standing-log-differs', position });
    return resumePoint(this.checkpoints, { process: VALIDATION_PROCESS, log, head, differs });
  }

  /** All orders up to this event have been judged. */
  reached(position: Position, eventId: EventId): void {
    if (!this.checkpoints) return;
    this.latest = { position, eventId };
    this.timer ??= setTimeout(() => this.write(), WRITE_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.write();
    await endedWithin(LAST_WRITE_WITHIN_MS, this.writing);
  }

  private write(): void {
    this.timer = undefined;
    this.writing = this.writing.then(() => this.writeLatest());
  }

  /**
   * A failed write does no harm: after a restart the orders are judged again, with the same result.
   */
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
