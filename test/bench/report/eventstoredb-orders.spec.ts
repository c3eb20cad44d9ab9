import { describe, expect, it } from '@jest/globals';
import type { CallsOfRound } from '../eventstoredb-calls.js';
import type { Slice } from '../load/measured-load.js';
import { verdictOn } from './comparison.js';
import { linesOf, type OverEventStoreDb, roundOf } from './eventstoredb-orders.js';

/** Results of one second with this many orders of equal duration. */
const slice = (done: number): Slice & { serverMicros: number; clientMicros: number } => ({
  ms: 1_000,
  latencies: new Float64Array(done).fill(2),
  sample: { status: 201, headers: {}, body: '{}' },
  requestBytes: 500,
  generatorMicros: 30,
  allMicros: done * 900,
  mainMicros: done * 800,
  serverMicros: done * 400,
  clientMicros: done * 700,
});

const orders = (perSecond: number, more: Partial<OverEventStoreDb> = {}): OverEventStoreDb => ({
  rounds: [
    roundOf({
      ours: [slice(perSecond), slice(perSecond)],
      pairs: [slice(1_000)],
      bare: [slice(9_000)],
      storeOff: [slice(2_000)],
      oneOrder: [slice(100)],
      onePair: [slice(200)],
    }),
  ],
  calls: { rounds: [calls({ append: 2_000 })], claimBytes: 300, decisionBytes: 1_500 },
  eventStore: { name: 'one real node on disk, 24.6.0', real: true },
  readModels: 'PostgreSQL 15',
  lag: 0,
  ...more,
});

const calls = ({
  append,
  readStream = 0,
}: {
  append: number;
  readStream?: number;
}): CallsOfRound => ({
  orders: 1_000,
  appends: append,
  others: readStream,
  byName: { append, readStream },
});

const verdict = (over: OverEventStoreDb, id: string): string | undefined =>
  verdictOn(linesOf(over).find((line) => line.id === id)!);

describe('orders over EventStoreDB', () => {
  it.each([
    [500, 'met'],
    [499, 'not met'],
  ])('at %d a second beside 1,000 pairs are %s', (perSecond, expected) => {
    expect(verdict(orders(perSecond), 'eventstoredb-orders-pairs')).toBe(expected);
  });

  it('have no verdict over the double, which the row names', () => {
    const over = orders(1, { eventStore: { name: 'a protocol double', real: false } });
    expect(verdict(over, 'eventstoredb-orders-pairs')).toBeUndefined();
    expect(linesOf(over)[0]?.work).toBe(
      'POST /v1/orders over EventStoreDB (a protocol double), 64 connections',
    );
  });

  it.each([
    [{ append: 2_000 }, 'met', 'met'],
    [{ append: 2_001 }, 'not met', 'met'],
    [{ append: 2_000, readStream: 10 }, 'met', 'met'],
    [{ append: 2_000, readStream: 11 }, 'met', 'not met'],
  ])('1,000 of them that cost %j: appends %s, reads %s', (made, appends, reads) => {
    const over = orders(500, {
      calls: { rounds: [calls(made)], claimBytes: 300, decisionBytes: 1_500 },
    });
    expect([
      verdict(over, 'eventstoredb-orders-appends'),
      verdict(over, 'eventstoredb-orders-reads'),
    ]).toEqual([appends, reads]);
  });

  it('show the processor time of an order and of a pair', () => {
    expect(linesOf(orders(500))[0]?.notes?.join()).toContain(
      'main thread 800 µs, whole process 900 µs, the server 400 µs',
    );
  });
});
