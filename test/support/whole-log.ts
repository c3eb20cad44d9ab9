import type { EventPage, LogEvent } from './answers.js';
import type { Client } from './client.js';

/** Reads the whole log page by page, as an auditor does. */
export async function wholeLog(auditor: Client, filter = ''): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  for (let after = ''; ;) {
    const { status, body, text } = await auditor.get<EventPage>(
      `/v1/events?limit=500${after}${filter}`,
    );
    if (status !== 200) throw new Error(`the log cannot be read: ${status} ${text}`);
    for (const event of body.items) events.push(event);
    if (body.atHead) return events;
    after = `&after=${body.nextAfter}`;
  }
}
