import { describe, expect, it } from '@jest/globals';
import { hasCorporateCheckDigit, isRegistrationNumber } from './registration-number.js';

describe('a registration number', () => {
  it.each([
    ['T4011001098993', true, true],
    ['T2120901007402', true, true],
    ['T7123456789012', true, true],
    ['T9234567890123', true, true],
    ['T1234567890123', true, false],
    ['4011001098993', false, false],
    ['T401100109899', false, false],
    ['T40110010989933', false, false],
    ['t4011001098993', false, false],
    ['Ｔ4011001098993', false, false],
  ])('%s has the shape: %s, and a corporate check digit: %s', (taxId, hasShape, hasDigit) => {
    expect(isRegistrationNumber(taxId)).toBe(hasShape);
    expect(hasCorporateCheckDigit(taxId)).toBe(hasDigit);
  });
});
