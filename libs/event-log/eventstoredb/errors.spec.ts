import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { LogUnavailable } from '../errors.js';
import { failureOf, Silence } from './errors.js';

const grpc = (
  code: number,
  details: string,
  metadata: Readonly<Record<string, string>> = {},
): ServiceError => {
  const trailers = new Metadata();
  for (const [key, value] of Object.entries(metadata)) trailers.set(key, value);
  return Object.assign(new Error(`${code} ${details}`), { code, details, metadata: trailers });
};
const leader = { 'leader-endpoint-host': '10.0.0.2', 'leader-endpoint-port': '2114' };

describe('an error of the client', () => {
  it.each<[string, unknown, object]>([
    [
      'unavailable',
      new UnavailableError(grpc(14, 'Connection dropped')),
      { sent: true, connection: { is: 'lost' } },
    ],
    [
      'a plain error with the same code',
      grpc(14, 'Connection dropped'),
      { sent: true, connection: { is: 'lost' } },
    ],
    [
      'no connection',
      new UnavailableError(grpc(14, 'No connection established. Last error: ECONNREFUSED')),
      { sent: false, connection: { is: 'lost' } },
    ],
    [
      'a failed discovery',
      new Error('Failed to discover after 10 attempts.'),
      { sent: false, connection: { is: 'lost' } },
    ],
    [
      'a closed channel',
      new Error('Channel has been shut down'),
      { sent: false, connection: { is: 'lost' } },
    ],
    [
      'cancelled',
      new CancelledError(grpc(1, 'by the server')),
      { sent: true, connection: { is: 'lost' } },
    ],
    [
      'a deadline',
      new DeadlineExceededError(grpc(4, 'Deadline exceeded')),
      { sent: true, connection: { is: 'silent' } },
    ],
    ['silence', new Silence('no answer'), { sent: true, connection: { is: 'silent' } }],
    [
      'the commit timed out',
      new TimeoutError(grpc(10, 'Commit phase timeout')),
      { sent: true, connection: { is: 'unharmed' } },
    ],
    [
      'not ready',
      new UnknownError(undefined, 'Could not recognize Server Is Not Ready'),
      { sent: true, connection: { is: 'unharmed' } },
    ],
    [
      'not the leader',
      new NotLeaderError(grpc(5, '', leader)),
      { sent: true, connection: { is: 'lost', leader: { address: '10.0.0.2', port: 2114 } } },
    ],
    ['a closed log', new LogUnavailable('closed'), { sent: false, connection: { is: 'unharmed' } }],
    ['anything else', 'a string', { sent: true, connection: { is: 'unharmed' } }],
  ])('allows a repeat of the call: %s', (_, error, expected) => {
    expect(failureOf(error)).toMatchObject({ kind: 'failed', ...expected });
  });

  it.each<[string, unknown, boolean]>([
    ['access denied', new AccessDeniedError(grpc(7, 'Access Denied')), false],
    ['a deleted stream', new StreamDeletedError(undefined, 'a'), false],
    ['an invalid argument', grpc(3, 'invalid'), false],
    ['too large an append', new MaxAppendSizeExceededError(undefined, 1_048_576), true],
    [
      'too large a message',
      grpc(8, 'Received message larger than max (17825792 vs 16777216)'),
      true,
    ],
  ])('is a permanent refusal: %s', (_, error, tooLarge) => {
    expect(failureOf(error)).toMatchObject({
      kind: 'refused',
      tooLarge,
      reason: expect.stringMatching(/./),
    });
  });

  it('is no refusal when the server is exhausted', () => {
    expect(failureOf(grpc(8, 'too many streams'))).toMatchObject({ kind: 'failed' });
  });

  it.each<[bigint | 'no_stream', number]>([
    ['no_stream', -1],
    [0n, 0],
    [7n, 7],
  ])('is a conflict with a stream at %p', (current, actual) => {
    const conflict = new WrongExpectedVersionError(null as never, {
      streamName: 'a',
      current,
      expected: 3n,
    });
    expect(conflict.message).toBe('');
    expect(failureOf(conflict)).toEqual({ kind: 'wrong-revision', actual });
  });

  it('means that the stream does not exist', () => {
    expect(failureOf(new StreamNotFoundError(undefined as never, 'a'))).toEqual({
      kind: 'no-stream',
    });
  });
});
