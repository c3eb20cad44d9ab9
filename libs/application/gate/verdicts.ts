import type { EventId } from '../../domain/shared/ids.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { LatestUsed } from '../engine/states/latest-used.js';

/** The event that voided an order; undefined: it stands. */
export type Verdict = LoggedEvent | undefined;

interface Waiter {
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
}

const KEPT_AT_MOST = 25_000;
const WAITING_AT_MOST = 20_000;

/**
 * The verdicts on the latest orders, and the callers that wait for one. Bounded: older verdicts are
 * read from the log again.
 */
export class Verdicts {
  private readonly kept = new LatestUsed<EventId, { readonly verdict: Verdict }>(KEPT_AT_MOST);
  private readonly waiting = new Map<
    EventId,
    { readonly order: LoggedEvent; readonly waiters: Set<Waiter> }
  >();
  private count = 0;

  of(order: LoggedEvent): { readonly verdict: Verdict } | undefined {
    return this.kept.get(order.id);
  }

  /** Orders whose verdict somebody waits for. */
  get awaited(): readonly LoggedEvent[] {
    return [...this.waiting.values()].map(({ order }) => order);
  }

  /** Throws OutcomeUnknown after `withinMs`. */
  async await(order: LoggedEvent, withinMs: number): Promise<Verdict> {
    if (this.count >= WAITING_AT_MOST)
      throw new OutcomeUnknown(`${this.count} orders are waiting to be judged`);
    const { waiters } = this.waiting.get(order.id) ?? { waiters: new Set<Waiter>() };
    this.waiting.set(order.id, { order, waiters });
    this.count += 1;
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      return await new Promise<Verdict>((resolve, reject) => {
        waiters.add((waiter = { resolve, reject }));
        timer = setTimeout(
          () => reject(new OutcomeUnknown('it is not known yet whether the order stands')),
          withinMs,
        );
      });
    } finally {
      clearTimeout(timer);
      this.count -= 1;
      if (waiter) waiters.delete(waiter);
      if (waiters.size === 0 && this.waiting.get(order.id)?.waiters === waiters)
        this.waiting.delete(order.id);
    }
  }

  tell(order: LoggedEvent, verdict: Verdict): void {
    this.kept.set(order.id, { verdict });
    for (const { resolve } of this.waiting.get(order.id)?.waiters ?? []) resolve(verdict);
  }

  /** There will be no verdicts any more. */
  fail(error: Error): void {
    for (const { waiters } of this.waiting.values())
      for (const { reject } of waiters) reject(error);
  }
}
