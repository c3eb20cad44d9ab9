import { describe, expect, it } from '@jest/globals';
import { paddedOfferId } from './offer-id.js';

describe('an order’s offer id', () => {
  it.each([
    ['CFQ7TTC0LCHC:1', 'CFQ7TTC0LCHC:0001'],
    ['CFQ7TTC0LCHC:J', 'CFQ7TTC0LCHC:000J'],
    ['CFQ7TTC0LCHC:0001', 'CFQ7TTC0LCHC:0001'],
    ['CFQ7TTC0LCHC:00001', 'CFQ7TTC0LCHC:00001'],
    ['CFQ7TTC0LCHC:', 'CFQ7TTC0LCHC:'],
    [':1', ':1'],
    ['CFQ7TTC0LCHC', 'CFQ7TTC0LCHC'],
    ['A:1:2', 'A:1:2'],
    [`${'P'.repeat(59)}:1`, `${'P'.repeat(59)}:0001`],
    [`${'P'.repeat(60)}:1`, `${'P'.repeat(60)}:1`],
  ])('%s is %s', (offerId, padded) => {
    expect(paddedOfferId(offerId)).toBe(padded);
  });
});
