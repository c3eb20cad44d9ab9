import { asRefusal } from './append-service.js';
import { isShownInAll } from './event-filter.js';
import type { LogView } from './log-view.js';
import type { Node } from './node.js';
import { type UuidForm, recorded } from './recorded.js';
import { refusals } from './refusal.js';
import { type ReadCall, ReplyStream } from './reply-stream.js';
import { Subscription } from './subscription.js';
import type { StoredEvent, TransactionLog } from './transaction-log.js';
import { Cut, Visit } from './visit.js';
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
  const visit = new Visit(node, replies.call, options.stream ? 'readStream' : 'readAll', stream);
  const afterEvents = visit.fault?.programme.afterEvents ?? 0;
  if (afterEvents === 0) await visit.arrive();
  const found = options.stream ? eventsOfStream(node, stream, options) : eventsOfAll(node, options);
  if (!found) return replies.send({ streamNotFound: { stream: nameOf(stream) } });
  const form: UuidForm = options.uuid?.form ?? 'halves';
  let left = BigInt(options.count ?? 0);
  if (left === 0n && options.stream) throw refusals.unreadable('ReadStreamResult: Error');
  let sent = 0;
  for (const event of found) {
    if (left-- <= 0n || replies.isGone) break;
    if (afterEvents > 0 && sent === afterEvents) await visit.arrive();
    replies.send(recorded(event, form));
    sent++;
    await replies.room;
  }
  await visit.leave();
}

async function subscribe(node: Node, replies: ReplyStream, options: WireReadOptions): Promise<void> {
  const stream = options.stream ? textOf(options.stream.stream) : '$all';
  const visit = new Visit(node, replies.call, options.stream ? 'subscribeToStream' : 'subscribeToAll', stream);
  await visit.arrive();
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

/** The stream's events from where the options say, or nothing if it does not exist. */
function eventsOfStream({ log, view }: Node, name: string, options: WireReadOptions): Iterable<StoredEvent> | undefined {
  const state = log.stream(name);
  if (state?.isTombstoned) throw refusals.streamDeleted(name);
  const shown =
    state?.events.filter(({ revision, position }) => revision >= state.truncatedBefore && position <= view.lastPositionInStreams) ?? [];
  if (!state || shown.length === 0) return undefined;
  return slice(shown, options, (event) => event.revision, Number(options.stream?.revision ?? 0), options.stream?.from);
}

function slice(
  events: readonly StoredEvent[],
  options: WireReadOptions,
  revisionOf: (event: StoredEvent) => number,
  revision: number,
  from: 'revision' | 'start' | 'end' = 'start',
): Iterable<StoredEvent> {
  if (from === 'end' && !isBackwards(options)) throw refusals.unreadable('ReadStreamResult: Error');
  const first = revisionOf(events[0]!);
  const last = revisionOf(events.at(-1)!);
  const begin = { revision, start: 0, end: last }[from];
  if (isBackwards(options)) return backwards(events, Math.min(begin, last) - first);
  return events.slice(Math.max(0, begin - first));
}

function* backwards(events: readonly StoredEvent[], index: number): Iterable<StoredEvent> {
  for (let at = index; at >= 0; at--) yield events[at]!;
}

/** `$all` forwards begins at the position, backwards before it. */
function eventsOfAll({ log, view }: Node, options: WireReadOptions): Iterable<StoredEvent> {
  const { from, position } = options.all ?? {};
  const last = log.end;
  const wire = { commit: BigInt(position?.commit ?? 0), prepare: BigInt(position?.prepare ?? 0) };
  if (from === 'position' && wire.commit < wire.prepare) throw refusals.defect();
  const isEnd = from === 'end' || wire.commit === END_OF_ALL;
  const at = isEnd ? { commit: last, prepare: last } : { commit: Number(wire.commit), prepare: Number(wire.prepare) };
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
