import type { LoggedEvent, Position } from '../event-log.js';
import { weightOf } from './weight.js';

/**
 * What followers that keep up, and answers to appends, need; whoever is further behind reads from
 * the server.
 */
export const MAX_RECENT_EVENTS = 8_192;
const MAX_BYTES = 16 * 1024 * 1024;

/** The last events of the log, whole, by position. */
export class RecentEvents {
  private events: LoggedEvent[] = [];
  private weights: number[] = [];
  /** Where the kept ones begin in the arrays: forgetting one is moving this. */
  private begin = 0;
  private bytes = 0;

  constructor(private readonly maxEvents = MAX_RECENT_EVENTS) {}

  /** Its position follows the last one's. */
  add(event: LoggedEvent): void {
    const weight = weightOf(event);
    this.events.push(event);
    this.weights.push(weight);
    this.bytes += weight;
    while (this.size > this.maxEvents || (this.bytes > MAX_BYTES && this.size > 1))
      this.forgetFirst();
  }

  /** Whether everything behind this position, up to the last event, is kept. */
  covers(after: Position): boolean {
    const first = this.events[this.begin];
    return first !== undefined && after >= first.position - 1;
  }

  at(position: Position): LoggedEvent | undefined {
    const first = this.events[this.begin];
    return first === undefined || position < first.position
      ? undefined
      : this.events[this.begin + position - first.position];
  }

  /**
   * Behind `after` up to `through`, as far as `maxEvents` and `maxBytes` allow (one at least). Only
   * for what it covers.
   */
  page(
    after: Position,
    through: Position,
    maxEvents: number,
    maxBytes: number,
  ): readonly LoggedEvent[] {
    const first = this.events[this.begin];
    if (first === undefined) return [];
    const from = this.begin + after + 1 - first.position;
    const end = Math.min(
      this.events.length,
      this.begin + through + 1 - first.position,
      from + maxEvents,
    );
    let bytes = 0;
    let last = from;
    while (last < end && (last === from || bytes < maxBytes)) bytes += this.weights[last++] ?? 0;
    return this.events.slice(from, last);
  }

  clear(): void {
    this.events = [];
    this.weights = [];
    this.begin = 0;
    this.bytes = 0;
  }

  private get size(): number {
    return this.events.length - this.begin;
  }

  private forgetFirst(): void {
    this.bytes -= this.weights[this.begin] ?? 0;
    this.begin += 1;
    // The arrays are cut when half of them is forgotten: each event is moved once.
    if (this.begin * 2 < this.events.length) return;
    this.events = this.events.slice(this.begin);
    this.weights = this.weights.slice(this.begin);
    this.begin = 0;
  }
}
