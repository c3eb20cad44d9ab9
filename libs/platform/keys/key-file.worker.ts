import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { StoredKey, KeyName } from './key-store.js';

// Runs as a separate thread, also from its source: it imports only types from the project, and uses
// erasable syntax only.

/**
 * A write to the key file. Writes run one after the other; waiting here for a lock or a reader
 * delays no other thread.
 */
export type KeyWrite =
  | { readonly kind: 'make'; readonly subject: string }
  | { readonly kind: 'mark'; readonly key: KeyName; readonly orderedBy: string | undefined }
  | { readonly kind: 'destroy'; readonly keys: readonly KeyName[] }
  | { readonly kind: 'settle'; readonly key: KeyName }
  | { readonly kind: 'adopt'; readonly kept: StoredKey }
  | { readonly kind: 'close' };

export interface KeyFileOptions {
  readonly path: string;
  /** How long to wait for another process that is writing. */
  readonly writeWithinMs: number;
}

export interface KeyWriteAsked {
  readonly id: number;
  readonly write: KeyWrite;
}

/** `remains`: why a part of a destroyed key is still in the files. */
export type KeyWriteAnswer = { readonly id: number } & (
  | { readonly done: true; readonly remains?: string }
  | { readonly done: false; readonly reason: string }
);

/** How long to wait for readers; a reader that stays longer is reported. */
const READERS_WITHIN_MS = 250;
/**
 * After a reader stayed, the next erasures check only once, so that many erasures do not delay new
 * keys.
 */
const STAYED_FOR_MS = 1_000;
const LOOK_AGAIN_MS = 10;
/**
 * SQLite locks neither of these. The third file, `-shm`, has locks and no content of a page, only
 * an index of page numbers.
 */
const WITHOUT_LOCKS = ['-wal', '-journal'];
const SQLITE_BUSY = 5;
const READ_BYTES = 1024 * 1024;
/** A stale copy may be overwritten in part, so the search is for pieces of this size. */
const PIECE_BYTES = 8;

const { path, writeWithinMs } = workerData as KeyFileOptions; // as KeyFileWriter starts it
const db = new DatabaseSync(path, { timeout: writeWithinMs });
// VACUUM works in memory: a temporary file would be another copy of all keys.
db.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;');

/** The bytes of destroyed keys that are not yet verified to be gone. */
const sought = new Map<string, Buffer>();
/**
 * Destroyed before this thread started, so their bytes are unknown: verified by rewriting the whole
 * file.
 */
const unknown = new Set<string>();
/** Verified by this thread to be gone. */
const gone = new Set<string>();

const nameOf = ({ subject, generation }: KeyName): string => `${subject}#${generation}`;
const sleep = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function inTransaction(work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function make(subject: string): void {
  const present = db
    .prepare('SELECT generation FROM keys WHERE subject = ? AND marked = 0 AND key IS NOT NULL')
    .get(subject);
  if (present) return;
  const last = db
    .prepare('SELECT max(generation) AS generation FROM keys WHERE subject = ?')
    .get(subject);
  const generation = Number(last?.['generation'] ?? 0) + 1;
  db.prepare('INSERT INTO keys (subject, generation, key) VALUES (?, ?, ?)').run(
    subject,
    generation,
    randomBytes(32),
  );
}

function mark({ subject, generation }: KeyName, orderedBy: string | undefined): void {
  db.prepare(
    'UPDATE keys SET marked = 1, ordered_by = coalesce(ordered_by, ?) WHERE subject = ? AND generation = ?',
  ).run(orderedBy ?? null, subject, generation);
}

function settle({ subject, generation }: KeyName): void {
  db.prepare(
    'UPDATE keys SET settled = 1 WHERE subject = ? AND generation = ? AND key IS NULL',
  ).run(subject, generation);
}

function adopt({ subject, generation, key, marked, settled }: StoredKey): void {
  db.prepare(
    'INSERT INTO keys (subject, generation, key, marked, settled) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  ).run(subject, generation, key ?? null, marked || !key ? 1 : 0, settled ? 1 : 0);
}

/** Returns undefined if the files contain nothing of the keys; otherwise the reason. */
function destroy(keys: readonly KeyName[]): string | undefined {
  inTransaction(() => keys.forEach(withdraw));
  if (sought.size === 0 && unknown.size === 0) return undefined;
  const remains = purge();
  if (remains !== undefined) return remains;

  for (const name of [...sought.keys(), ...unknown]) gone.add(name);
  for (const bytes of sought.values()) bytes.fill(0);
  sought.clear();
  unknown.clear();
  return undefined;
}

/** From now on the key cannot be read from its row. */
function withdraw(name: KeyName): void {
  const { subject, generation } = name;
  const row = db
    .prepare('SELECT key, settled FROM keys WHERE subject = ? AND generation = ?')
    .get(subject, generation);
  if (!row) return;
  const key = row['key'];
  if (key instanceof Uint8Array) {
    sought.set(nameOf(name), Buffer.from(key));
    // A restored copy of the file restores a key, which is then unsettled again.
    db.prepare(
      'UPDATE keys SET key = NULL, marked = 1, settled = 0 WHERE subject = ? AND generation = ?',
    ).run(subject, generation);
  } else if (row['settled'] !== 1 && !sought.has(nameOf(name)) && !gone.has(nameOf(name)))
    unknown.add(nameOf(name));
}

/**
 * `secure_delete` has overwritten the key in the newest pages. Older pages go with the write-ahead
 * log; then the files are searched for the bytes.
 */
function purge(): string | undefined {
  if (!emptyWriteAheadLog())
    return 'another connection reads the file, so its write-ahead log cannot be emptied';
  if (unknown.size === 0 && !isFound()) return undefined;

  // A page that was split keeps copies in its unused part; a rewritten file has none.
  if (!writeAnew()) return 'another connection writes to the file, so it cannot be rewritten';
  if (!emptyWriteAheadLog()) return 'another connection reads the file, so it cannot be rewritten';
  return isFound() ? 'the file still has bytes of the key after it was rewritten' : undefined;
}

function writeAnew(): boolean {
  try {
    db.exec('VACUUM');
    return true;
  } catch (error) {
    // SQLite's errors have this code.
    if ((error as { readonly errcode?: number }).errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

let readerStayedAt = Number.NEGATIVE_INFINITY;

/** Waits without a lock: while SQLite itself waits, every other writer waits too. */
function emptyWriteAheadLog(): boolean {
  const from = performance.now();
  const until = from - readerStayedAt < STAYED_FOR_MS ? from : from + READERS_WITHIN_MS;
  db.exec('PRAGMA busy_timeout = 0');
  try {
    for (;;) {
      const busy = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
      if (busy === 0) return true;
      if (performance.now() >= until) {
        readerStayedAt = performance.now();
        return false;
      }
      sleep(LOOK_AGAIN_MS);
    }
  } finally {
    db.exec(`PRAGMA busy_timeout = ${writeWithinMs}`);
  }
}

function isFound(): boolean {
  const pieces = [...sought.values()].flatMap((key) =>
    Array.from({ length: key.length / PIECE_BYTES }, (_, index) =>
      key.subarray(index * PIECE_BYTES, (index + 1) * PIECE_BYTES),
    ),
  );
  if (pieces.length === 0) return false;
  return (
    hasAny(databaseDescriptor(), pieces) ||
    WITHOUT_LOCKS.some((ending) => hasAnyBeside(path + ending, pieces))
  );
}

/**
 * Never closed, not even when this thread ends: closing any descriptor of a file releases all locks
 * of the process on it (POSIX), including those of SQLite's other connections.
 */
let database: number | undefined;
function databaseDescriptor(): number {
  const { dev, ino } = statSync(path);
  const present = database === undefined ? undefined : fstatSync(database);
  // A restored copy is another file.
  if (database === undefined || present?.ino !== ino || present.dev !== dev)
    database = openSync(path, 'r');
  return database;
}

function hasAnyBeside(file: string, pieces: readonly Buffer[]): boolean {
  if (!statSync(file, { throwIfNoEntry: false })?.size) return false;
  const descriptor = openSync(file, 'r');
  try {
    return hasAny(descriptor, pieces);
  } finally {
    closeSync(descriptor);
  }
}

function hasAny(descriptor: number, pieces: readonly Buffer[]): boolean {
  const buffer = Buffer.alloc(READ_BYTES);
  for (let at = 0, read = READ_BYTES; read === READ_BYTES; at += READ_BYTES - PIECE_BYTES) {
    read = readSync(descriptor, buffer, 0, READ_BYTES, at);
    const bytes = buffer.subarray(0, read);
    if (pieces.some((piece) => bytes.includes(piece))) return true;
  }
  return false;
}

function perform(write: KeyWrite): string | undefined {
  switch (write.kind) {
    case 'make':
      return void inTransaction(() => make(write.subject));
    case 'mark':
      return void mark(write.key, write.orderedBy);
    case 'destroy':
      return destroy(write.keys);
    case 'settle':
      return void settle(write.key);
    case 'adopt':
      return void adopt(write.kept);
    case 'close':
      db.close();
      return undefined;
  }
}

function answerTo({ id, write }: KeyWriteAsked): KeyWriteAnswer {
  try {
    const remains = perform(write);
    return { id, done: true, ...(remains === undefined ? {} : { remains }) };
  } catch (error) {
    return { id, done: false, reason: String(error) };
  }
}

parentPort?.on('message', (asked: KeyWriteAsked) => {
  const answer = answerTo(asked);
  parentPort?.postMessage(answer);
  if (asked.write.kind === 'close') parentPort?.close();
});
