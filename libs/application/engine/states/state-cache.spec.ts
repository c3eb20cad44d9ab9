import { describe, expect, it } from '@jest/globals';
import { partnerId, type StreamName, tenantId } from '../../../domain/shared/ids.js';
import type { EventLog, LoggedEvent, ReadStream } from '../../../event-log/event-log.js';
import { MemoryEventLog } from '../../../event-log/memory/memory-event-log.js';
import { newEventId, randomCommandId } from '../../../event-log/identity.js';
import type { Snapshot, Snapshots } from '../../../read-models/opened-stores.js';
import {
  customerFold,
  foldOf,
  partnerFold,
  priceListFold,
  programFold,
} from '../../records/folds.js';
import { type Fold, revisionFold } from './fold.js';
import { StateCache } from './state-cache.js';

const stream = 'customer-counted' as StreamName;
/** Counts the events of the stream. The catalogue knows their type. */
const counting: Fold<{ events: number }> = {
  stream,
  initial: { events: 0 },
  snapshotVersion: 1,
  evolve: ({ events }) => ({ events: events + 1 }),
};
const TYPE = 'CustomerClosed';

const newLog = () =>
  new MemoryEventLog({ guards: 'atomic', clock: () => Date.parse('2026-11-22T09:00:00.000Z') });

async function append(log: EventLog, type = TYPE): Promise<LoggedEvent> {
  const commandId = randomCommandId();
  const data = { on: '2026-11-22', reason: commandId };
  const id = newEventId({ commandId, index: 0, stream, type, version: 1, data });
  const metadata = { commandId, index: 0, actor: 'test', correlationId: 'test' };
  const { events } = await log.append({
    stream,
    expectedRevision: await log.revisionOf(stream),
    events: [{ id, type, version: 1, data, metadata }],
  });
  return events[0]!;
}

class KeptSnapshots implements Snapshots {
  kept: Snapshot | undefined;
  async get(): Promise<Snapshot | undefined> {
    return this.kept;
  }
  put(_stream: StreamName, _version: number, snapshot: Snapshot): void {
    this.kept = snapshot;
  }
}

/** A log that records from which revision each stream was read. */
class WatchedLog extends MemoryEventLog {
  readonly readFrom: (number | undefined)[] = [];
  override readStream(
    name: StreamName,
    options?: ReadStream,
  ): AsyncIterable<readonly LoggedEvent[]> {
    this.readFrom.push(options?.from);
    return super.readStream(name, options);
  }
}

describe('the cache of folded states', () => {
  it('knows the last revision of a stream without reading it', async () => {
    const log = new WatchedLog({ guards: 'atomic', clock: () => 0 });
    const cache = new StateCache(log, foldOf);
    for (let count = 0; count < 3; count += 1) await append(log);
    expect(await cache.load(revisionFold(stream))).toMatchObject({ state: undefined, revision: 2 });
    await append(log);
    expect(await cache.load(revisionFold(stream))).toMatchObject({ revision: 3 });
    expect(log.readFrom).toEqual([]);
  });

  it('applies every commit without reading again', async () => {
    const log = new WatchedLog({ guards: 'atomic', clock: () => 0 });
    const cache = new StateCache(log, foldOf);
    await cache.load(counting);
    for (let count = 1; count <= 3; count += 1) {
      await append(log);
      expect(await cache.load(counting)).toMatchObject({
        state: { events: count },
        revision: count - 1,
      });
    }
    expect(log.readFrom).toEqual([0]);
  });

  it('includes events that are appended while it reads', async () => {
    const log = newLog();
    await append(log);
    const cache = new StateCache(log, foldOf);
    const [loaded] = await Promise.all([cache.load(counting), append(log)]);
    expect(loaded.revision).toBe(1);
    expect(await cache.load(counting)).toMatchObject({ state: { events: 2 }, revision: 1 });
  });

  it('fails every load of a stream with an unknown event, and never skips the event', async () => {
    const log = newLog();
    const cache = new StateCache(log, foldOf);
    await cache.load(counting);
    await append(log, 'NeverHeardOf');
    await expect(async () => cache.load(counting)).rejects.toMatchObject({ name: 'UnknownEvent' });
  });

  it('starts from a snapshot and reads only later events', async () => {
    const snapshots = new KeptSnapshots();
    const log = new WatchedLog({ guards: 'atomic', clock: () => 0 });
    for (let count = 0; count < 100; count += 1) await append(log);
    await new StateCache(log, foldOf, snapshots).load(counting);
    expect(snapshots.kept).toMatchObject({ revision: 99, state: '{"events":100}' });

    await append(log);
    log.readFrom.length = 0;
    expect(await new StateCache(log, foldOf, snapshots).load(counting)).toMatchObject({
      state: { events: 101 },
      revision: 100,
    });
    expect(log.readFrom).toEqual([99, 100]);
  });

  it('ignores a snapshot of another log', async () => {
    const snapshots = new KeptSnapshots();
    const log = newLog();
    const { id } = await append(newLog());
    snapshots.kept = { revision: 0, eventId: id, state: '{"events":7}' };
    await append(log);
    expect(await new StateCache(log, foldOf, snapshots).load(counting)).toMatchObject({
      state: { events: 1 },
    });
  });

  it.each([
    ['is read, if reads are cheap', 'atomic', [0]],
    ['is cached from its first event on, if the log is on another machine', 'none', []],
  ] as const)(
    'a stream that begins while the cache follows the log %s',
    async (_what, guards, reads) => {
      const log = new WatchedLog({ guards, clock: () => 0 });
      const cache = new StateCache(log, foldOf);
      for (let count = 0; count < 2; count += 1) await append(log);
      const { revision, state } = await cache.load(customerFold(tenantId('counted')));
      expect([revision, state.tenantId]).toEqual([1, 'counted']);
      expect(log.readFrom).toEqual(reads);
    },
  );
});

describe('the fold of a stream', () => {
  it.each([
    ['program', programFold.initial],
    ['partner-a.b-c', partnerFold(partnerId('a.b-c')).initial],
    [
      'customer-11111111-2222-4333-8444-555555555555',
      customerFold(tenantId('11111111-2222-4333-8444-555555555555')).initial,
    ],
    ['pricelist-JP-2026-11', priceListFold('JP', '2026-11').initial],
    ['import-1', undefined],
    ['audit-2026-11', undefined],
    ['programme', undefined],
    ['pricelist-JP', undefined],
  ])('is found by the stream’s name: %s', (name, initial) => {
    const fold = foldOf(name as StreamName);
    expect(fold?.initial).toEqual(initial);
    expect(fold?.stream).toBe(initial && name);
  });
});
