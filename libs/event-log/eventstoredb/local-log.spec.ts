import type { RecordedEvent } from '@eventstore/db-client';
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import { LocalLog } from './local-log.js';
import type { LogReport } from './report.js';
import { StreamNames } from './stored-form.js';

interface Delivered {
  readonly stream: string;
  readonly revision: number;
  readonly at: number;
  readonly recordedAt?: string;
}

const START = '2026-11-22T10:00:00.000Z';
const delivered = ({ stream, revision, at, recordedAt = START }: Delivered): RecordedEvent =>
  ({
    streamId: stream,
    revision: BigInt(revision),
    id: `id-${stream}-${revision}`,
    type: 'SampleHappened',
    isJson: true,
    data: { n: revision },
    metadata: {
      commandId: `c-${at}`,
      index: 0,
      actor: 'a',
      correlationId: 'c',
      recordedAt,
      version: 1,
      writer: 'w',
    },
    created: new Date(0),
    position: { commit: BigInt(at), prepare: BigInt(at) },
  }) as unknown as RecordedEvent;

let reports: LogReport[];
let local: LocalLog;
let published: string[];

beforeEach(() => {
  reports = [];
  published = [];
  local = new LocalLog(
    new StreamNames('p.'),
    (report) => void reports.push(report),
    () => undefined,
  );
  local.begin({ row: undefined, origin: { commit: 0n, prepare: 0n } });
  local.listeners.add((events) =>
    published.push(
      ...events.map(({ position, stream, revision }) => `${position} ${stream}@${revision}`),
    ),
  );
});

const take = (stream: string, revision: number, at: number): string =>
  local.take(delivered({ stream: `p.${stream}`, revision, at }));

describe('an event of the subscription', () => {
  it('is counted in order, and claims and marks are not', () => {
    take('a', 0, 10);
    take('command-1', 0, 20);
    take('b', 0, 30);
    take('command-migration', 0, 40);
    take('a', 1, 50);
    expect(published).toEqual(['0 a@0', '1 b@0', '2 a@1']);
    expect([local.head, local.recentRows.last, local.countedAt?.commit]).toEqual([2, 2, 50n]);
  });

  it('is ignored when it comes again, or is from before the start', () => {
    take('a', 0, 10);
    take('b', 0, 20);
    expect([take('b', 0, 20), take('a', 0, 10), take('c', 0, 5)]).toEqual([
      'ignored',
      'ignored',
      'ignored',
    ]);
    expect(published).toEqual(['0 a@0', '1 b@0']);
    expect(reports).toEqual([]);
  });

  it('is ignored when its position is impossible', () => {
    const beyond = {
      ...delivered({ stream: 'p.a', revision: 0, at: 1 }),
      position: { commit: 2n ** 64n - 1n, prepare: 2n ** 64n - 1n },
    };
    expect(local.take(beyond as unknown as RecordedEvent)).toBe('ignored');
    expect(take('a', 0, 10)).toBe('taken');
  });

  it('is ordered by (commit, prepare): the greater prepare of one commit comes later', () => {
    const at = (commit: bigint, prepare: bigint, revision: number): string =>
      local.take({
        ...delivered({ stream: 'p.a', revision, at: 0 }),
        position: { commit, prepare },
      } as unknown as RecordedEvent);
    expect([at(10n, 8n, 0), at(10n, 9n, 1), at(10n, 9n, 1), at(11n, 3n, 2)]).toEqual([
      'taken',
      'taken',
      'ignored',
      'taken',
    ]);
  });

  it('is not taken after a gap in its stream; read again, it comes in order', () => {
    take('a', 0, 10);
    expect(take('a', 2, 30)).toBe('gap');
    expect(reports).toEqual([
      { kind: 'log-subscription-gap', stream: 'a', expected: 1, received: 2 },
    ]);
    expect(local.countedAt?.commit).toBe(10n);
    expect([take('a', 1, 20), take('a', 2, 30)]).toEqual(['taken', 'taken']);
  });

  it('is taken after a gap that is there again on the next read: then the gap is in the stream', () => {
    take('a', 0, 10);
    expect([take('a', 2, 30), take('a', 2, 30), take('a', 3, 40)]).toEqual([
      'gap',
      'taken',
      'taken',
    ]);
    expect(published).toEqual(['0 a@0', '1 a@2', '2 a@3']);
  });

  it('is reported and not counted when another program wrote it', () => {
    const foreign = {
      ...delivered({ stream: 'p.a', revision: 0, at: 10 }),
      metadata: { recordedAt: START },
    };
    expect(local.take(foreign as unknown as RecordedEvent)).toBe('ignored');
    expect(take('a', 1, 20)).toBe('taken');
    expect(published).toEqual(['0 a@1']);
    expect(reports).toEqual([{ kind: 'log-event-foreign', stream: 'a', revision: 0 }]);
  });

  it('updates the running maximum of the instants', () => {
    const instants = [
      '2026-11-22T10:00:02.000Z',
      '2026-11-22T10:00:01.000Z',
      '2026-11-22T10:00:03.000Z',
    ];
    instants.forEach((recordedAt, revision) =>
      local.take(delivered({ stream: 'p.a', revision, at: revision + 1, recordedAt })),
    );
    expect(
      local.recentRows
        .between(0, 2)
        .map(({ recordedThroughMs }) => new Date(recordedThroughMs).toISOString()),
    ).toEqual([instants[0], instants[0], instants[2]]);
    expect(local.lastRecordedAt).toBe(instants[2]);
  });
});

describe('counting again for the index', () => {
  it('adds the rows and delivers no event twice', () => {
    for (let revision = 0; revision < 5; revision++) take('a', revision, revision * 10 + 10);
    local.begin({ row: undefined, origin: { commit: 0n, prepare: 0n } });
    expect(local.head).toBe(4);
    for (let revision = 0; revision < 7; revision++) take('a', revision, revision * 10 + 10);
    expect(published).toEqual([0, 1, 2, 3, 4, 5, 6].map((revision) => `${revision} a@${revision}`));
    expect([local.recentRows.first, local.recentRows.last]).toEqual([0, 6]);
  });

  it('begins after a row', () => {
    const row = {
      position: 99,
      commit: 50n,
      prepare: 50n,
      eventId: eventId('e'),
      stream: streamName('a'),
      revision: 7,
      type: 'T',
      commandId: commandId('c'),
      commandIndex: 0,
      recordedThroughMs: 1_000,
    };
    local.begin({ row, origin: { commit: 0n, prepare: 0n }, recordedAt: START });
    expect([
      local.head,
      local.lastRecordedAt,
      local.progress.hasPassed({ commit: 50n, prepare: 50n }),
    ]).toEqual([99, START, true]);
    expect([take('a', 7, 50), take('a', 8, 60)]).toEqual(['ignored', 'taken']);
    expect(published).toEqual(['100 a@8']);
  });
});

it('delivers each event once and in order, however often the subscription restarts and whichever events it repeats', () => {
  const log = Array.from({ length: 40 }, (_, n) => ({
    stream: `p.${n % 3 === 0 ? 'command-' : ''}s${n % 5}`,
    revision: Math.floor(n / 15),
    at: n + 1,
  }));
  // Every third event of these streams is a claim: number each stream's own events.
  const revisions = new Map<string, number>();
  const events = log.map((event) => {
    const revision = (revisions.get(event.stream) ?? -1) + 1;
    revisions.set(event.stream, revision);
    return { ...event, revision };
  });
  const expected = events
    .filter(({ stream }) => !stream.startsWith('p.command-'))
    .map(({ stream, revision }, position) => `${position} ${stream.slice(2)}@${revision}`);

  fc.assert(
    fc.property(
      fc.array(
        fc.record({ back: fc.nat(6), take: fc.integer({ min: 1, max: 12 }), twice: fc.boolean() }),
      ),
      (turns) => {
        const tested = new LocalLog(
          new StreamNames('p.'),
          () => undefined,
          () => undefined,
        );
        tested.begin({ row: undefined, origin: { commit: 0n, prepare: 0n } });
        const seen: string[] = [];
        tested.listeners.add((published) =>
          seen.push(
            ...published.map(
              ({ position, stream, revision }) => `${position} ${stream}@${revision}`,
            ),
          ),
        );
        let next = 0;
        for (const turn of [...turns, { back: 0, take: events.length, twice: false }]) {
          next = Math.max(0, next - turn.back);
          for (const event of events.slice(next, next + turn.take)) {
            tested.take(delivered(event));
            if (turn.twice) tested.take(delivered(event));
          }
          next = Math.min(events.length, next + turn.take);
        }
        expect(seen).toEqual(expected);
      },
    ),
  );
});
