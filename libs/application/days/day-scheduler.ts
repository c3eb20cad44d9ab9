import { daysAtMostATick } from '../../domain/program/tick.js';
import { addDays, utcDate } from '../../domain/shared/calendar.js';
import { randomCommandId } from '../../event-log/identity.js';
import { Backoff } from '../../platform/time/backoff.js';
import type { ProcessReporter } from '../engine/processes/log-process.js';
import { programFold } from '../records/folds.js';
import type { View } from '../engine/states/view.js';
import type { LogClock } from '../engine/time/clock.js';
import { ChangeProgram } from '../program/program.commands.js';
import type { ChangeProgramHandler } from '../program/program.handler.js';

export interface SchedulerParts {
  readonly program: Pick<ChangeProgramHandler, 'execute'>;
  readonly states: View;
  readonly clock: LogClock;
  readonly report: ProcessReporter;
}

/** So that a day is started soon after a machine wakes from sleep or its clock is set. */
const LOOK_EVERY_MS = 60_000;

/**
 * Starts the days of a log that follows the system clock: at the start of the service the days that
 * are due, and later each day when it begins (UTC). Several processes may do so at the same time:
 * `program` accepts each day once. The days of a manual log are started by the command that sets
 * its clock.
 */
export class DayScheduler {
  private readonly stopping = new AbortController();
  private readonly retries = new Backoff(100, 2_000);
  private timer: NodeJS.Timeout | undefined;
  private startedThrough = '';
  private ticking: Promise<void> = Promise.resolve();
  private starting: Promise<void> | undefined;

  constructor(private readonly parts: SchedulerParts) {}

  /**
   * Resolves after the first attempt to start the days that are due. If it failed, the scheduler
   * retries.
   */
  async start(): Promise<void> {
    if (this.parts.clock.isManual) return;
    await this.look();
  }

  /**
   * For a request that needs today's day before the timer fires. Simultaneous calls start the days
   * once.
   */
  startNow(): Promise<void> {
    this.starting ??= this.startDue().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.ticking;
  }

  private look(): Promise<void> {
    this.ticking = this.startDays().then((nextInMs) => {
      if (!this.stopping.signal.aborted)
        this.timer = setTimeout(() => void this.look(), nextInMs).unref();
    });
    return this.ticking;
  }

  /** Returns the milliseconds until the next check. */
  private async startDays(): Promise<number> {
    const { clock, report } = this.parts;
    try {
      if (this.startedThrough !== utcDate(clock.instant())) await this.startNow();
      this.retries.reset();
      return Math.min(LOOK_EVERY_MS, untilMidnightMs(clock.now()));
    } catch (error) {
      const retryInMs = this.retries.nextMs();
      report({ kind: 'days-not-started', reason: String(error), retryInMs });
      return retryInMs;
    }
  }

  /**
   * After years without a service the days are started by several ticks, because one tick is one
   * append.
   */
  private async startDue(): Promise<void> {
    const { program, states, clock } = this.parts;
    const today = utcDate(clock.instant());
    for (let on = ''; on < today;) {
      const { log, lastDay } = (await states.load(programFold)).state;
      const last = lastDay ?? addDays(utcDate(log?.createdAt ?? clock.instant()), -1);
      const furthest = addDays(last, daysAtMostATick);
      on = furthest < today ? furthest : today;
      const id = randomCommandId();
      const outcome = await program.execute(
        new ChangeProgram(
          { commandId: id, actor: 'process:day-scheduler', correlationId: id },
          { type: 'tick', on },
        ),
      );
      if (outcome.kind === 'refused')
        throw new Error(`the days up to ${on} were refused: ${outcome.refusal.code}`);
    }
    this.startedThrough = today;
  }
}

const DAY_MS = 86_400_000;

/** A little after midnight, because a timer may fire a few milliseconds early. */
const untilMidnightMs = (nowMs: number): number => DAY_MS - (nowMs % DAY_MS) + 5;
