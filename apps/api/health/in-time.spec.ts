import { describe, expect, it } from '@jest/globals';
import { inTime } from './in-time.js';

describe('readiness', () => {
  it('is what was found', () => expect(inTime(Promise.resolve(7), 50)).resolves.toBe(7));
  it('is the fault that was met', () =>
    expect(inTime(Promise.reject(new Error('away')), 50)).rejects.toThrow('away'));
  it('is "not ready" when nothing answers in time', () =>
    expect(inTime(new Promise<never>(() => undefined), 20)).rejects.toMatchObject({
      code: 'not-ready',
    }));
});
