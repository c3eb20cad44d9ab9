import { describe, expect, it } from '@jest/globals';
import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../event-log.js';
import type { PreparedAppend } from '../prepared-append.js';
import { HandOver } from './hand-over.js';

const append = (stream: string, expectedRevision: number, ...ids: string[]): PreparedAppend =>
  ({
    stream: streamName(stream),
    expectedRevision,
    commandId: commandId('c'),
    events: ids.map((id) => ({ event: { id: eventId(id) } })),
  }) as never;
const event = (id: string, stream: string, revision: number): LoggedEvent =>
  ({ id, stream, revision }) as unknown as LoggedEvent;

describe('what an append waits for', () => {
  it('is complete with its last event, and says who wrote it', async () => {
    const handOver = new HandOver();
    const expected = handOver.expect(append('a', 4, 'x', 'y'));
    handOver.hand(event('x', 'a', 5), 'me');
    expect(expected.handedOver).toBeUndefined();
    handOver.hand(event('y', 'a', 6), 'me');
    expect(await expected.complete).toEqual({
      events: [event('x', 'a', 5), event('y', 'a', 6)],
      writer: 'me',
    });
  });

  it.each([
    ['in another stream', 'b', 0],
    ['at another revision', 'a', 1],
  ])('is not the same id %s', (_, stream, revision) => {
    const handOver = new HandOver();
    const expected = handOver.expect(append('a', -1, 'x'));
    handOver.hand(event('x', stream, revision), 'me');
    expect(expected.handedOver).toBeUndefined();
  });

  it('may be the same for two, and is forgotten with the last of them', () => {
    const handOver = new HandOver();
    const both = [
      handOver.expect(append('a', -1, 'x')),
      handOver.expect(append('a', -1, 'x')),
    ] as const;
    handOver.hand(event('x', 'a', 0), 'me');
    expect(both.map(({ handedOver }) => handedOver?.writer)).toEqual(['me', 'me']);
    handOver.noLonger(both[0]);
    expect(handOver.size).toBe(1);
    handOver.noLonger(both[1]);
    expect(handOver.size).toBe(0);
  });
});
