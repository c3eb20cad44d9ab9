import type { EventLog, Position } from '../../../libs/event-log/event-log.js';
import { heartbeat, serverSentEvent } from '../http/context/stream.js';
import { type EventsWanted, eventView } from './event-pages.js';

/** A quiet stream says at this distance that it lives. */
const HEARTBEAT_MS = 15_000;

/** The whole rest of the log, one event a line, up to the head at the time of the request. It reads no faster than the client. */
export async function* ndjsonLines(log: EventLog, wanted: EventsWanted, upTo: Position, signal: AbortSignal): AsyncGenerator<string> {
  for await (const { events } of log.readAll({ ...wanted, upTo })) {
    if (signal.aborted) return;
    if (events.length > 0) yield events.map((event) => `${JSON.stringify(eventView(event))}\n`).join('');
  }
}

/** Server-sent events: what there is, then what comes, until the client goes or the service stops. An event's id is its position. */
export async function* eventMessages(log: EventLog, wanted: EventsWanted, signal: AbortSignal): AsyncGenerator<string> {
  yield heartbeat;
  for await (const page of withQuiet(log.subscribe({ ...wanted, signal }), HEARTBEAT_MS)) {
    if (page === 'quiet') yield heartbeat;
    else if (page.events.length > 0) {
      yield page.events.map((event) => serverSentEvent(eventView(event), String(event.position), event.type)).join('');
    }
  }
}

/** The source, with `quiet` in between whenever nothing has come for a while. */
async function* withQuiet<Item>(source: AsyncIterable<Item>, quietMs: number): AsyncGenerator<Item | 'quiet'> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  try {
    for (;;) {
      const came = await firstOf(next, quietMs);
      if (came === 'quiet') {
        yield came;
        continue;
      }
      if (came.done) return;
      yield came.value;
      next = items.next();
    }
  } finally {
    await items.return?.();
  }
}

function firstOf<Value>(promise: Promise<Value>, quietMs: number): Promise<Value | 'quiet'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('quiet'), quietMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
