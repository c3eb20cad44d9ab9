import { describe, expect, it } from '@jest/globals';
import type { EventId, StreamName } from '../../../domain/shared/ids.js';
import { randomCommandId } from '../../../event-log/identity.js';
import type { LoggedEvent } from '../../../event-log/event-log.js';
import type { Fold } from './fold.js';
import { FoldedStates } from './folded-states.js';

const counting = (name: string): Fold<unknown> => ({
  stream: name as StreamName,
  initial: 0,
  evolve: (count) => Number(count) + 1,
});

const event = (name: string, revision: number, type = 'CustomerClosed'): LoggedEvent => ({
  id: `${name}-${revision}` as EventId,
  type,
  version: 1,
  stream: name as StreamName,
  revision,
  position: revision,
  recordedAt: '2026-11-22T09:00:00.000Z',
  data: {},
  metadata: { commandId: randomCommandId(), index: 0, actor: 'test', correlationId: 'test' },
});

const stateOf = (states: FoldedStates, name: string) => states.get(name as StreamName)?.state;

describe('the cache of folded states', () => {
  it('drops the longest unused stream when it is full', () => {
    const states = new FoldedStates(2);
    for (const name of ['a', 'b']) states.follow(event(name, 0), counting(name));
    expect(stateOf(states, 'a')).toBe(1);
    states.follow(event('c', 0), counting('c'));
    expect(['a', 'b', 'c'].map((name) => stateOf(states, name))).toEqual([1, undefined, 1]);
  });

  it('folds the next event, ignores one that is folded already, and drops a state that missed one', () => {
    const states = new FoldedStates();
    states.follow(event('a', 0), counting('a'));
    states.follow(event('a', 0));
    states.follow(event('a', 1));
    expect(stateOf(states, 'a')).toBe(2);
    states.follow(event('a', 3));
    expect(stateOf(states, 'a')).toBeUndefined();
  });

  it('drops the state of a stream with an event that this build does not know', () => {
    const states = new FoldedStates();
    states.follow(event('a', 0), counting('a'));
    expect(() => states.follow(event('a', 1, 'NeverHeardOf'))).toThrow('NeverHeardOf');
    expect(stateOf(states, 'a')).toBeUndefined();
  });
});
