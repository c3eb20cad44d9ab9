import { describe, expect, it } from '@jest/globals';
import { eventId, streamName } from '../../domain/shared/ids.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { Verdicts } from './verdicts.js';

const order = (id: string): LoggedEvent =>
  ({ id: eventId(id), stream: streamName('customer-1') }) as LoggedEvent;
const voided = { type: 'OrderVoided' } as LoggedEvent;

describe('verdicts', () => {
  it('resolve all waiting calls, and are kept for later calls', async () => {
    const verdicts = new Verdicts();
    const waiting = [
      verdicts.await(order('a'), 1_000),
      verdicts.await(order('a'), 1_000),
      verdicts.await(order('b'), 1_000),
    ];
    verdicts.tell(order('a'), voided);
    verdicts.tell(order('b'), undefined);
    expect(await Promise.all(waiting)).toEqual([voided, voided, undefined]);
    expect(verdicts.of(order('a'))).toEqual({ verdict: voided });
    expect(verdicts.of(order('b'))).toEqual({ verdict: undefined });
    expect(verdicts.of(order('c'))).toBeUndefined();
  });

  it('are unknown after the deadline, which removes the waiting call', async () => {
    const verdicts = new Verdicts();
    const late = verdicts.await(order('a'), 5);
    const patient = verdicts.await(order('a'), 1_000);
    await expect(late).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(verdicts.awaited.map(({ id }) => id)).toEqual(['a']);
    verdicts.tell(order('a'), undefined);
    await patient;
    expect(verdicts.awaited).toEqual([]);
  });

  it('fail all waiting calls when the validator stops', async () => {
    const verdicts = new Verdicts();
    const waiting = verdicts.await(order('a'), 1_000);
    verdicts.fail(new Error('stopped'));
    await expect(waiting).rejects.toThrow('stopped');
    expect(verdicts.awaited).toEqual([]);
  });
});
