import { LRUCache } from 'lru-cache';
import type { EventId } from '../../domain/shared/ids.js';
import { OutcomeUnknown } from '../../event-log/errors.js';
import type { LoggedEvent } from '../../event-log/event-log.js';

/** The event that voided an order; undefined if the order is confirmed. */
export type Verdict = LoggedEvent | undefined;

interface Waiter {
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (error: Error) => void;
}

const KEPT_AT_MOST = 25_000;
const WAITING_AT_MOST = 20_000;

/**
 * The verdicts on the latest orders, and the calls that wait for a verdict. The number is bounded;
 * older verdicts are read from the log.
 */
export class Verdicts {
  // A `max` would allocate its arrays at once, of this size.
  private readonly kept = new LRUCache<EventId, { readonly verdict: Verdict }>({
    maxSize: KEPT_AT_MOST,
    sizeCalculation: () => 1,
  });
  private readonly waiting = new Map<
    EventId,
    { readonly order: LoggedEvent; readonly waiters: Set<Waiter> }
  >();
  private count = 0;

  of(order: LoggedEvent): { readonly verdict: Verdict } | undefined {
    return this.kept.get(order.id);
  }

  /** The orders that calls wait for. */
  get awaited(): readonly LoggedEvent[] {
    return [...this.waiting.values()].map(({ order }) => order);
  }

  /** Throws OutcomeUnknown after `withinMs`. */
  async await(order: LoggedEvent, withinMs: number): Promise<Verdict> {
    if (this.count >= WAITING_AT_MOST)
      throw new OutcomeUnknown(`${this.count} orders are waiting for validation`);
    const { waiters } = this.waiting.get(order.id) ?? { waiters: new Set<Waiter>() };
    this.waiting.set(order.id, { order, waiters });
    this.count += 1;
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      return await new Promise<Verdict>((resolve, reject) => {
        waiters.add((waiter = { resolve, reject }));
        timer = setTimeout(
          () => reject(new OutcomeUnknown('it is not known yet whether the order is confirmed')),
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

  /** The validator has stopped: fails all waiting calls. */
  fail(error: Error): void {
    for (const { waiters } of this.waiting.values())
      for (const { reject } of waiters) reject(error);
  }
}
