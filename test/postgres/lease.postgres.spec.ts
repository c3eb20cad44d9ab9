import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventId } from '../../libs/domain/shared/ids.js';
import { PostgresReadModelStore } from '../../libs/read-models/postgres/postgres-read-model-store.js';
import { projection, table } from '../../libs/read-models/projection.js';
import type { Lease, RowChange, ProjectionBuild } from '../../libs/read-models/store.js';
import { describePostgres, type FreshSchema, freshSchema } from '../support/postgres.js';

const notes = table<{ readonly position: number }>('notes', {
  columns: { position: { type: 'integer', of: ({ position }) => position } },
  indexes: [],
});
const notesProjection = projection('notes', 1, { streams: ['note'], tables: [notes], on: {} });
const note = (position: number): RowChange => ({
  table: 'notes',
  key: `n${position}`,
  before: undefined,
  after: { position },
  fresh: true,
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describePostgres('the lease on PostgreSQL', (url) => {
  let fresh: FreshSchema;
  let old: PostgresReadModelStore;
  let next: PostgresReadModelStore;
  /** Another process's connections. */
  let other: FreshSchema;
  beforeEach(async () => {
    fresh = await freshSchema(url);
    other = await freshSchema(url);
    old = await PostgresReadModelStore.open(fresh.postgres, { schema: fresh.schema });
    next = await PostgresReadModelStore.open(other.postgres, { schema: fresh.schema });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await other.dispose();
    await fresh.dispose();
  });

  const begin = async (ttlMs: number): Promise<{ lease: Lease; build: ProjectionBuild }> => {
    const lease = (await old.acquireLease('old', ttlMs))!;
    return { lease, build: await old.createBuild(lease, notesProjection, 'live') };
  };
  const write = (
    store: PostgresReadModelStore,
    lease: Lease,
    build: ProjectionBuild,
    position: number,
  ) =>
    store.commit(lease, [
      {
        build,
        projection: notesProjection,
        checkpoint: { position, eventId: eventId(`e${position}`) },
        rows: [note(position)],
      },
    ]);
  const written = async () =>
    (await other.postgres.query(`SELECT key FROM ${fresh.schema}.r1_notes ORDER BY position`)).map(
      ({ key }) => key,
    );
  const eventually = async (attempt: () => Promise<Lease | undefined>): Promise<Lease> => {
    for (let tries = 0; tries < 200; tries++) {
      const lease = await attempt();
      if (lease) return lease;
      await sleep(50);
    }
    throw new Error('the lease did not pass on');
  };

  it('expires by the server’s clock, independent of each process’s clock', async () => {
    await begin(400);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    expect(await next.acquireLease('next', 400)).toBeUndefined();
    jest.spyOn(Date, 'now').mockReturnValue(0);
    await sleep(450);
    expect(await next.acquireLease('next', 400)).toMatchObject({ holder: 'next' });
  });

  it('refuses the write of a holder that paused between taking it and writing', async () => {
    const { lease, build } = await begin(100);
    await sleep(150);
    const passed = (await next.acquireLease('next', 5_000))!;
    await expect(write(old, lease, build, 0)).rejects.toMatchObject({ name: 'LeaseLost' });
    await write(next, passed, build, 0);
    await expect(write(old, lease, build, 1)).rejects.toMatchObject({ name: 'LeaseLost' });
    expect(await written()).toEqual(['n0']);
  });

  it('does not pass on while its holder is between the check and the commit', async () => {
    const { lease, build } = await begin(1_000);
    let goOn: () => void = () => undefined;
    const blocked = new Promise<void>((resolve) => (goOn = resolve));
    // Locks the build's row, so that the commit pauses after it has checked the lease.
    const blocking = other.postgres.transaction(async (session) => {
      await session.query(`SELECT FROM ${fresh.schema}.runs WHERE id = $1 FOR UPDATE`, [build.id]);
      await blocked;
    });
    await sleep(50);
    const writing = write(old, lease, build, 0);
    await sleep(1_200);
    expect(await next.acquireLease('next', 1_000)).toBeUndefined();
    goOn();
    await blocking;
    await writing;
    expect(await written()).toEqual(['n0']);
    const passed = await eventually(() => next.acquireLease('next', 5_000));
    expect(passed.token).toBeGreaterThan(lease.token);
    await expect(write(old, lease, build, 1)).rejects.toMatchObject({ name: 'LeaseLost' });
    expect((await next.builds())[0]!.checkpoint.position).toBe(0);
  });

  it('passes on within seconds when its holder pauses inside a write, which is rolled back', async () => {
    const { lease, build } = await begin(500);
    const { ended } = await pausedTransaction(lease, build);
    const from = Date.now();
    const passed = await eventually(() => next.acquireLease('next', 5_000));
    expect(Date.now() - from).toBeLessThan(8_000);
    await write(next, passed, build, 0);
    await expect(ended).rejects.toMatchObject({ name: 'PostgresUnavailable' });
    expect(await written()).toEqual(['n0']);
  });

  /** A transaction that has checked the lease and written a row, of a process that then pauses. */
  async function pausedTransaction(
    lease: Lease,
    build: ProjectionBuild,
  ): Promise<{ readonly ended: Promise<void> }> {
    let begun: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => (begun = resolve));
    const ended = fresh.postgres.transaction(async (session) => {
      const of = [lease.holder, lease.token];
      await session.query(
        `SELECT FROM ${fresh.schema}.lease WHERE holder = $1 AND token = $2 FOR UPDATE`,
        of,
      );
      await session.query(
        `INSERT INTO ${fresh.schema}.r${build.id}_notes (position, key, row) VALUES (9, 'n9', '{}')`,
      );
      begun();
      await sleep(6_000);
    });
    ended.catch(() => undefined);
    await paused;
    return { ended };
  }

  it('is refused without waiting: a process that cannot have it gets the answer at once', async () => {
    await begin(5_000);
    const from = performance.now();
    for (let tries = 0; tries < 20; tries++)
      expect(await next.acquireLease('next', 1_000)).toBeUndefined();
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  it('goes to one of many that ask at the same time', async () => {
    const asked = Array.from({ length: 16 }, (_, index) =>
      (index % 2 ? old : next).acquireLease(`h${index}`, 5_000),
    );
    expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('ends with the server that granted it: after a failover its last commits may be missing', async () => {
    const { lease, build } = await begin(60_000);
    await write(old, lease, build, 0);
    await other.postgres.query(
      `UPDATE ${fresh.schema}.lease SET server_started_at = server_started_at - interval '1 second'`,
    );
    await expect(write(old, lease, build, 1)).rejects.toMatchObject({ name: 'LeaseLost' });
    const again = (await old.acquireLease('old', 60_000))!;
    await write(old, again, build, 1);
    expect(await written()).toEqual(['n0', 'n1']);
  });

  describe('a commit whose connection is lost', () => {
    const endBackends = async () => {
      // Waits for the build's row: in the middle of its transaction.
      const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%"${fresh.schema}"."runs"%'`;
      for (let tries = 0; tries < 100; tries++) {
        if ((await other.postgres.query(sql)).length > 0) return;
        await sleep(20);
      }
      throw new Error('no query waits');
    };

    it('is not reported as a fault of its rows: nothing is written, and the same commit succeeds later', async () => {
      const { lease, build } = await begin(60_000);
      let goOn: () => void = () => undefined;
      const blocked = new Promise<void>((resolve) => (goOn = resolve));
      const blocking = other.postgres.transaction(async (session) => {
        await session.query(`SELECT FROM ${fresh.schema}.runs WHERE id = $1 FOR UPDATE`, [
          build.id,
        ]);
        await blocked;
      });
      await sleep(50);
      const writing = write(old, lease, build, 0);
      const rejected = expect(writing).rejects.toMatchObject({ name: 'ReadModelsUnavailable' });
      await endBackends();
      await rejected;
      goOn();
      await blocking;
      expect(await written()).toEqual([]);
      await write(old, lease, build, 0);
      expect(await written()).toEqual(['n0']);
    });
  });

  it('refuses a text with U+0000, which the log cannot have either: the row is named, and its projection stops', async () => {
    const { lease, build } = await begin(60_000);
    const unfit = { ...note(1), key: 'n\0' };
    const batch = {
      build,
      projection: notesProjection,
      checkpoint: { position: 1, eventId: eventId('e1') },
      rows: [note(0), unfit],
    };
    await expect(old.commit(lease, [batch])).rejects.toMatchObject({
      name: 'UnfitRow',
      buildId: build.id,
    });
    await expect(old.commit(lease, [batch])).rejects.toThrow(
      'the row n\0 of notes cannot be stored',
    );
    expect(await old.load(build, 'notes', ['n\0', 'n0'])).toEqual(new Map());
  });
});
