import type { sendUnaryData, ServerReadableStream, ServerUnaryCall } from '@grpc/grpc-js';
import type { Expected } from './append-rules.js';
import type { CallName } from './calls.js';
import type { Node } from './node.js';
import { Refusal, refusals } from './refusal.js';
import type { AppendOutcome, ProposedEvent } from './transaction-log.js';
import { Cut, ServerCall } from './server-call.js';
import {
  textOf,
  uuidOf,
  type WireAppendOptions,
  type WireAppendReply,
  type WireAppendRequest,
  type WireAppended,
  type WireDeleteReply,
  type WireDeleteRequest,
  type WireExpected,
  type WireProposed,
} from './wire.js';

/** An append whose messages have all arrived. */
export interface ReceivedAppend {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
}

export type Answered = Extract<
  AppendOutcome,
  { readonly kind: 'appended' | 'repeated' | 'conflict' }
>;

const NOTHING = {};

/**
 * Writes, waits for replication, and returns the reply; throws a refusal where the server ends the
 * call with an error.
 */
export async function append(visit: ServerCall, received: ReceivedAppend): Promise<Answered> {
  const { stream, expected, events } = received;
  await visit.enter();
  const past = conflictOfThePast(visit.node, received);
  if (past) return past;
  await visit.proceed();
  const { log, commitTimeoutMs } = visit.node;
  if (log.isFull) throw refusals.logFull();
  const outcome = log.append(stream, expected, events, visit.node.nowMs());
  if (outcome.kind === 'stream-deleted') throw refusals.streamDeleted(stream);
  if (outcome.kind !== 'conflict') await replication(visit.node, commitTimeoutMs);
  await visit.leave();
  if (outcome.kind === 'repeats-unreplicated') throw refusals.commitTimeout();
  return outcome;
}

/**
 * A leader that was paused and believes that it still leads reports a conflict at once, from its
 * past, without asking the other nodes.
 */
function conflictOfThePast(
  { log, view }: Node,
  { stream, expected, events }: ReceivedAppend,
): Answered | undefined {
  if (!view.isFrozen) return undefined;
  const verdict = log.judge(stream, expected, events, view.lastPositionInStreams);
  return verdict.kind === 'conflict' ? verdict : undefined;
}

/** The wait for the other nodes. */
async function replication({ log }: Node, timeoutMs: number): Promise<void> {
  if (log.isProceeding) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>(
    (resolve) => (timer = setTimeout(resolve, timeoutMs, 'timeout')),
  );
  const settled = await Promise.race([log.replicated(), timeout]);
  clearTimeout(timer);
  if (settled === 'timeout') throw refusals.commitTimeout();
  if (!settled) throw refusals.cancelledByServer();
}

/**
 * `Append`: the options first, then one message per event. When the caller cancels in between, or
 * its deadline passes, the server takes the events that have arrived for the whole append (seen on
 * 24.6); when the connection breaks, it writes nothing.
 */
export function appendHandler(node: Node) {
  return (
    call: ServerReadableStream<WireAppendRequest, WireAppendReply>,
    answer: sendUnaryData<WireAppendReply>,
  ): void => {
    let options: WireAppendOptions | undefined;
    const events: ProposedEvent[] = [];
    const size = new AppendSize(node.appendLimitBytes);
    let refusal: Refusal | undefined;
    const peer = call.getPeer();
    call.on('data', (message: WireAppendRequest) => {
      try {
        if (message.options) options = message.options;
        else if (message.proposed && !refusal)
          events.push(size.added(proposedEvent(message.proposed)));
      } catch (error) {
        refusal = asRefusal(error);
        void replying(answer, () => Promise.reject(refusal!));
      }
    });
    let taken = false;
    const take = (): void => {
      if (taken || refusal || !node.door.isConnected(peer)) return;
      taken = true;
      const stream = textOf(options?.stream);
      void replying(answer, async () => {
        const outcome = await append(new ServerCall(node, call, 'append', stream), {
          stream,
          expected: expectedOf(options ?? {}),
          events,
        });
        return outcome.kind === 'conflict'
          ? { conflict: conflictOf(options ?? {}, outcome.current) }
          : { success: appendedOf(outcome) };
      });
    };
    call.on('end', take);
    call.on('cancelled', take);
  };
}

/** `Delete` and `Tombstone`. */
export function deleteHandler(node: Node, name: Extract<CallName, 'delete' | 'tombstone'>) {
  return (
    call: ServerUnaryCall<WireDeleteRequest, WireDeleteReply>,
    answer: sendUnaryData<WireDeleteReply>,
  ): void => {
    void replying(answer, async () => {
      const stream = textOf(call.request.options?.stream);
      const visit = new ServerCall(node, call, name, stream);
      await visit.arrive();
      const position = deleteStream(node, name, stream, expectedOf(call.request.options ?? {}));
      await visit.leave();
      return { position: { commit: position, prepare: position } };
    });
  };
}

function deleteStream(
  node: Node,
  name: 'delete' | 'tombstone',
  stream: string,
  expected: Expected,
): number {
  const { log } = node;
  const state = log.stream(stream);
  const current = (state?.events.length ?? 0) - 1;
  if (state?.isTombstoned || (state?.isDeleted && name === 'delete'))
    throw refusals.streamDeleted(stream);
  const wanted = expected === 'no_stream' ? -1 : expected;
  const isWrong = typeof wanted === 'number' ? wanted !== current : current < 0;
  if (isWrong) throw refusals.wrongRevision('Delete', stream, revisionNumber(expected), current);
  return name === 'delete' ? log.delete(stream, node.nowMs()) : log.tombstone(stream, node.nowMs());
}

/** Replies with the result or the error of `work`; a cut connection gets no reply. */
export async function replying<Reply>(
  answer: sendUnaryData<Reply>,
  work: () => Promise<Reply>,
): Promise<void> {
  try {
    answer(null, await work());
  } catch (error) {
    if (!(error instanceof Cut)) answer(asRefusal(error));
  }
}

/** Any error that is not a refusal is a defect of the double; the caller gets it with its stack. */
export const asRefusal = (error: unknown): Refusal =>
  error instanceof Refusal
    ? error
    : new Refusal(13, error instanceof Error ? (error.stack ?? error.message) : String(error));

export function expectedOf({ expected, revision }: WireExpected): Expected {
  switch (expected) {
    case 'revision':
      return Number(revision);
    case 'noStream':
      return 'no_stream';
    case 'streamExists':
      return 'stream_exists';
    case 'any':
      return 'any';
    default:
      throw new Refusal(3, "'None' is not a valid expected revision");
  }
}

export const appendedOf = ({
  revision,
  position,
}: {
  readonly revision: number;
  readonly position: number;
}): WireAppended => ({
  ...(revision < 0 ? { noStream: NOTHING } : { currentRevision: revision }),
  position: { commit: position, prepare: position },
});

function conflictOf(
  expected: WireExpected,
  current: number,
): NonNullable<WireAppendReply['conflict']> {
  const wanted = {
    revision: () => ({ expectedRevision: Number(expected.revision) }),
    noStream: () => ({ expectedNone: NOTHING }),
    streamExists: () => ({ expectedExists: NOTHING }),
    any: () => ({ expectedAny: NOTHING }),
  }[expected.expected ?? 'any']();
  return { ...(current < 0 ? { currentNone: NOTHING } : { currentRevision: current }), ...wanted };
}

/** As numbers, as in the server's messages. */
export const revisionNumber = (expected: Expected): number =>
  typeof expected === 'number' ? expected : { no_stream: -1, any: -2, stream_exists: -4 }[expected];

/** The limit on an append counts its events' data only, not their metadata. */
export class AppendSize {
  #bytes = 0;

  constructor(private readonly limitBytes: number) {}

  added(event: ProposedEvent): ProposedEvent {
    this.#bytes += event.data.length;
    if (this.#bytes > this.limitBytes) throw refusals.appendTooLarge(this.limitBytes);
    return event;
  }
}

const NO_BYTES = new Uint8Array();

/** The largest message; the server stops reading at a larger one. */
const MESSAGE_LIMIT_BYTES = 16 * 1024 * 1024;

export function proposedEvent({
  id,
  properties = {},
  data = NO_BYTES,
  metadata = NO_BYTES,
}: WireProposed): ProposedEvent {
  if (data.length + metadata.length >= MESSAGE_LIMIT_BYTES) throw refusals.messageTooLarge();
  const { type, 'content-type': contentType } = properties;
  if (type === undefined) throw refusals.propertyMissing('type');
  if (contentType === undefined) throw refusals.propertyMissing('content-type');
  return { id: uuidOf(id), type, isJson: contentType === 'application/json', data, metadata };
}
