import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import type { LogEvent, Loose } from '../../support/answers.js';

/** What is appended beside the events of the log, and not counted. */
const CLAIMS = 'command-';

/** The log from the server itself: `$all` from its beginning, our streams only, counted here. */
export async function directLog(url: string, prefix: string): Promise<readonly LogEvent[]> {
  const client = EventStoreDBClient.connectionString(url);
  const events: LogEvent[] = [];
  try {
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START })) {
      if (!event?.streamId.startsWith(prefix) || event.streamId.startsWith(prefix + CLAIMS))
        continue;
      // `writer` names the process that appended; it is no part of the event.
      const { version, recordedAt, writer: _writer, ...metadata } = event.metadata as Loose;
      events.push({
        position: String(events.length),
        id: event.id,
        type: event.type,
        version: Number(version),
        stream: event.streamId.slice(prefix.length),
        revision: Number(event.revision),
        recordedAt: String(recordedAt),
        data: event.data as Loose, // what the service stores is JSON
        metadata,
      });
    }
    return events;
  } finally {
    await client.dispose();
  }
}
