import { Readable } from 'node:stream';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import { type EventsWanted, eventView } from './event-pages.js';

/** A comment at this distance tells proxies and clients that the connection lives. */
const HEARTBEAT_MS = 15_000;

/** The whole rest of the log, one event a line, up to the head at the time of the request. It reads no faster than the client. */
export function ndjsonStream(log: EventLog, wanted: EventsWanted, signal: AbortSignal): Readable {
  async function* lines(): AsyncGenerator<string> {
    for await (const { events } of log.readAll({ ...wanted, upTo: await log.head() })) {
      if (signal.aborted) return;
      if (events.length > 0) yield events.map((event) => `${JSON.stringify(eventView(event))}\n`).join('');
    }
  }
  return Readable.from(lines());
}

/** Server-sent events (WHATWG HTML): what there is, then what comes, until the client goes or the service stops. */
export function eventStream(log: EventLog, wanted: EventsWanted, signal: AbortSignal): Readable {
  async function* messages(): AsyncGenerator<string> {
    yield ': the log, live\n\n';
    for await (const { events } of log.subscribe({ ...wanted, signal })) {
      if (events.length === 0) continue;
      yield events.map((event) => `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(eventView(event))}\n\n`).join('');
    }
  }
  const stream = Readable.from(messages());
  const heartbeat = setInterval(() => {
    if (stream.readableFlowing) stream.push(': alive\n\n');
  }, HEARTBEAT_MS).unref();
  stream.once('close', () => clearInterval(heartbeat));
  return stream;
}
