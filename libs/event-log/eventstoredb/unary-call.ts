import { WrongExpectedVersionError } from '@eventstore/db-client';
import { convertToCommandError } from '@eventstore/db-client/dist/utils/CommandError.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AllPosition } from './log-index.js';

/** An event as it goes over the wire: data and metadata are bytes of JSON. */
export interface WireEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface WireAppend {
  readonly stream: string;
  /** −1: the stream must not exist. */
  readonly expectedRevision: number;
  readonly events: readonly WireEvent[];
}

type Arguments = Parameters<StreamsClient['append']>;
/** gRPC's metadata and options of a call, as the client makes them. */
export type CallArguments = readonly [Arguments[0], Arguments[1]];

/**
 * The unary `Append` with the client's own messages and channel, but without the client's
 * `appendToStream`: that one turns into a batch append where the server offers it and no
 * credentials come with the call, and takes every event through JSON and base64 a second time,
 * which was half of what an append cost. Throws the client's errors.
 */
export function unaryAppend(
  grpc: StreamsClient,
  append: WireAppend,
  [metadata, options]: CallArguments,
): Promise<AllPosition | undefined> {
  return new Promise((resolve, reject) => {
    const call = grpc.append(metadata, options, (error, answer) => {
      if (error) reject(convertToCommandError(error));
      else if (answer.hasWrongExpectedVersion()) reject(conflictOf(append, answer));
      else resolve(positionOf(answer));
    });
    call.on('error', reject);
    call.write(header(append));
    for (const event of append.events) call.write(proposed(event));
    call.end();
  });
}

function header({ stream, expectedRevision }: WireAppend): streams.AppendReq {
  const options = new streams.AppendReq.Options().setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(utf8.encode(stream)),
  );
  if (expectedRevision < 0) options.setNoStream(new shared.Empty());
  else options.setRevision(String(expectedRevision));
  return new streams.AppendReq().setOptions(options);
}

function proposed({ id, type, data, metadata }: WireEvent): streams.AppendReq {
  const message = new streams.AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(data)
    .setCustomMetadata(metadata);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return new streams.AppendReq().setProposedMessage(message);
}

function conflictOf(
  { stream, expectedRevision }: WireAppend,
  answer: streams.AppendResp,
): WrongExpectedVersionError {
  const found = answer.getWrongExpectedVersion();
  return new WrongExpectedVersionError(undefined, {
    streamName: stream,
    current: found?.hasCurrentRevision() ? BigInt(found.getCurrentRevision()) : 'no_stream',
    expected: expectedRevision < 0 ? 'no_stream' : BigInt(expectedRevision),
  });
}

function positionOf(answer: streams.AppendResp): AllPosition | undefined {
  const position = answer.getSuccess()?.getPosition();
  return (
    position && {
      commit: BigInt(position.getCommitPosition()),
      prepare: BigInt(position.getPreparePosition()),
    }
  );
}

const utf8 = new TextEncoder();
