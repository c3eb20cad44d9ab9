import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Lease,
  ReadModelStore,
  RowChange,
  ProjectionBuild,
  BuildBatch,
} from '../../libs/read-models/store.js';
import {
  at,
  bySize,
  otherProjection,
  ownedBy,
  put,
  type Thing,
  thing,
  thingsProjection,
} from './read-model-store/things.js';
import { valuesChapter } from './read-model-store/values.chapter.js';

export interface StoreUnderTest {
  readonly store: ReadModelStore;
  /** Another process's view of the same store. */
  readonly second: ReadModelStore;
  readonly dispose: () => Promise<void>;
}
export type MakeStore = (nowMs: () => number) => Promise<StoreUnderTest>;

const TTL_MS = 3_000;

/** What a chapter works with: each test gets a new store and its first run. */
export interface Bench {
  readonly store: ReadModelStore;
  readonly build: ProjectionBuild;
  /** Commits rows of the run, whose checkpoint becomes this position (default 0). */
  readonly write: (rows: readonly RowChange[], position?: number) => Promise<void>;
  /** The rows, sorted by size. */
  readonly stored: () => Promise<readonly Thing[]>;
  readonly current: () => Promise<ProjectionBuild | undefined>;
}

/** The contract of every read-model store. */
export function readModelStoreContract(name: string, makeStore: MakeStore): void {
  describe(`the read-model store contract: ${name}`, () => {
    let tested: StoreUnderTest;
    let store: ReadModelStore;
    let nowMs: number;
    let lease: Lease;
    let build: ProjectionBuild;

    beforeEach(async () => {
      nowMs = 1_000_000;
      tested = await makeStore(() => nowMs);
      store = tested.store;
      lease = (await store.acquireLease('a', TTL_MS))!;
      build = await store.createBuild(lease, thingsProjection, 'live');
    });
    afterEach(() => tested.dispose());

    const bench: Bench = {
      get store() {
        return store;
      },
      get build() {
        return build;
      },
      write: (rows, position) => write(rows, position),
      stored: () => stored(),
      current: () => current(),
    };
    valuesChapter(bench);

    const write = (rows: readonly RowChange[], position = 0, batch: Partial<BuildBatch> = {}) =>
      store.commit(lease, [
        { build, projection: thingsProjection, checkpoint: at(position), rows, ...batch },
      ]);
    const stored = async (from = store) =>
      (await from.select('things', bySize)).rows.map(({ row }) => JSON.parse(String(row)) as Thing);
    const keys = async (owner: string) =>
      (await store.select('things', ownedBy(owner))).rows.map(({ key }) => key);
    const current = async (id = build.id) => (await store.builds()).find((one) => one.id === id);

    describe('rows and checkpoints', () => {
      it('starts empty, before the first event', async () => {
        expect(build).toMatchObject({
          projection: 'things',
          version: 1,
          role: 'live',
          checkpoint: { position: -1 },
          filled: false,
        });
        expect(await stored()).toEqual([]);
        expect(await store.select('unheard-of', bySize)).toEqual({ build: undefined, rows: [] });
      });

      it('writes, changes and removes rows with their columns', async () => {
        await write([put(thing('a', 2)), put(thing('b', 1))]);
        expect(await stored()).toEqual([thing('b', 1), thing('a', 2)]);
        await write(
          [
            put(thing('b', 3), thing('b', 1)),
            { ...put(thing('a', 2)), before: thing('a', 2), after: undefined },
          ],
          1,
        );
        expect(await stored()).toEqual([thing('b', 3)]);
        expect((await current())?.checkpoint).toEqual(at(1));
      });

      it('replaces a row that is written as new', async () => {
        await write([{ ...put(thing('a', 1)), fresh: true }]);
        await write([{ ...put(thing('a', 5)), fresh: true }], 1);
        expect(await stored()).toEqual([thing('a', 5)]);
      });

      it('loads stored rows', async () => {
        await write([put(thing('a', 2)), put(thing('関所', 1))]);
        // prettier-ignore
        expect(await store.load(build, 'things', ['a', '関所', 'none'])).toEqual(new Map([['a', thing('a', 2)], ['関所', thing('関所', 1)]]));
      });

      it('follows a row’s links', async () => {
        await write([put(thing('a', 1, 'x', 'y')), put(thing('b', 1, 'y', 'y'))]);
        expect([await keys('x'), await keys('y')]).toEqual([['a'], ['a', 'b']]);
        await write([put(thing('a', 1, 'y', 'z'), thing('a', 1, 'x', 'y'))], 1);
        expect([await keys('x'), await keys('y'), await keys('z')]).toEqual([
          [],
          ['a', 'b'],
          ['a'],
        ]);
        await write(
          [{ ...put(thing('a', 1)), before: thing('a', 1, 'y', 'z'), after: undefined }],
          2,
        );
        expect([await keys('y'), await keys('z')]).toEqual([['b'], []]);
      });

      it('writes all batches or none', async () => {
        const other = await store.createBuild(lease, otherProjection, 'live');
        const unfit = {
          table: 'notes',
          key: 'n',
          before: undefined,
          after: { position: 'no number' },
          fresh: true,
        };
        const batches = [
          {
            build,
            projection: thingsProjection,
            checkpoint: at(0),
            rows: [put(thing('a', 1))],
          },
          { build: other, projection: otherProjection, checkpoint: at(0), rows: [unfit] },
        ];
        await expect(store.commit(lease, batches)).rejects.toMatchObject({
          name: 'UnfitRow',
          buildId: other.id,
        });
        expect(await stored()).toEqual([]);
        expect((await current())?.checkpoint.position).toBe(-1);
      });

      it('keeps the reason why a run stopped until it may try again', async () => {
        const poison = { ...at(1), reason: 'unknown' };
        await write([], 0, { poison });
        expect(await current()).toMatchObject({ poison, checkpoint: at(0) });
        await store.clearPoison(lease, build);
        expect(await current()).not.toHaveProperty('poison');
      });
    });

    describe('the lease', () => {
      it('has one holder until it expires, and a greater token for each holder', async () => {
        expect(await tested.second.acquireLease('b', TTL_MS)).toBeUndefined();
        nowMs += TTL_MS - 1;
        expect(await tested.second.acquireLease('b', TTL_MS)).toBeUndefined();
        nowMs += 1;
        const next = await tested.second.acquireLease('b', TTL_MS);
        expect(next!.token).toBeGreaterThan(lease.token);
      });

      it('is extended by renewal, and free at once after its release', async () => {
        nowMs += TTL_MS - 1;
        await store.renewLease(lease, TTL_MS);
        nowMs += TTL_MS - 1;
        expect(await tested.second.acquireLease('b', TTL_MS)).toBeUndefined();
        await store.releaseLease(lease);
        expect(await tested.second.acquireLease('b', TTL_MS)).toBeDefined();
      });

      it('refuses writes of a holder that slept past its expiry', async () => {
        nowMs += TTL_MS;
        await tested.second.acquireLease('b', TTL_MS);
        const stale = [
          () => write([put(thing('a', 1))]),
          () => store.renewLease(lease, TTL_MS),
          () => store.createBuild(lease, otherProjection, 'live'),
          () => store.discardBuild(lease, build),
          () => store.clearPoison(lease, build),
          () => store.markFilled(lease, build, thingsProjection),
          () => store.promote(lease, build),
          () => store.noteRebuild(lease, 'things', { position: 0, finished: true }),
        ];
        for (const attempt of stale)
          await expect(attempt()).rejects.toMatchObject({ name: 'LeaseLost' });
        expect(await stored()).toEqual([]);
        expect(await store.builds()).toEqual([build]);
      });

      it('stays with the new holder when the old one releases it', async () => {
        nowMs += TTL_MS;
        await tested.second.acquireLease('b', TTL_MS);
        await store.releaseLease(lease);
        expect(await store.acquireLease('c', TTL_MS)).toBeUndefined();
      });
    });

    describe('a candidate', () => {
      const filled = async (candidate: ProjectionBuild, rows: readonly RowChange[]) => {
        await store.commit(lease, [
          { build: candidate, projection: thingsProjection, checkpoint: at(5), rows },
        ]);
        await store.markFilled(lease, candidate, thingsProjection);
      };

      it('is filled beside the live run and replaces it', async () => {
        await write([put(thing('old', 1))]);
        const candidate = await store.createBuild(lease, thingsProjection, 'candidate');
        await filled(candidate, [put(thing('new', 1))]);
        expect(await stored()).toEqual([thing('old', 1)]);
        await store.promote(lease, candidate);
        expect(await stored()).toEqual([thing('new', 1)]);
        expect(await stored(tested.second)).toEqual([thing('new', 1)]);
        expect(await store.builds()).toMatchObject([
          { id: candidate.id, role: 'live', filled: true, checkpoint: at(5) },
        ]);
      });

      it('is deleted with its tables, and another may be begun', async () => {
        const candidate = await store.createBuild(lease, thingsProjection, 'candidate');
        await filled(candidate, [put(thing('new', 1))]);
        await store.discardBuild(lease, candidate);
        const again = await store.createBuild(lease, thingsProjection, 'candidate');
        expect(again.id).not.toBe(candidate.id);
        expect(await store.load(again, 'things', ['new'])).toEqual(new Map());
      });

      const compareAll = async (candidate: ProjectionBuild) => {
        let comparedRows = 0;
        for (let from = { table: 0, afterKey: '' }; ;) {
          const page = await store.compare(build, candidate, thingsProjection, from);
          comparedRows += page.comparedRows;
          if (page.difference || !page.next) return { comparedRows, difference: page.difference };
          from = page.next;
        }
      };
      const many = Array.from({ length: 1_200 }, (_, size) =>
        thing(`k${String(size).padStart(5, '0')}`, size),
      );

      it('is compared row by row, in pages', async () => {
        await write(many.map((one) => put(one)));
        const candidate = await store.createBuild(lease, thingsProjection, 'candidate');
        await filled(
          candidate,
          [...many].reverse().map((one) => put(one)),
        );
        expect(await compareAll(candidate)).toEqual({ comparedRows: 1_200, difference: undefined });
      });

      it('is compared in one order of keys, whichever order the rows were written in', async () => {
        const mixed = many.map((one, index) => ({
          ...one,
          id: `${['K', 'k', 'é', '関', '_'][index % 5]}${one.id}`,
        }));
        await write(mixed.map((one) => put(one)));
        const candidate = await store.createBuild(lease, thingsProjection, 'candidate');
        await filled(candidate, [...mixed].reverse().map((one) => put(one))); // prettier-ignore
        expect(await compareAll(candidate)).toEqual({ comparedRows: 1_200, difference: undefined });
      });

      it.each([
        ['changed', many.map((one, index) => (index === 700 ? { ...one, size: -1 } : one)), 700],
        ['missing in the new', many.filter((_, index) => index !== 900), 900],
        ['missing in the old', [...many, thing('k00400a', 0)], 401],
      ])('reports the first row that is %s', async (_how, rows, comparedRows) => {
        await write(many.map((one) => put(one)));
        const candidate = await store.createBuild(lease, thingsProjection, 'candidate');
        await filled(candidate, rows.map((one) => put(one))); // prettier-ignore
        const compared = await compareAll(candidate);
        expect(compared).toMatchObject({ comparedRows, difference: { table: 'things' } });
      });
    });

    it('passes requests for a rebuild to the holder of the lease', async () => {
      await tested.second.requestRebuild('things');
      await tested.second.requestRebuild('things');
      expect(await store.rebuildRequests()).toEqual(['things']);
      await store.noteRebuild(lease, 'things', { position: -1, finished: false });
      expect(await store.rebuildRequests()).toEqual([]);
      expect(await tested.second.rebuildStatus('things')).toEqual({
        position: -1,
        finished: false,
      });
      expect(await store.rebuildStatus('others')).toBeUndefined();
    });
  });
}
