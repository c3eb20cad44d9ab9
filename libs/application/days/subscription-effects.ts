import type { CommitSignal } from '../../event-log/commits.js';
import type { Position } from '../../event-log/event-log.js';
import { endedWithin } from '../../platform/time/within.js';
import { ReadModelBehind } from '../../read-models/errors.js';
import { DayEffectsPending } from './day-effects.js';
import type { View } from '../engine/states/view.js';
import type { Clock } from '../engine/time/clock.js';
import { programFold } from '../records/folds.js';

export interface SubscriptionEffectsParts {
  /** The part of the process that requests wait for. */
  readonly process: { readonly takenThrough: Position; readonly taken: CommitSignal };
  readonly states: View;
  readonly clock: Clock & { readonly isManual: boolean };
  readonly log: { head(): Promise<Position> };
  /** Starts the days that are due. The first request after midnight calls it. */
  readonly startDays: () => Promise<void>;
  /** Makes sure that the process is running. A short command starts it only when needed. */
  readonly follow: () => void;
  readonly settledWithinMs?: number | undefined;
}

/** How long a command waits. If the effects take longer, nothing is appended. */
const SETTLED_WITHIN_MS = 10_000;
/** How long a query waits, like a query for a position of a read model. */
const READ_WITHIN_MS = 5_000;
/** How often to check again, because no notification comes after a failure. */
const LOOK_AGAIN_MS = 250;

/**
 * Delays requests that depend on subscriptions and charges until the effects of earlier events are
 * in the log: activations, renewals, expiries and recorded charges.
 */
export class SubscriptionEffects {
  constructor(private readonly parts: SubscriptionEffectsParts) {}

  /**
   * Waits for the effects of every day up to today, and of every other event that is in the log
   * now. Throws DayEffectsPending.
   */
  async settled(): Promise<void> {
    const { clock, settledWithinMs = SETTLED_WITHIN_MS } = this.parts;
    const until = performance.now() + settledWithinMs;
    await this.startToday(settledWithinMs);
    if (!(await this.isTaken(await this.parts.log.head(), until)))
      throw new DayEffectsPending(clock.judgementTime().date);
  }

  /** The same for the effects of the events up to a position. True: they are in the log. */
  isSettledThrough(position: Position, withinMs: number): Promise<boolean> {
    return this.isTaken(position, performance.now() + withinMs);
  }

  /**
   * The position that a read has to include, so that it includes the effects of every event up to
   * `minPosition`. Throws ReadModelBehind.
   */
  async readPosition(minPosition: Position | undefined): Promise<Position | undefined> {
    const { log, process } = this.parts;
    // The read itself reports a position after the end of the log.
    if (minPosition === undefined || minPosition > (await log.head())) return minPosition;
    if (!(await this.isSettledThrough(minPosition, READ_WITHIN_MS)))
      throw new ReadModelBehind('subscriptions', minPosition, process.takenThrough);
    return log.head();
  }

  private async isTaken(position: Position, until: number): Promise<boolean> {
    const { process, follow } = this.parts;
    for (;;) {
      const now = process.taken.now();
      if (process.takenThrough >= position) return true;
      const leftMs = until - performance.now();
      if (leftMs <= 0) return false;
      follow();
      await process.taken.changedWithin(now, Math.ceil(Math.min(leftMs, LOOK_AGAIN_MS)));
    }
  }

  /**
   * The day whose effects `settled` waits for: today, whether it has been started yet or not. The
   * days of a manual log are started by the command that sets its clock.
   */
  async day(): Promise<string> {
    const { clock } = this.parts;
    const started = await this.startedDay();
    if (clock.isManual) return started;
    const today = clock.judgementTime().date;
    return today > started ? today : started;
  }

  private async startedDay(): Promise<string> {
    return (await this.parts.states.load(programFold)).state.lastDay ?? '';
  }

  private async startToday(withinMs: number): Promise<void> {
    const { startDays } = this.parts;
    if ((await this.startedDay()) < (await this.day()))
      await endedWithin(
        withinMs,
        startDays().catch(() => undefined),
      );
  }
}
