import { describe, expect, it } from '@jest/globals';
import { withinReadinessDeadline } from './readiness-deadline.js';

describe('readiness', () => {
  it('is the result of the check', () =>
    expect(withinReadinessDeadline(Promise.resolve(7), 50)).resolves.toBe(7));
  it('is the error of the check', () =>
    expect(withinReadinessDeadline(Promise.reject(new Error('away')), 50)).rejects.toThrow('away'));
  it('is "not ready" when the check takes too long', () =>
    expect(withinReadinessDeadline(new Promise<never>(() => undefined), 20)).rejects.toMatchObject({
      code: 'not-ready',
    }));
});
