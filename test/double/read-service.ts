import { asRefusal } from './append-service.js';
import { isShownInAll } from './event-filter.js';
import type { LogView } from './log-view.js';
import type { Node } from './node.js';
import { type UuidForm, recorded } from './recorded-event.js';
import { refusals } from './refusal.js';
import { type ReadCall, ReplyStream } from './reply-stream.js';
import { Subscription } from './subscription.js';
import type { StoredEvent, TransactionLog } from './transaction-log.js';
import { Cut, ServerCall } from './server-call.js';
import { nameOf, textOf, type WireReadOptions } from './wire.js';

/** `Read`: a stream or `$all`, forwards or backwards, a count or a subscription. */
export function readHandler(node: Node) {
  return (call: ReadCall): void => {
    const options = call.request.options ?? {};
    const replies = new ReplyStream(call);
    void ending(call, async () => {
      if (options.extent === 'subscription') await subscribe(node, replies, options);
      else await read(node, replies, options);
    });
  };
}

/** Ends the call as `work` does; a cut connection is not ended. */
async function ending(call: ReadCall, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    call.end();
  } catch (error) {
    if (!(error instanceof Cut)) call.emit('error', asRefusal(error));
  }
}

async function read(node: Node, replies: ReplyStream, options: WireReadOptions): Promise<void> {
  const stream = options.stream ? textOf(options.stream.stream) : '$all';
  const visit = new ServerCall(
    node,
    replies.call,
    options.stream ? 'readStream' : 'readAll',
    stream,
  );
  await visit.arrive();
  const found = options.stream ? eventsOfStream(node, stream, options) : eventsOfAll(node, options);
  if (!found) return replies.send({ streamNotFound: { stream: nameOf(stream) } });
  await send(visit, replies, found, options);
  await visit.leave();
}

async function send(
  visit: ServerCall,
  replies: ReplyStream,
  found: Iterable<StoredEvent>,
  options: WireReadOptions,
): Promise<void> {
  const form: UuidForm = options.uuid?.form ?? 'halves';
  let left = BigInt(options.count ?? 0);
  if (left === 0n && options.stream) throw refusals.unreadable('ReadStreamResult: Error');
  let untilHarm = visit.harmAfterEvents;
  for (const event of found) {
    if (left-- <= 0n || replies.isGone) break;
    if (untilHarm > 0 && untilHarm-- === 1) await visit.applyFault();
    replies.send(recorded(event, form));
    await replies.room;
  }
  // A read of fewer events meets the fault at its end.
  if (untilHarm > 0) await visit.applyFault();
}

async function subscribe(
  node: Node,
  replies: ReplyStream,
  options: WireReadOptions,
): Promise<void> {
  const stream = options.stream ? textOf(options.stream.stream) : '$all';
  const visit = new ServerCall(
    node,
    replies.call,
    options.stream ? 'subscribeToStream' : 'subscribeToAll',
    stream,
  );
  await visit.arrive();
  await visit.leave();
  const { filter } = options;
  if (filter && !filter.window)
    throw refusals.invalidArgument(
      `'None' is not a valid EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions+WindowOneofCase`,
    );
  if (filter && !filter.checkpointInterval) throw refusals.defect();
  if (node.log.stream(stream)?.isTombstoned) throw refusals.streamDeleted(stream);
  await new Subscription(visit, replies, options).run();
}

const isBackwards = (options: WireReadOptions): boolean => options.direction === 1;

/** The stream's events from the requested revision, or undefined if the stream does not exist. */
function eventsOfStream(
  { log, view }: Node,
  name: string,
  options: WireReadOptions,
): Iterable<StoredEvent> | undefined {
  const state = log.stream(name);
  if (state?.isTombstoned) throw refusals.streamDeleted(name);
  const { events, truncatedBefore: first } = state ?? NO_STREAM;
  let last = events.length - 1;
  while (last >= first && events[last]!.position > view.lastPositionInStreams) last--;
  if (last < first) return undefined;
  const { from = 'start', revision } = options.stream ?? {};
  if (from === 'end' && !isBackwards(options)) throw refusals.unreadable('ReadStreamResult: Error');
  const begin = { revision: Number(revision ?? 0), start: 0, end: last }[from];
  return isBackwards(options)
    ? backwards(events, Math.min(begin, last), first)
    : forwards(events, Math.max(begin, first), last);
}

const NO_STREAM = { events: [], truncatedBefore: 0 };

function* forwards(
  events: readonly StoredEvent[],
  from: number,
  through: number,
): Iterable<StoredEvent> {
  for (let at = from; at <= through; at++) yield events[at]!;
}

function* backwards(
  events: readonly StoredEvent[],
  from: number,
  through: number,
): Iterable<StoredEvent> {
  for (let at = from; at >= through; at--) yield events[at]!;
}

/** `$all` forwards begins at the position, backwards before it. */
function eventsOfAll({ log, view }: Node, options: WireReadOptions): Iterable<StoredEvent> {
  const { from, position } = options.all ?? {};
  const last = log.end;
  const wire = { commit: BigInt(position?.commit ?? 0), prepare: BigInt(position?.prepare ?? 0) };
  if (from === 'position' && wire.commit < wire.prepare) throw refusals.defect();
  const isEnd = from === 'end' || wire.commit === END_OF_ALL;
  const at = isEnd
    ? { commit: last, prepare: last }
    : { commit: Number(wire.commit), prepare: Number(wire.prepare) };
  if (at.commit > last && isBackwards(options)) throw refusals.unreadable('ReadAllResult: Error');
  if (!log.isBoundary(at.commit)) throw refusals.unreadable('ReadAllResult: InvalidPosition');
  return isBackwards(options) ? allBackwards(log, view, at) : allForwards(log, view, at.commit);
}

const END_OF_ALL = 2n ** 64n - 1n;

function* allForwards(log: TransactionLog, view: LogView, offset: number): Iterable<StoredEvent> {
  for (let index = log.indexFrom(offset); index < view.count; index++) {
    const event = log.at(index)!;
    if (isShownInAll(event)) yield event;
  }
}

function* allBackwards(
  log: TransactionLog,
  view: LogView,
  at: { readonly commit: number; readonly prepare: number },
): Iterable<StoredEvent> {
  const from = Math.min(log.indexFrom(at.commit), view.count) - 1;
  for (let index = from; index >= 0; index--) {
    const event = log.at(index)!;
    const isBefore = event.end < at.commit || event.end <= at.prepare;
    if (isBefore && isShownInAll(event)) yield event;
  }
}
