import { Metadata, status } from '@grpc/grpc-js';

/** An error that ends a call, with the server's message. */
export class Refusal extends Error {
  constructor(
    readonly code: status,
    readonly details: string,
    readonly trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
  }

  get metadata(): Metadata {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(this.trailers)) metadata.set(key, value);
    return metadata;
  }
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export const refusals = {
  notReady: () => new Refusal(status.UNAVAILABLE, 'Server Is Not Ready'),
  tooBusy: () => new Refusal(status.UNAVAILABLE, 'Server Is Too Busy'),
  unavailable: () => new Refusal(status.UNAVAILABLE, 'unavailable'),
  cancelled: () => new Refusal(status.CANCELLED, 'Call canceled by the server.'),
  noLeaderInfo: () => new Refusal(status.UNKNOWN, 'No leader info available in response'),
  deadlineExceeded: () => new Refusal(status.DEADLINE_EXCEEDED, 'Deadline Exceeded'),
  /** What gRPC reports for a stream that is reset without a status. */
  reset: () =>
    new Refusal(
      status.INTERNAL,
      'Received RST_STREAM with code 0 (Call ended without gRPC status)',
    ),
  commitTimeout: () => new Refusal(status.ABORTED, 'Operation timed out: Commit phase timeout.'),
  cancelledByServer: () =>
    new Refusal(status.ABORTED, 'Operation timed out: Request canceled by server'),
  accessDenied: () =>
    new Refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  messageTooLarge: () =>
    new Refusal(
      status.RESOURCE_EXHAUSTED,
      'Received message exceeds the maximum configured message size.',
    ),
  invalidArgument: (details: string) => new Refusal(status.INVALID_ARGUMENT, details),
  defect: () => new Refusal(status.UNKNOWN, 'Exception was thrown by handler.'),
  unreadable: (result: string) => new Refusal(status.UNKNOWN, `Unexpected ${result}`),
  logFull: () => new Refusal(status.RESOURCE_EXHAUSTED, 'The log of this double is full.'),
  invalidPosition: () =>
    new Refusal(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.'),
  notLeader: ({ host, port }: Address) =>
    new Refusal(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': host,
      'leader-endpoint-port': String(port),
    }),
  streamDeleted: (stream: string) =>
    new Refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      exception: 'stream-deleted',
      'stream-name': stream,
    }),
  appendTooLarge: (limitBytes: number) =>
    new Refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${limitBytes} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(limitBytes),
    }),
  propertyMissing: (property: string) =>
    new Refusal(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    }),
  wrongRevision: (operation: string, stream: string, expected: number, actual: number) =>
    new Refusal(
      status.FAILED_PRECONDITION,
      `${operation} failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
      {
        exception: 'wrong-expected-version',
        'stream-name': stream,
        'expected-version': String(expected),
        'actual-version': String(actual),
      },
    ),
};
