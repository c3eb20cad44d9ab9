import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { endedWithin, within } from './within.js';

const never = new Promise<never>(() => undefined);

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('within', () => {
  it('returns the result of the work, and leaves no timer', async () => {
    await expect(within(10, Promise.resolve('done'), () => 'late')).resolves.toBe('done');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects with the error of the work, and leaves no timer', async () => {
    const failing = Promise.reject(new Error('away'));
    await expect(within(10, failing, () => 'late')).rejects.toThrow('away');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('returns the late result when the time is over', async () => {
    const result = within(10, never, () => 'late');
    jest.advanceTimersByTime(10);
    await expect(result).resolves.toBe('late');
  });

  it('rejects with what the late result throws', async () => {
    const result = within(10, never, () => {
      throw new Error('no answer');
    });
    jest.advanceTimersByTime(10);
    await expect(result).rejects.toThrow('no answer');
  });
});

describe('endedWithin', () => {
  it.each([
    ['there is no work', undefined],
    ['the work has ended', Promise.resolve()],
  ])('resolves at once when %s', async (_case, work) => {
    await expect(endedWithin(10, work)).resolves.toBeUndefined();
  });

  it('resolves when the time is over', async () => {
    const ended = endedWithin(10, never);
    jest.advanceTimersByTime(10);
    await expect(ended).resolves.toBeUndefined();
  });
});
