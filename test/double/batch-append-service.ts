import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import {
  AppendSize,
  append,
  appendedOf,
  asRefusal,
  expectedOf,
  proposedEvent,
  type ReceivedAppend,
} from './append-service.js';
import type { Expected } from './append-rules.js';
import type { Node } from './node.js';
import type { ProposedEvent } from './transaction-log.js';
import { Cut, ServerCall } from './server-call.js';
import {
  nameOf,
  packed,
  textOf,
  uuidOf,
  type WireBatchReply,
  type WireBatchRequest,
} from './wire.js';

type BatchError = NonNullable<WireBatchReply['error']>;
type BatchCall = ServerDuplexStream<WireBatchRequest, WireBatchReply>;

/**
 * `BatchAppend`: many appends on one stream of messages, each with its correlation id; the stream
 * never ends by itself.
 */
export function batchAppendHandler(node: Node) {
  return (call: BatchCall): void => {
    const open = new Map<string, OpenAppend>();
    call.on('data', (message: WireBatchRequest) => {
      const correlation = uuidOf(message.correlationId);
      let received = open.get(correlation);
      if (!received)
        open.set(correlation, (received = new OpenAppend(message, node.appendLimitBytes)));
      received.add(message);
      if (!message.isFinal) return;
      open.delete(correlation);
      void answerOne(node, call, message, received);
    });
    call.on('end', () => call.end());
  };
}

class OpenAppend {
  readonly events: ProposedEvent[] = [];
  readonly stream: string;
  readonly expected: Expected;
  readonly #size: AppendSize;
  failure: unknown;

  constructor({ options = {} }: WireBatchRequest, limitBytes: number) {
    this.stream = textOf(options.stream);
    this.expected = expectedOf(options);
    this.#size = new AppendSize(limitBytes);
  }

  add({ proposed = [] }: WireBatchRequest): void {
    try {
      for (const event of proposed) this.events.push(this.#size.added(proposedEvent(event)));
    } catch (error) {
      this.failure ??= error;
    }
  }

  received(): ReceivedAppend {
    if (this.failure !== undefined) throw this.failure;
    return this;
  }
}

async function answerOne(
  node: Node,
  call: BatchCall,
  message: WireBatchRequest,
  open: OpenAppend,
): Promise<void> {
  const reply = (result: Pick<WireBatchReply, 'error' | 'success'>): void => {
    if (!call.cancelled)
      call.write({
        ...(message.correlationId && { correlationId: message.correlationId }),
        stream: nameOf(open.stream),
        ...result,
      });
  };
  try {
    const outcome = await append(
      new ServerCall(node, call, 'batchAppend', open.stream),
      open.received(),
    );
    if (outcome.kind === 'conflict')
      reply({ error: conflictError(outcome.current, open.expected) });
    else reply({ success: appendedOf(outcome) });
  } catch (error) {
    if (error instanceof Cut) return;
    const refusal = asRefusal(error);
    // A node that is not the leader, and a message that is too large, end the whole stream of
    // batches.
    if (
      refusal.trailers['exception'] === 'not-leader' ||
      refusal.code === status.RESOURCE_EXHAUSTED
    )
      call.emit('error', refusal);
    else
      reply({
        error: batchError(
          refusal.trailers['exception'],
          refusal.code,
          refusal.details,
          open.stream,
          node.appendLimitBytes,
        ),
      });
  }
}

const CURRENT = { revision: 1, none: 2 };
const EXPECTED = { revision: 3, any: 4, stream_exists: 5, no_stream: 6 };
const EMPTY = new Uint8Array();
const message = (name: string): string => `event_store.client.${name}`;

function conflictError(current: number, expected: Expected): BatchError {
  const details = packed(message('WrongExpectedVersion'), [
    current < 0 ? [CURRENT.none, EMPTY] : [CURRENT.revision, current],
    typeof expected === 'number' ? [EXPECTED.revision, expected] : [EXPECTED[expected], EMPTY],
  ]);
  return { code: 6, message: 'WrongExpectedVersion', details };
}

/**
 * A refusal inside the stream of batches: packed under the name of its kind, or under a name that
 * the client does not know.
 */
function batchError(
  exception: string | undefined,
  code: number,
  text: string,
  stream: string,
  limitBytes: number,
): BatchError {
  if (exception === 'stream-deleted') {
    const name = Buffer.from(stream);
    const inner = packed('', [[3, name]]).value;
    return {
      code: 5,
      message: 'StreamDeleted',
      details: packed(message('StreamDeleted'), [[1, inner]]),
    };
  }
  if (exception === 'access-denied')
    return { code: 7, message: 'AccessDenied', details: packed(message('AccessDenied'), []) };
  if (exception === 'maximum-append-size-exceeded')
    return {
      code: 3,
      message: 'MaximumAppendSizeExceeded',
      details: packed(message('MaximumAppendSizeExceeded'), [[1, limitBytes]]),
    };
  if (code === 10) return { code: 4, message: 'Timeout', details: packed(message('Timeout'), []) };
  return { code: 0, message: text, details: packed('google.protobuf.Empty', []) };
}
