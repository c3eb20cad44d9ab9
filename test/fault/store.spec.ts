import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventLog, LoggedEvent } from '../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { all, appendOf, fill, stream } from '../contract/sample-events.js';

const clock = (): number => Date.parse('2026-11-22T10:00:00Z');
const PAGE_BYTES = 8192;

describe('an event log whose store fails', () => {
  let directory: string;
  let file: string;
  const opened: EventLog[] = [];
  const open = async (
    options: Partial<Parameters<typeof SqliteEventLog.open>[0]> = {},
  ): Promise<SqliteEventLog> => {
    const log = await SqliteEventLog.open({ file, clock, ...options });
    opened.push(log);
    return log;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sekisho-store-'));
    file = join(directory, 'log.db');
  });
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.close();
    chmodSync(directory, 0o755);
    rmSync(directory, { recursive: true });
  });

  it('reports a full disk, keeps what it acknowledged and appends again when there is space', async () => {
    let pages = 60;
    const databases: DatabaseSync[] = [];
    const log = await open({
      onConnection: (database) => {
        databases.push(database);
        database.exec(`PRAGMA max_page_count = ${pages}`);
      },
    });

    const acknowledged: LoggedEvent[] = [];
    const large = { events: [{ data: { text: 'x'.repeat(20_000) } }] };
    let refused = 0;
    for (let turn = 0; turn < 8; turn++) {
      const appends = Array.from({ length: 4 }, (_, lane) =>
        log.append(appendOf(`s-${turn}-${lane}`, -1, large)),
      );
      for (const outcome of await Promise.allSettled(appends)) {
        if (outcome.status === 'fulfilled') acknowledged.push(...outcome.value.events);
        else {
          refused++;
          expect(outcome.reason).toMatchObject({
            name: 'LogUnavailable',
            message: expect.stringContaining('no space is left'),
          });
        }
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await all(log)).toEqual(acknowledged);

    pages = 10_000;
    databases.at(-1)!.exec(`PRAGMA max_page_count = ${pages}`);
    await log.append(appendOf('after', -1, large));
    expect(await log.head()).toBe(acknowledged.length);
  });

  it('reports a read-only directory, and opens when it is writable', async () => {
    chmodSync(directory, 0o555);
    await expect(asNobody(() => open())).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining('cannot be opened'),
    });
    chmodSync(directory, 0o777);
    await expect(open()).resolves.toBeInstanceOf(SqliteEventLog);
  });

  it('reads a read-only file, says why it does not append, and appends when it is writable', async () => {
    await fill(await open(), 'a', 3);
    await opened.splice(0)[0]!.close();
    chmodSync(file, 0o444);
    chmodSync(directory, 0o555);
    const message = expect.stringContaining('cannot be written');
    await expect(asNobody(() => open())).rejects.toMatchObject({ name: 'LogUnavailable', message });

    chmodSync(directory, 0o755);
    chmodSync(file, 0o644);
    const log = await open();
    await log.append(appendOf('a', 2));
    expect(await log.head()).toBe(3);
  });

  it('reports a missing directory', async () => {
    file = join(directory, 'nowhere', 'log.db');
    await expect(open()).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining('check that its directory exists'),
    });
  });

  it('reports a lock of another process after the timeout, and appends when the lock is released', async () => {
    const log = await open({ lockTimeoutMs: 50 });
    await log.append(appendOf('a', -1));
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const outcomes = await Promise.allSettled([
      log.append(appendOf('a', 0)),
      log.append(appendOf('b', -1)),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        reason: {
          name: 'LogUnavailable',
          message: expect.stringContaining('locked by another process'),
        },
      });
    }
    expect(await all(log)).toHaveLength(1);
    other.exec('ROLLBACK');
    other.close();
    await log.append(appendOf('a', 0));
    expect(await log.head()).toBe(1);
  });

  it('keeps the thread free during a lock of another process, and appends once the lock is released', async () => {
    const log = await open();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    const started = performance.now();
    const appends = [log.append(appendOf('a', -1)), log.append(appendOf('b', -1))];
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await all(log)).toEqual([]);
    // The append itself may wait 5000.
    expect(performance.now() - started).toBeLessThan(2500);
    other.exec('COMMIT');
    other.close();
    const appended = await Promise.all(appends);
    expect(appended.map(({ events }) => events[0]?.position)).toEqual([0, 1]);
  });

  it.each<[string, (fd: number, size: number) => void]>([
    [
      'garbage',
      (fd, size) =>
        void writeSync(fd, Buffer.alloc(PAGE_BYTES, 0xa5), 0, PAGE_BYTES, size - PAGE_BYTES),
    ],
    [
      'zeros',
      (fd, size) => void writeSync(fd, Buffer.alloc(PAGE_BYTES), 0, PAGE_BYTES, size - PAGE_BYTES),
    ],
    ['missing', (_fd, size) => truncateSync(file, size - PAGE_BYTES)],
    ['half missing', (_fd, size) => truncateSync(file, size - PAGE_BYTES / 2)],
  ])(
    'reports that the last page is %s, returns no wrong event, and is complete again from a copy',
    async (_, damage) => {
      await fill(await open(), 'a', 900);
      const events = await all(opened[0]!);
      await opened.splice(0)[0]!.close();
      copyFileSync(file, `${file}.copy`);
      withFile(file, damage);

      const seen: LoggedEvent[] = [];
      const useAll = async (): Promise<void> => {
        const log = await open();
        for await (const page of log.readAll({ after: -1 })) seen.push(...page.events);
        for (const { metadata } of events) await log.eventsOfCommand(metadata.commandId);
        await log.append(appendOf('a', 899));
      };
      await expect(useAll()).rejects.toMatchObject({
        name: 'LogUnavailable',
        message: expect.stringContaining('damaged'),
      });
      expect(events.slice(0, seen.length)).toEqual(seen);

      await opened.splice(0)[0]?.close();
      for (const rest of ['-wal', '-shm']) rmSync(file + rest, { force: true });
      copyFileSync(`${file}.copy`, file);
      const log = await open();
      expect(await all(log)).toEqual(events);
      await log.append(appendOf('a', 899));
    },
  );

  it('reports damage that occurs while it is open, and continues when the damage is repaired', async () => {
    const log = await open();
    await fill(log, 'a', 900);
    const events = await all(log);
    const broken = new DatabaseSync(file);
    broken.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    broken.close();
    const before = readBytes(file);
    writeFileSync(file, Buffer.alloc(before.length, 0xa5), { flag: 'r+' });

    const fresh = await open().catch((error: Error) => error);
    expect(fresh).toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining('damaged'),
    });
    writeFileSync(file, before, { flag: 'r+' });
    expect(await all(log)).toEqual(events);
  });

  it.each([
    [
      'not a database',
      () => writeFileSync(file, 'a text'.repeat(1000)),
      'damaged or not a database',
    ],
    ['of something else', () => otherDatabase(file), 'a database of something else'],
    ['of a newer release', () => newerLog(file), 'written by a newer release'],
  ])('leaves a file that is %s unchanged', async (_, make, message) => {
    make();
    const before = readBytes(file);
    await expect(open()).rejects.toMatchObject({
      name: 'LogUnavailable',
      message: expect.stringContaining(message),
    });
    if (message !== 'written by a newer release')
      expect(readBytes(file).subarray(100)).toEqual(before.subarray(100));
  });

  it('is neither written nor created by a reader', async () => {
    await expect(SqliteEventLog.openReader({ file })).rejects.toHaveProperty(
      'name',
      'LogUnavailable',
    );
    expect(existsSync(file)).toBe(false);
    const log = await open();
    await fill(log, 'a', 600);
    const reader = await SqliteEventLog.openReader({ file });
    const followed = (async () => {
      for await (const { through } of reader.subscribe({
        after: 599,
        signal: new AbortController().signal,
      }))
        return through;
      return undefined;
    })();
    await log.append(appendOf('a', 599));
    expect(await followed).toBe(600);
    expect(await reader.head()).toBe(600);
    expect(await reader.revisionOf(stream('a'))).toBe(600);
    await reader.close();
  });
});

function withFile(path: string, work: (fd: number, size: number) => void): void {
  const fd = openSync(path, 'r+');
  work(fd, fstatSync(fd).size);
  closeSync(fd);
}

function readBytes(path: string): Buffer {
  const fd = openSync(path, 'r');
  const bytes = Buffer.alloc(fstatSync(fd).size);
  readSync(fd, bytes, 0, bytes.length, 0);
  closeSync(fd);
  return bytes;
}

function otherDatabase(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE something (a)');
  database.close();
}

function newerLog(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(
    `PRAGMA application_id = ${0x534b4c47}; PRAGMA user_version = 99; CREATE TABLE something (a)`,
  );
  database.close();
}

/** File modes do not bind root: a root process runs the work as a user that they bind. */
async function asNobody<Value>(work: () => Promise<Value>): Promise<Value> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    // The work opens the file before its first await.
    return await work().finally(() => process.seteuid?.(0));
  } finally {
    process.seteuid?.(0);
  }
}
