import { afterEach, describe, expect, it } from '@jest/globals';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandId, eventId, streamName } from '../../../libs/domain/shared/ids.js';
import { CommitSignal, follow } from '../../../libs/event-log/commits.js';
import type {
  EventLog,
  LoggedEvent,
  Page,
  ReadAll,
  Subscribe,
} from '../../../libs/event-log/event-log.js';
import { type EventRange, EventSelection } from './event-selection.js';
import { EventStreams } from './event-streams.js';
import { SharedSubscription } from './shared-subscription.js';
import { StreamScheduler } from './stream-scheduler.js';

/** A log in an array that counts its reads and subscriptions. */
class CountedLog {
  readonly events: LoggedEvent[] = [];
  rendered = 0;
  reads = 0;
  subscriptions = 0;
  failure: Error | undefined;
  private readonly commits = new CommitSignal();

  append(count: number, size = 20): void {
    for (let number = 0; number < count; number++) {
      const position = this.events.length;
      const data = {
        toJSON: () => ((this.rendered += 1), { number: position, filling: 'x'.repeat(size) }),
      };
      this.events.push({
        position,
        id: eventId(`00000000-0000-5000-8000-${String(position).padStart(12, '0')}`),
        type: position % 2 === 0 ? 'Even' : 'Odd',
        version: 1,
        stream: streamName(`customer-${position % 3}`),
        revision: Math.floor(position / 3),
        recordedAt: '2026-11-22T10:00:00.000Z',
        data,
        metadata: {
          commandId: commandId('00000000-0000-5000-8000-000000000000'),
          index: 0,
          actor: 'key:a',
          correlationId: 'c',
        },
      });
    }
    this.commits.notify();
  }
  get head(): number {
    return this.events.length - 1;
  }
  async *readAll({
    after,
    limit = Infinity,
    upTo = Infinity,
    types,
    streams,
  }: ReadAll): AsyncIterable<Page> {
    this.reads += 1;
    if (this.failure) throw this.failure;
    const end = Math.min(upTo, this.head);
    const wanted = this.events
      .slice(after + 1, end + 1)
      .filter(
        (event) =>
          (types?.includes(event.type) ?? true) && (streams?.includes(event.stream) ?? true),
      );
    const events = wanted.slice(0, Math.min(limit, 500));
    if (end > after)
      yield {
        events,
        through: events.length < wanted.length ? (events.at(-1)?.position ?? end) : end,
      };
  }
  async *subscribe(options: Subscribe): AsyncIterable<Page> {
    this.subscriptions += 1;
    yield* follow((cut) => this.readAll(cut), this.commits, options);
    this.subscriptions -= 1;
  }
  close(): void {
    this.commits.close();
  }
}

const opened: Readable[] = [];
afterEach(() => {
  for (const stream of opened.splice(0)) stream.destroy();
});

function streamsOf(log: CountedLog, heartbeatMs?: number) {
  // The streams use only reads and subscriptions.
  const streams = new EventStreams(log as unknown as EventLog, heartbeatMs);
  const leaving = new AbortController();
  const live = (wanted: Partial<EventRange> = {}): Readable => {
    const stream = streams.live({ after: -1, ...wanted }, log.head, leaving.signal);
    opened.push(stream);
    return stream.on('error', () => undefined);
  };
  const lines = (wanted: Partial<EventRange> = {}): Readable =>
    streams.lines({ after: -1, ...wanted }, log.head, leaving.signal);
  return { live, lines, leaving };
}
/** Returns the positions of the events while they arrive. */
function taken(stream: Readable): { readonly positions: number[]; text: string } {
  const got = { positions: [] as number[], text: '' };
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    got.text += bytes.toString();
    const lines = (rest + bytes.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      if (line.startsWith('id: ')) got.positions.push(Number(line.slice(4)));
  });
  return got;
}
const until = async (met: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 1000 && !met(); tries++) await sleep(5);
};
const upTo = (count: number, from = 0): number[] =>
  Array.from({ length: count - from }, (_none, index) => from + index);

describe('live streams of events', () => {
  it('give each client every event after its position once and in order, existing and new', async () => {
    const log = new CountedLog();
    log.append(700);
    const { live } = streamsOf(log);
    const all = taken(live());
    const later = taken(live({ after: 650 }));
    await until(() => all.positions.length > 50);
    log.append(300);
    const last = taken(live({ after: 999 }));
    const odd = taken(live({ types: ['Odd'], after: 990 }));
    const customer = taken(live({ streams: [streamName('customer-1')] }));
    for (let number = 0; number < 20; number++) {
      log.append(3);
      await sleep(1);
    }
    await until(() => all.positions.length === 1060 && customer.positions.at(-1) === 1057);
    expect(all.positions).toEqual(upTo(1060));
    expect(later.positions).toEqual(upTo(1060, 651));
    expect(last.positions).toEqual(upTo(1060, 1000));
    expect(odd.positions).toEqual(upTo(1060, 991).filter((position) => position % 2 === 1));
    expect(customer.positions).toEqual(upTo(1060).filter((position) => position % 3 === 1));
  });

  it('share one reader of the log’s end, which renders each event once', async () => {
    const log = new CountedLog();
    log.append(10);
    const { live } = streamsOf(log);
    const clients = Array.from({ length: 100 }, () => taken(live({ after: 9 })));
    await until(() => log.subscriptions === 1);
    const before = log.reads;
    for (let number = 0; number < 10; number++) {
      log.append(1);
      await until(() => clients.every(({ positions }) => positions.length === number + 1));
    }
    expect([log.subscriptions, log.rendered]).toEqual([1, 10]);
    expect(log.reads - before).toBeLessThan(50);
    for (const stream of opened.splice(0)) stream.destroy();
    await until(() => log.subscriptions === 0);
    expect(log.subscriptions).toBe(0);
  });

  it('buffer little for a client that reads nothing, and lose no event for it', async () => {
    const log = new CountedLog();
    log.append(500, 10_000);
    const { live } = streamsOf(log);
    const unread = Array.from({ length: 20 }, () => live());
    await sleep(100);
    log.append(100, 10_000);
    await sleep(100);
    expect(log.rendered).toBeGreaterThan(100 + 20);
    for (const { readableLength } of unread) expect(readableLength).toBeLessThan(200_000);
    expect(log.rendered).toBeLessThan(100 + 20 * 20);
    const [first] = unread;
    const got = taken(first!);
    await until(() => got.positions.length === 600);
    expect(got.positions).toEqual(upTo(600));
  });

  it('buffer only part of a page of large events', async () => {
    const log = new CountedLog();
    log.append(500);
    log.append(40, 200_000);
    const { live } = streamsOf(log);
    let longest = 0;
    let length = 0;
    live().on('data', (bytes: Buffer) => {
      longest = Math.max(longest, bytes.length);
      length += bytes.length;
    });
    await until(() => length > 40 * 200_000);
    expect(length).toBeGreaterThan(40 * 200_000);
    expect(longest).toBeLessThan(300_000);
  });

  it('send a keep-alive comment at intervals', async () => {
    const log = new CountedLog();
    const { live } = streamsOf(log, 20);
    const quiet = taken(live());
    await until(() => quiet.text.length >= 12);
    expect(quiet.text).toMatch(/^(: \n\n){3,}$/);
  });

  it('end when the service stops or the log is closed, and are cut off when the log fails', async () => {
    const log = new CountedLog();
    log.append(5);
    const { live, leaving } = streamsOf(log);
    const events: string[] = [];
    const watched = (stream: Readable, name: string): void => {
      stream
        .on('end', () => events.push(`${name} ended`))
        .on('error', () => events.push(`${name} failed`))
        .resume();
    };
    watched(live(), 'first');
    await sleep(20);
    leaving.abort();
    await until(() => events.length === 1);
    const others = streamsOf(log);
    watched(others.live({ after: 4 }), 'second');
    await until(() => log.subscriptions === 1);
    log.failure = new Error('away');
    log.append(1);
    await until(() => events.length === 2);
    log.failure = undefined;
    watched(others.live(), 'third');
    await sleep(20);
    log.close();
    await until(() => events.length === 3);
    expect(events).toEqual(['first ended', 'second failed', 'third ended']);
  });
});

describe('the rest of the log as lines', () => {
  it('ends at the log’s end at the time of the request', async () => {
    const log = new CountedLog();
    log.append(1234);
    const { lines } = streamsOf(log);
    const stream = lines({ types: ['Even'] });
    log.append(10);
    let text = '';
    for await (const bytes of stream) text += String(bytes);
    const positions = text
      .trimEnd()
      .split('\n')
      .map((line) => Number((JSON.parse(line) as { position: string }).position));
    expect(positions).toEqual(upTo(1234).filter((position) => position % 2 === 0));
  });

  it('is empty when no events are left', async () => {
    const log = new CountedLog();
    log.append(3);
    const { lines } = streamsOf(log);
    for (const after of [2, 99])
      for await (const bytes of lines({ after })) expect(String(bytes)).toBe('');
  });
});

describe('the cached end of the log', () => {
  it('is bounded, and knows its first position', async () => {
    const log = new CountedLog();
    const tail = new SharedSubscription(log, 10_000);
    const reader = { advanced: () => undefined, ended: () => undefined };
    tail.add(reader, -1);
    log.append(200, 100);
    await until(() => tail.end === 199);
    const all = new EventSelection({});
    expect(tail.after(-1, all)).toBeUndefined();
    expect(tail.after(198, all)).toEqual({ through: 199, bytes: expect.any(Buffer) });
    expect(tail.after(198, all)).toBe(tail.after(198, all));
    expect(tail.after(500, all)).toEqual({ through: 500 });
    tail.remove(reader);
  });
});

describe('the stream scheduler', () => {
  it('leaves most of the time to other work, however many streams there are', async () => {
    const pump = new StreamScheduler({ sliceMs: 1, restSlices: 3 });
    let served = 0;
    const busy = (): void => {
      for (const beganMs = performance.now(); performance.now() - beganMs < 0.5;);
      served += 1;
    };
    for (let number = 0; number < 100; number++) pump.add({ serve: busy });
    const beganMs = performance.now();
    await until(() => served === 100);
    expect(served).toBe(100);
    expect(performance.now() - beganMs).toBeGreaterThan(100);
  });
});
