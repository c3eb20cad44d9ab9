import { describe, expect, it } from '@jest/globals';
import { prefersMinimal } from './preferences.js';

describe('Prefer: return=minimal', () => {
  it.each<[string | string[] | undefined, boolean]>([
    [undefined, false],
    ['return=minimal', true],
    ['Return=minimal', true],
    ['return="minimal"', true],
    ['return = minimal', true],
    ['return=minimal; foo="a,b"', true],
    ['respond-async, wait=10, return=minimal', true],
    ['note="return=minimal"', false],
    ['note="a, return=minimal"', false],
    ['return=representation', false],
    ['return=representation, return=minimal', false],
    ['return=minimal, return=representation', true],
    [['respond-async', 'return=minimal'], true],
    ['return', false],
    ['minimal', false],
    ['', false],
    [`${','.repeat(2000)}return=minimal`, false],
  ])('%j: %s', (sent, minimal) => expect(prefersMinimal(sent)).toBe(minimal));
});
