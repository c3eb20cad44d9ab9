import { createHash } from 'node:crypto';
import type { LoggedEvent, Position } from '../../../libs/event-log/event-log.js';
import { columns } from '../running/columns.js';

/**
 * The control totals of an export: the number of events of each type, and the digest of the bytes.
 */
export class ExportTotals {
  private events = 0;
  private readonly ofType = new Map<string, number>();
  private readonly digest = createHash('sha256');

  constructor(
    private readonly after: Position,
    private readonly upTo: Position,
  ) {}

  count(events: readonly LoggedEvent[], text: string): void {
    this.events += events.length;
    for (const { type } of events) this.ofType.set(type, (this.ofType.get(type) ?? 0) + 1);
    this.digest.update(text);
  }

  lines(): readonly string[] {
    const types = [...this.ofType]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, count]) => [`  ${type}`, String(count)]);
    return [
      `events ${this.events}`,
      `after ${this.after}`,
      `through ${this.upTo}`,
      `sha256 ${this.digest.digest('hex')}`,
      ...columns(types),
    ];
  }
}
