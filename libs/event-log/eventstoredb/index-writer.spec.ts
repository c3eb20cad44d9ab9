import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import { IndexWriter } from './index-writer.js';
import { LocalLog } from './local-log.js';
import { type IndexRow, MemoryPositionIndex } from './position-index.js';
import type { LogReport } from './report.js';
import { StreamNames } from './stored-form.js';

const row = (position: number, log = 'a'): IndexRow => ({
  position,
  commit: BigInt(position),
  prepare: BigInt(position),
  eventId: eventId(`${log}-${position}`),
  stream: streamName(`s-${position % 7}`),
  revision: Math.floor(position / 7),
  type: 'T',
  commandId: commandId(`c-${position}`),
  commandIndex: 0,
  recordedThroughMs: position,
});
const rows = (from: number, through: number, log?: string): IndexRow[] =>
  Array.from({ length: through - from + 1 }, (_, place) => row(from + place, log));

class BrokenIndex extends MemoryPositionIndex {
  broken = false;
  override async add(
    ...added: Parameters<MemoryPositionIndex['add']>
  ): ReturnType<MemoryPositionIndex['add']> {
    if (this.broken) throw new Error('the database is away');
    return super.add(...added);
  }
}

let index: BrokenIndex;
let local: LocalLog;
let reports: LogReport[];
let pauses: boolean[];
let indexWriter: IndexWriter;
let countedAgain: number;

beforeEach(() => {
  index = new BrokenIndex();
  reports = [];
  pauses = [];
  countedAgain = 0;
  local = new LocalLog(
    new StreamNames('p.'),
    () => undefined,
    () => undefined,
  );
});
afterEach(() => indexWriter.stop());

function start(writesIndex: boolean, from?: IndexRow): void {
  indexWriter = new IndexWriter({
    index,
    local,
    writesIndex,
    report: (report) => void reports.push(report),
    subscription: { hold: (hold) => void pauses.push(hold) },
    restartCount: async () => {
      countedAgain += 1;
      local.recentRows.clear();
      await index.clear();
      return undefined;
    },
  });
  indexWriter.start(from);
}
const bring = (from: number, through: number): void =>
  rows(from, through).forEach((each) => local.recentRows.add(each));
const last = async (): Promise<number> => (await index.last())?.position ?? -1;
async function until(done: () => Promise<boolean> | boolean): Promise<void> {
  for (let waitedMs = 0; !(await done()); waitedMs += 20) {
    if (waitedMs > 4_000) throw new Error('it did not come to it');
    await delay(20);
  }
}

describe('a process that writes the index', () => {
  it('adds the known rows in batches, and keeps the latest in memory', async () => {
    bring(0, 12_000);
    start(true);
    await until(async () => (await last()) === 12_000);
    await until(() => local.recentRows.first > 0);
    expect([local.recentRows.first, local.recentRows.last]).toEqual([2_001, 12_000]);
    bring(12_001, 12_003);
    await until(async () => (await last()) === 12_003);
  });

  it('resumes after the row that it began at', async () => {
    await index.add(rows(0, 9), undefined);
    bring(10, 12);
    start(true, row(9));
    await until(async () => (await last()) === 12);
  });

  it('adds the remaining rows when it stops', async () => {
    start(true);
    await until(() => pauses.length > 0);
    bring(0, 5);
    await indexWriter.stop();
    expect(await last()).toBe(5);
  });

  it('reports an index that cannot be written, and resumes when it can', async () => {
    index.broken = true;
    bring(0, 5);
    start(true);
    await until(() => reports.length > 0);
    expect(reports[0]).toMatchObject({
      kind: 'log-index-failed',
      reason: 'Error: the database is away',
    });
    index.broken = false;
    await until(async () => (await last()) === 5);
  });

  it('counts again when the index has other events', async () => {
    await index.add(rows(0, 9, 'b'), undefined);
    bring(0, 5);
    start(true);
    await until(() => countedAgain === 1);
    expect(reports).toContainEqual({ kind: 'log-index-differs', position: -1 });
    bring(0, 7);
    await until(async () => (await last()) === 7);
  });

  it('pauses the subscription while 100,000 rows cannot be written', async () => {
    index.broken = true;
    bring(0, 99_999);
    start(true);
    await until(() => pauses.at(-1) === true);
    index.broken = false;
    await until(() => pauses.at(-1) === false);
    expect(local.recentRows.size).toBe(10_000);
  });
});

describe('a process that does not write the index', () => {
  it('adds nothing, and drops from memory the rows that others have added', async () => {
    bring(0, 11_000);
    start(false);
    await delay(50);
    expect(await last()).toBe(-1);
    await index.add(rows(0, 10_500), undefined);
    await until(() => local.recentRows.first > 0);
    expect(local.recentRows.first).toBe(1_001);
  });

  it('adds rows like any other process when 20,000 are missing', async () => {
    bring(0, 20_001);
    start(false);
    await until(async () => (await last()) === 20_001);
  });

  it('accepts an index that is ahead of it', async () => {
    await index.add(rows(0, 10_100), undefined);
    bring(0, 10_050);
    start(false);
    await until(() => local.recentRows.first > 0);
    expect([local.recentRows.first, countedAgain]).toEqual([51, 0]);
  });

  it('counts again when another process cleared the index', async () => {
    await index.add(rows(0, 9), undefined);
    bring(10, 12);
    start(false, row(9));
    await index.clear();
    await until(() => countedAgain === 1);
  });
});
