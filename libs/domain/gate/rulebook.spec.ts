import { describe, expect, it } from '@jest/globals';
import { acceptedDirectOrder, acceptedOrder } from './testing/accepted-order.js';

describe('probe', () => {
  it('accepts', () => {
    console.log(JSON.stringify(acceptedOrder.judge(), null, 0), JSON.stringify(acceptedOrder.judge().decision).length);
    console.log(JSON.stringify(acceptedDirectOrder.judge(), null, 0));
    expect(acceptedOrder.reasons()).toEqual([]);
    expect(acceptedDirectOrder.reasons()).toEqual([]);
  });
});
