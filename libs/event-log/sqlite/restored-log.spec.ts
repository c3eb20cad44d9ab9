import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { appendOf, stream } from '../../../test/contract/sample-events.js';
import { LogWentBack } from '../errors.js';
import { SqliteEventLog } from './sqlite-event-log.js';

let directory: string;
let file: string;
let log: SqliteEventLog;
let reports: string[];

const open = (path = file): Promise<SqliteEventLog> =>
  SqliteEventLog.open({
    file: path,
    clock: Date.now,
    report: ({ reason }) => void reports.push(reason),
  });
/** A copy of the file with its write-ahead log, as `sqlite3 log.db "VACUUM INTO …"` makes it. */
function copyTo(path: string): void {
  const database = new DatabaseSync(file);
  database.prepare('VACUUM INTO ?').run(path);
  database.close();
}
async function grow(path: string, ...names: readonly string[]): Promise<void> {
  const other = await SqliteEventLog.open({ file: path, clock: () => Date.now() + 5 });
  for (const name of names)
    await other.append(appendOf(name, await other.revisionOf(stream(name))));
  await other.close();
}
async function until(done: () => boolean): Promise<void> {
  for (
    const endMs = Date.now() + 5_000;
    !done();
    await new Promise((resolve) => setTimeout(resolve, 10))
  )
    if (Date.now() > endMs) throw new Error('it was not noticed');
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sekisho-restored-'));
  file = join(directory, 'log.db');
  reports = [];
  log = await open();
  await log.append(appendOf('a', -1));
  copyTo(join(directory, 'copy.db'));
  await log.append(appendOf('a', 0));
  await log.append(appendOf('b', -1));
});
afterEach(async () => {
  await log.close();
  rmSync(directory, { recursive: true, force: true });
});

async function expectEnded(reason: RegExp): Promise<void> {
  await until(() => reports.length > 0);
  expect(reports).toEqual([expect.stringMatching(reason)]);
  await expect(log.head()).rejects.toBeInstanceOf(LogWentBack);
  await expect(log.append(appendOf('c', -1))).rejects.toBeInstanceOf(LogWentBack);
  await expect(log.revisionOf(stream('a'))).rejects.toBeInstanceOf(LogWentBack);
}

it.each([
  ['moved over it', () => renameSync(join(directory, 'copy.db'), file)],
  [
    'copied over it after it was removed',
    () => {
      for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
      copyFileSync(join(directory, 'copy.db'), file);
    },
  ],
])('notices an older copy of the file that was %s', async (_how, restore) => {
  restore();
  await expectEnded(/was replaced by another file/);
});

it('acknowledges no append to a file that is no longer the log', async () => {
  renameSync(join(directory, 'copy.db'), file);
  await expect(log.append(appendOf('c', -1))).rejects.toBeInstanceOf(LogWentBack);
});

it.each([
  ['shorter', []],
  ['of the same length, with another last event', ['c', 'c']],
  ['longer', ['c', 'c', 'a', 'd']],
])(
  'notices an older state that another program put into the same file: %s',
  async (_how, names) => {
    const copy = join(directory, 'copy.db');
    if (names.length > 0) await grow(copy, ...names);
    const database = new DatabaseSync(file);
    database.prepare('ATTACH ? AS copy').run(copy);
    database.exec(`BEGIN IMMEDIATE;
    DELETE FROM events; DELETE FROM streams; DELETE FROM types;
    INSERT INTO streams SELECT * FROM copy.streams; INSERT INTO types SELECT * FROM copy.types; INSERT INTO events SELECT * FROM copy.events;
    COMMIT`);
    database.close();
    await expectEnded(
      names.length > 1 ? /has another event at position 2/ : /ends before position 2/,
    );
  },
);

it('works beside another process that appends', async () => {
  await grow(file, 'a', 'c');
  expect(await log.head()).toBe(4);
  await log.append(appendOf('a', 2));
  expect(reports).toEqual([]);
});

it('waits until a missing file is put back', async () => {
  renameSync(file, join(directory, 'away.db'));
  await expect(log.append(appendOf('c', -1))).rejects.toMatchObject({
    name: 'LogUnavailable',
    message: expect.stringContaining('is gone'),
  });
  renameSync(join(directory, 'away.db'), file);
  expect((await log.append(appendOf('c', -1))).events[0]?.position).toBe(3);
  expect(reports).toEqual([]);
});
