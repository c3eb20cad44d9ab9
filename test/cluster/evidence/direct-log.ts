import { EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import type { LogEvent, Loose } from '../../support/answers.js';

/** Streams of idempotency claims: they are not part of the event log. */
const CLAIMS = 'command-';

/**
 * Reads the log from the server itself: `$all` from its beginning, this program's streams only,
 * with positions counted here.
 */
export async function directLog(url: string, prefix: string): Promise<readonly LogEvent[]> {
  const client = EventStoreDBClient.connectionString(url);
  const events: LogEvent[] = [];
  try {
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START })) {
      if (!event?.streamId.startsWith(prefix) || event.streamId.startsWith(prefix + CLAIMS))
        continue;
      // `writer` names the process that appended; it is not part of the event.
      const { version, recordedAt, writer: _writer, ...metadata } = event.metadata as Loose;
      events.push({
        position: String(events.length),
        id: event.id,
        type: event.type,
        version: Number(version),
        stream: event.streamId.slice(prefix.length),
        revision: Number(event.revision),
        recordedAt: String(recordedAt),
        data: event.data as Loose, // the service stores JSON
        metadata,
      });
    }
    return events;
  } finally {
    await client.dispose();
  }
}
