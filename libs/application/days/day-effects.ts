import { dayBeforeFirst } from '../../domain/program/program.js';
import { mayBringReCheck } from '../../domain/qualification/yearly-re-check.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { CommitSignal } from '../../event-log/commits.js';
import type { Position } from '../../event-log/event-log.js';
import { partnerFold, programFold } from '../records/folds.js';
import type { View } from '../engine/states/view.js';
import type { Clock } from '../engine/time/clock.js';
import { endedWithin } from '../../platform/time/within.js';

/** The effects of a day on the partner were not in the log within the deadline. */
export class DayEffectsPending extends Error {
  override readonly name = 'DayEffectsPending';
  constructor(readonly day: string) {
    super(`the effects of ${day} on the partner are not in the log yet`);
  }
}

/** The process that takes the days, as far as it is waited for. */
export interface DaysTaken {
  /** The last day whose effects are in the log; empty: not known yet. */
  readonly takenThrough: string;
  /** Notified when `takenThrough` has moved. */
  readonly taken: CommitSignal;
}

export interface DayEffectsParts {
  readonly states: View;
  readonly clock: Clock & { readonly isManual: boolean };
  readonly log: { head(): Promise<Position> };
  readonly days: DaysTaken;
  /** Starts the days that are due: for the first request after midnight. */
  readonly startDays: () => Promise<void>;
  /** Makes sure that the days are being taken: a short command does so only when it has to. */
  readonly followDays: () => void;
  /** How long a command waits at most. */
  readonly settledWithinMs?: number | undefined;
}

/** How long a command waits; nothing is appended when the effects take longer. */
const SETTLED_WITHIN_MS = 10_000;
/** Where another process's tick, or a failure, is to be noticed without a notification. */
const LOOK_AGAIN_MS = 250;

/**
 * Orders, commands and eligibility checks of a partner are judged after the effects of every day up
 * to theirs. Only a partner whose own record may bring a re-check in the days that have not been
 * taken is waited for: for all others this compares two dates.
 */
export class DayEffects {
  constructor(private readonly parts: DayEffectsParts) {}

  async isSettledFor(partnerId: PartnerId): Promise<boolean> {
    return (await this.unsettledDay(partnerId)) === undefined;
  }

  /** Whether the effects had to be waited for. Throws DayEffectsPending. */
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

  /** The head of the log that a read saw; a later one where the read has waited. */
  async headFor(partnerId: PartnerId, seen: Position): Promise<Position> {
    return (await this.settledFor(partnerId)) ? Math.max(seen, await this.parts.log.head()) : seen;
  }

  /** The day whose effects on the partner may not be in the log yet. */
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
   * A manual log has the days that were ticked; any other has today, whether it has been started
   * yet or not.
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
    // What fails is tried again until the deadline; the scheduler reports it.
    if (lastDay < day)
      await endedWithin(
        withinMs,
        startDays().catch(() => undefined),
      );
  }
}
