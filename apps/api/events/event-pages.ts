import { Injectable } from '@nestjs/common';
import { EventLog, type Position } from '../../../libs/event-log/event-log.js';
import type { EventRange } from './event-selection.js';
import { eventView } from './event-view.js';

const DEFAULT_LIMIT = 50;
/** A page that reaches this size ends early, so that memory is bounded. */
const PAGE_BYTES_AT_MOST = 4 * 1024 * 1024;

/** Pages of the log in the form that clients read. */
@Injectable()
export class EventPages {
  constructor(private readonly log: EventLog) {}

  /** `nextAfter` continues after this page, and skips events that the filter excludes. */
  async page(wanted: EventRange, head: Position, limit = DEFAULT_LIMIT) {
    const items: ReturnType<typeof eventView>[] = [];
    let through = wanted.after;
    let bytes = 0;
    for await (const page of this.log.readAll({ ...wanted, limit, upTo: head })) {
      for (const event of page.events) {
        items.push(eventView(event));
        through = event.position;
        bytes += JSON.stringify(event.data).length;
        if (bytes > PAGE_BYTES_AT_MOST)
          return { items, nextAfter: String(through), atHead: through >= head };
      }
      through = Math.max(through, items.length >= limit ? through : page.through);
    }
    return { items, nextAfter: String(through), atHead: through >= head };
  }
}
