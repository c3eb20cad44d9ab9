import type {
  AllStreamResolvedEvent,
  AllStreamSubscription,
  ResolvedEvent,
  StreamingRead,
} from '@eventstore/db-client';
import { Silence } from './failures.js';

/**
 * The client's streams: reads have `cancel`, subscriptions `unsubscribe`; neither happens by
 * leaving the loop.
 */
export type ServerStream =
  StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent> | AllStreamSubscription;

const LOOKS = 4;

/**
 * What a stream of the server brings, until it ends or the consumer leaves. Reads have no deadline
 * of their own, so a stream that keeps its consumer waiting for longer than `silenceMs` is ended
 * with an error. However it ends, the call is cancelled.
 */
export async function* received<Item>(
  stream: ServerStream,
  silenceMs: number,
): AsyncIterable<Item> {
  keepQuiet(stream);
  let waitingSinceMs = performance.now();
  const watch = setInterval(() => {
    const waitedMs = performance.now() - waitingSinceMs;
    if (waitedMs > silenceMs)
      stream.destroy(new Silence(`nothing was read for ${Math.round(waitedMs)} ms`));
  }, silenceMs / LOOKS);
  try {
    for await (const item of stream.iterator({ destroyOnReturn: false })) {
      waitingSinceMs = Number.POSITIVE_INFINITY;
      yield item as Item;
      waitingSinceMs = performance.now();
    }
  } finally {
    clearInterval(watch);
    end(stream);
  }
}

/**
 * Cancels the call, and lets what has come already run out: the client keeps a call until its last
 * message has been read. Destroyed, or with nobody reading, it would be kept for ever.
 */
export function end(stream: ServerStream): void {
  keepQuiet(stream);
  // A call that was never made, for want of a connection, cannot be cancelled either: its error has
  // been told.
  void ('cancel' in stream ? stream.cancel() : stream.unsubscribe()).catch(() => undefined);
  stream.resume();
}

/**
 * The client emits errors on streams that nobody listens to any more; without a listener they would
 * end the process.
 */
function keepQuiet(stream: ServerStream): void {
  stream.on('error', () => undefined);
}
