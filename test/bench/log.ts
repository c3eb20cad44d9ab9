import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commandId, eventId, type StreamName, streamName } from '../../libs/domain/shared/ids.js';
import type { Append, EventLog, NewEvent } from '../../libs/event-log/event-log.js';
import { SqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';

export interface LogBenchOptions {
  readonly rounds?: number;
  /** How long each work is measured in each round. */
  readonly roundMs?: number;
  /** The folder of the files, on the disk to measure. */
  readonly directory?: string;
  readonly report?: (round: number, rates: LogRates) => void;
}

const WORKS = ['append', 'overwrite', 'plain', 'one', 'plain64', 'many'] as const;

/**
 * Per second: 8 KiB appended to a file + fdatasync; 8 KiB of a file overwritten + fdatasync; a
 * plain SQLite insert in its own transaction; a durable append, one at a time; plain SQLite
 * inserts, 64 a transaction; durable appends, 64 in flight.
 */
export type LogRates = Record<(typeof WORKS)[number], number>;

export const STREAMS = 1_000;
const PAGE_BYTES = 8192;
const GROWN_PAGES = 1_000;
const DATA = {
  tenantId: randomUUID(),
  legalName: 'Kaminari Shoten K.K.',
  country: 'JP',
  filling: 'x'.repeat(250),
  qualifications: [],
};

/**
 * Measures the cost of a durable append, the same rows in plain SQLite, and the disk's own limit,
 * in the same rounds.
 */
export async function measureLog({
  rounds = 5,
  roundMs = 700,
  directory = tmpdir(),
  report,
}: LogBenchOptions = {}): Promise<readonly LogRates[]> {
  const folder = mkdtempSync(join(directory, 'sekisho-bench-'));
  const log = await SqliteEventLog.open({ file: join(folder, 'log.db'), clock: () => Date.now() });
  const disk = new Disk(join(folder, 'disk'));
  const plain = new PlainSqlite(join(folder, 'plain.db'));
  const writer = new LogWriter(log);
  try {
    await writer.run(64, roundMs / 2);
    const measured: LogRates[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(
        await inSlices(roundMs, {
          append: async (forMs) => repeat(forMs, () => disk.append()),
          overwrite: async (forMs) => repeat(forMs, () => disk.overwrite()),
          plain: async (forMs) => repeat(forMs, () => plain.insert(1)),
          one: (forMs) => writer.run(1, forMs),
          plain64: async (forMs) => 64 * repeat(forMs, () => plain.insert(64)),
          many: (forMs) => writer.run(64, forMs),
        }),
      );
      report?.(round, measured.at(-1)!);
    }
    return measured;
  } finally {
    await log.close();
    plain.close();
    disk.close();
    rmSync(folder, { recursive: true });
  }
}

const SLICES = 10;

/**
 * The works of a round alternate in short slices, so that other load on the machine affects all of
 * them equally.
 */
async function inSlices(
  roundMs: number,
  works: Readonly<Record<keyof LogRates, (forMs: number) => Promise<number>>>,
): Promise<LogRates> {
  const rates: LogRates = { append: 0, overwrite: 0, plain: 0, one: 0, plain64: 0, many: 0 };
  for (let slice = 0; slice < SLICES; slice++) {
    for (const name of WORKS) rates[name] += (await works[name](roundMs / SLICES)) / SLICES;
  }
  return rates;
}

function repeat(forMs: number, work: () => void): number {
  const started = performance.now();
  let done = 0;
  do {
    work();
    done++;
  } while (performance.now() - started < forMs);
  return (done * 1000) / (performance.now() - started);
}

/**
 * The disk's limits. An append-only log needs at least a file that grows. A write-ahead log
 * overwrites its own beginning, so that the file system allocates no new blocks.
 */
class Disk {
  private readonly growing: number;
  private readonly grown: number;
  private page = 0;
  private readonly bytes = randomBytes(PAGE_BYTES);

  constructor(file: string) {
    this.growing = openSync(`${file}.growing`, 'w');
    this.grown = openSync(`${file}.grown`, 'w');
    for (let page = 0; page < GROWN_PAGES; page++) writeSync(this.grown, this.bytes);
    fdatasyncSync(this.grown);
  }

  append(): void {
    writeSync(this.growing, this.bytes);
    fdatasyncSync(this.growing);
  }

  overwrite(): void {
    writeSync(this.grown, this.bytes, 0, PAGE_BYTES, (this.page++ % GROWN_PAGES) * PAGE_BYTES);
    fdatasyncSync(this.grown);
  }

  close(): void {
    closeSync(this.growing);
    closeSync(this.grown);
  }
}

/** The same rows and indexes under the same pragmas in plain SQLite. */
class PlainSqlite {
  private readonly database: DatabaseSync;
  private readonly insertRow;
  private next = 0;
  private readonly data = JSON.stringify(DATA);

  constructor(file: string) {
    this.database = new DatabaseSync(file);
    this.database
      .exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
      PRAGMA wal_autocheckpoint = 1000;
      CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, command BLOB, place INTEGER, data TEXT, metadata TEXT);
      CREATE UNIQUE INDEX by_stream ON events (stream, revision);
      CREATE UNIQUE INDEX by_command ON events (command, place);`);
    this.insertRow = this.database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  }

  insert(rows: number): void {
    this.database.exec('BEGIN IMMEDIATE');
    for (let row = 0; row < rows; row++) {
      const position = this.next++;
      this.insertRow.run(
        position,
        position % STREAMS,
        Math.floor(position / STREAMS),
        randomBytes(16),
        0,
        this.data,
        this.data,
      );
    }
    this.database.exec('COMMIT');
  }

  close(): void {
    this.database.close();
  }
}

/**
 * Appends as a command does: with complete metadata and the expected revision of the last answer.
 */
export class LogWriter {
  private readonly revisions = new Map<StreamName, number>();
  private turn = 0;

  constructor(private readonly log: EventLog) {}

  async run(inFlight: number, forMs: number): Promise<number> {
    const started = performance.now();
    let done = 0;
    const lane = async (): Promise<void> => {
      while (performance.now() - started < forMs) {
        await this.appendOne();
        done++;
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return (done * 1000) / (performance.now() - started);
  }

  private async appendOne(): Promise<void> {
    const stream = streamName(`customer-${this.turn++ % STREAMS}`);
    const { events } = await this.log.append(appendTo(stream, this.revisions.get(stream) ?? -1));
    this.revisions.set(stream, events[0]?.revision ?? -1);
  }
}

/** With random ids: the command derives ids, not the log. */
function appendTo(stream: StreamName, expectedRevision: number): Append {
  return { stream, expectedRevision, events: [storedEvent()] };
}

/** The part that every peer stores too. */
export function storedEvent(): NewEvent {
  const metadata = {
    commandId: commandId(randomUUID()),
    index: 0,
    actor: 'key:bench',
    correlationId: randomUUID(),
  };
  return {
    id: eventId(randomUUID()),
    type: 'CustomerRegistered',
    version: 1,
    data: DATA,
    metadata,
  };
}
