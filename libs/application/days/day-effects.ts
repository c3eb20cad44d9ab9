import { dayBeforeFirst } from '../../domain/program/program.js';
import { mayBringReCheck } from '../../domain/direct-bill/yearly-re-check.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { CommitSignal } from '../../event-log/commits.js';
import type { Position } from '../../event-log/event-log.js';
import { partnerFold, programFold } from '../records/folds.js';
import type { View } from '../engine/states/view.js';
import type { Clock } from '../engine/time/clock.js';
import { endedWithin } from '../../platform/time/within.js';

/** The effects of a day on the partner were not in the log before the deadline. */
export class DayEffectsPending extends Error {
  override readonly name = 'DayEffectsPending';
  constructor(readonly day: string) {
    super(`the effects of ${day} on the partner are not in the log yet`);
  }
}

/** The part of the re-check process that requests wait for. */
export interface DaysTaken {
  /** The last day whose effects are in the log; empty if it is not known yet. */
  readonly takenThrough: string;
  /** Notified when `takenThrough` has changed. */
  readonly taken: CommitSignal;
}

export interface DayEffectsParts {
  readonly states: View;
  readonly clock: Clock & { readonly isManual: boolean };
  readonly log: { head(): Promise<Position> };
  readonly days: DaysTaken;
  /** Starts the days that are due. The first request after midnight calls it. */
  readonly startDays: () => Promise<void>;
  /**
   * Makes sure that the process that handles days is running. A short command starts it only when
   * needed.
   */
  readonly followDays: () => void;
  /** How long a command waits at most. */
  readonly settledWithinMs?: number | undefined;
}

/** How long a command waits. If the effects take longer, nothing is appended. */
const SETTLED_WITHIN_MS = 10_000;
/**
 * How often to check again, because no notification comes from other processes or after a failure.
 */
const LOOK_AGAIN_MS = 250;

/**
 * Delays orders, commands and eligibility checks of a partner until the effects of every day up to
 * theirs are in the log. It waits only if the partner's own record can lead to a re-check on a day
 * that is not processed yet; for all other partners it compares two dates.
 */
export class DayEffects {
  constructor(private readonly parts: DayEffectsParts) {}

  async isSettledFor(partnerId: PartnerId): Promise<boolean> {
    return (await this.unsettledDay(partnerId)) === undefined;
  }

  /** Returns whether it had to wait. Throws DayEffectsPending. */
  async settledFor(partnerId: PartnerId): Promise<boolean> {
    const { days, settledWithinMs = SETTLED_WITHIN_MS } = this.parts;
    const { taken } = days;
    let until: number | undefined;
    for (;;) {
      const turn = taken.now();
      const day = await this.unsettledDay(partnerId);
      if (day === undefined) return until !== undefined;
      until ??= performance.now() + settledWithinMs;
      const leftMs = until - performance.now();
      if (leftMs <= 0) throw new DayEffectsPending(day);
      await this.moveOn(day, leftMs);
      await taken.changedWithin(turn, Math.ceil(Math.min(leftMs, LOOK_AGAIN_MS)));
    }
  }

  /**
   * The log's head for a read: the head that it has seen, or a later one if the read had to wait.
   */
  async headFor(partnerId: PartnerId, seen: Position): Promise<Position> {
    return (await this.settledFor(partnerId)) ? Math.max(seen, await this.parts.log.head()) : seen;
  }

  /** A day whose effects on the partner may not be in the log yet. */
  private async unsettledDay(partnerId: PartnerId): Promise<string | undefined> {
    const { states, days } = this.parts;
    const { directBill } = (await states.load(partnerFold(partnerId))).state;
    if (directBill.length === 0) return undefined;
    const program = (await states.load(programFold)).state;
    const through = this.lastDay(program.lastDay);
    if (days.takenThrough >= through) return undefined;
    const after = days.takenThrough === '' ? dayBeforeFirst(program) : days.takenThrough;
    return mayBringReCheck(directBill, { after, through }) ? through : undefined;
  }

  /**
   * On a manual log: the last day that was ticked. On any other log: today, even if the day has not
   * been started yet.
   */
  private lastDay(started = ''): string {
    const { clock } = this.parts;
    if (clock.isManual) return started;
    const today = clock.judgementTime().date;
    return today > started ? today : started;
  }

  private async moveOn(day: string, withinMs: number): Promise<void> {
    const { states, startDays, followDays } = this.parts;
    followDays();
    const { lastDay = '' } = (await states.load(programFold)).state;
    // A failure is retried until the deadline; the scheduler reports it.
    if (lastDay < day)
      await endedWithin(
        withinMs,
        startDays().catch(() => undefined),
      );
  }
}
