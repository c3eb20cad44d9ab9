import { describe, expect, it } from '@jest/globals';
import { usualLimits } from '../../../../libs/platform/limit-settings.js';
import { Admission } from './admission.js';
import { callerAddress, Callers } from './callers.js';
import type { LimitReached } from './limit-reached.js';
import { RequestLimits } from './request-limits.js';
import { SlidingCount } from './sliding-count.js';

const plain = { isUpload: false, isOrder: false };
const upload = { isUpload: true, isOrder: false };
const order = { isUpload: false, isOrder: true };

function limitsOf(settings: Partial<typeof usualLimits>) {
  const time = { nowMs: 1_000_000 };
  const seen: string[] = [];
  const limits = new RequestLimits(
    { ...usualLimits, ...settings },
    { nowMs: () => time.nowMs, onReached: (limit) => seen.push(limit) },
  );
  const entered = (caller: string, work = plain): Admission => {
    const admission = limits.enter(caller, work);
    if (!(admission instanceof Admission)) throw new Error(`refused: ${admission.limit}`);
    return admission;
  };
  const refused = (caller: string, work = plain): LimitReached | undefined => {
    const reached = limits.enter(caller, work);
    if (!(reached instanceof Admission)) return reached;
    leave(reached);
    return undefined;
  };
  return { limits, entered, refused, time, seen };
}
const leave = (admission: Admission): void => {
  admission.answered();
  admission.closed();
};

describe('a sliding count', () => {
  it('never exceeds its limit, wherever the window begins', () => {
    const count = new SlidingCount(3, 60_000, 60);
    const taken: number[] = [];
    for (let nowMs = 0; nowMs < 300_000; nowMs += 700) {
      if (count.isFull(nowMs)) continue;
      count.add(nowMs);
      taken.push(nowMs);
    }
    expect(taken.length).toBeGreaterThan(10);
    for (const from of taken)
      expect(taken.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(3);
  });

  it.each([
    [1, 0],
    [5, 900],
  ])('admits again at the announced time (%d a minute, from %d ms)', (most, fromMs) => {
    const count = new SlidingCount(most, 60_000, 60);
    for (let taken = 0; taken < most; taken++) count.add(fromMs + taken);
    const freeAtMs = fromMs + most + count.freeInMs(fromMs + most);
    expect(freeAtMs - fromMs).toBeGreaterThan(60_000 - 1);
    expect(freeAtMs - fromMs).toBeLessThanOrEqual(61_000 + most);
    expect([count.isFull(freeAtMs - 1), count.isFull(freeAtMs)]).toEqual([true, false]);
  });

  it('survives a long silence and a clock that goes back', () => {
    const count = new SlidingCount(1, 1000, 10);
    count.add(5_000);
    expect([count.isFull(4_000), count.isFull(1e12), count.isEmpty(1e12)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('the limits of a caller', () => {
  it('admit requests up to the limit, and another one when one has ended', () => {
    const { entered, refused, seen } = limitsOf({ requestsInFlight: 2 });
    const first = entered('key:a');
    entered('key:a');
    expect(refused('key:a')).toEqual({
      limit: 'requests-in-flight',
      most: 2,
      retryAfterSeconds: 1,
    });
    expect(refused('key:b')).toBeUndefined();
    leave(first);
    expect(refused('key:a')).toBeUndefined();
    expect(seen).toEqual(['requests-in-flight']);
  });

  it('count an abandoned request once, until its work is done', () => {
    const { entered, refused } = limitsOf({ requestsInFlight: 1 });
    const left = entered('key:a');
    left.closed();
    expect(refused('key:a')?.limit).toBe('requests-in-flight');
    left.answered();
    left.answered();
    left.closed();
    entered('key:a');
    expect(refused('key:a')?.limit).toBe('requests-in-flight');
  });

  it('admit a number of requests within a second', () => {
    const { refused, time } = limitsOf({ requestsPerSecond: 3 });
    expect([1, 2, 3].map(() => refused('key:a'))).toEqual([undefined, undefined, undefined]);
    const reached = refused('key:a');
    expect(reached).toMatchObject({ limit: 'requests-per-second', most: 3 });
    time.nowMs += (reached?.retryAfterSeconds ?? 0) * 1000;
    expect(refused('key:a')).toBeUndefined();
  });

  it('count a live stream separately from requests', () => {
    const { limits, entered, refused } = limitsOf({ requestsInFlight: 1, liveStreams: 2 });
    const streams = [entered('key:a'), undefined, undefined].map((first) => {
      const admission = first ?? entered('key:a');
      const reached = admission.openStream();
      if (reached) leave(admission);
      return { admission, reached };
    });
    expect(streams.map(({ reached }) => reached?.limit)).toEqual([
      undefined,
      undefined,
      'live-streams',
    ]);
    expect(limits.liveStreams).toBe(2);
    expect(refused('key:a')).toBeUndefined();
    leave(streams[0]!.admission);
    expect([limits.liveStreams, entered('key:a').openStream()]).toEqual([1, undefined]);
  });

  it('leave uploads for other callers, up to the total', () => {
    const { entered, refused } = limitsOf({ uploads: 2, uploadsInAll: 3 });
    const first = entered('key:a', upload);
    entered('key:a', upload);
    expect(refused('key:a', upload)).toMatchObject({ limit: 'uploads', most: 2 });
    expect(refused('key:a')).toBeUndefined();
    entered('key:b', upload);
    expect(refused('key:b', upload)).toMatchObject({ limit: 'uploads-in-all', most: 3 });
    leave(first);
    expect(refused('key:b', upload)).toBeUndefined();
  });

  it('count refused orders each minute, and orders that may still be refused', () => {
    const { entered, refused, time } = limitsOf({ refusedOrdersPerMinute: 2 });
    const orders = [entered('key:a', order), entered('key:a', order)];
    expect(refused('key:a', order)?.limit).toBe('refused-orders-per-minute');
    for (const placed of orders) leave(placed);
    for (let placed = 0; placed < 10; placed++) expect(refused('key:a', order)).toBeUndefined();
    for (let number = 0; number < 2; number++) {
      const judged = entered('key:a', order);
      judged.orderRefused();
      leave(judged);
    }
    const reached = refused('key:a', order);
    expect([reached?.limit, refused('key:a'), refused('key:b', order)]).toEqual([
      'refused-orders-per-minute',
      undefined,
      undefined,
    ]);
    expect(reached!.retryAfterSeconds).toBeGreaterThan(50);
    time.nowMs += reached!.retryAfterSeconds * 1000;
    expect(refused('key:a', order)).toBeUndefined();
  });

  it('count requests without a credential by address', () => {
    const { limits, time } = limitsOf({ unauthorizedPerMinute: 2 });
    const answers = ['address:1', 'address:1', 'address:1', 'address:2'].map(
      (address) => limits.unauthorized(address)?.limit,
    );
    expect(answers).toEqual([undefined, undefined, 'unauthorized-per-minute', undefined]);
    time.nowMs += 61_000;
    expect(limits.unauthorized('address:1')).toBeUndefined();
  });
});

describe('the remembered callers', () => {
  it('hardly exceed their maximum number, and include the active ones', () => {
    const callers = new Callers(usualLimits, 100);
    const busy = Array.from({ length: 50 }, (_none, number) => callers.of(`busy:${number}`, 0));
    for (const caller of busy) caller.inFlight = 1;
    for (let number = 0; number < 1000; number++)
      callers.of(`address:${number}`, 0).requests.add(0);
    expect(callers.size).toBeLessThan(110);
    expect(busy.map((_caller, number) => callers.of(`busy:${number}`, 0))).toEqual(busy);
  });
});

describe('the address by which an anonymous caller counts', () => {
  it.each([
    ['192.0.2.7', 'address:192.0.2.7'],
    ['::ffff:192.0.2.7', 'address:192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2/64'],
    ['2001:DB8:1:2::9', 'address:2001:db8:1:2/64'],
    ['2001:db8:1:2:ffff::', 'address:2001:db8:1:2/64'],
    ['2001:db8::1', 'address:2001:db8:0:0/64'],
    ['::1', 'address:0:0:0:0/64'],
    ['fe80::1%eth0', 'address:fe80:0:0:0/64'],
    [undefined, 'address:unknown'],
  ])('of %s is %s', (ip, name) => expect(callerAddress(ip)).toBe(name));
});
