import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commandId, eventId, streamName } from '../../domain/shared/ids.js';
import { ReadModelFile } from './read-model-file.js';
import { SqlitePositionIndex } from './sqlite-position-index.js';
import { SqliteReadModelStore } from './sqlite-read-model-store.js';

/** The file as version 1 created it. */
const VERSION_1 = `
  CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, token INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL) STRICT;
  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, projection TEXT NOT NULL, version INTEGER NOT NULL, shape TEXT NOT NULL, role TEXT NOT NULL,
    position INTEGER NOT NULL, event_id TEXT, filled INTEGER NOT NULL, poison TEXT
  ) STRICT;
  CREATE UNIQUE INDEX runs_by_role ON runs (projection, role);
  CREATE TABLE rebuilds (projection TEXT PRIMARY KEY, requested INTEGER NOT NULL, status TEXT) STRICT;
  CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, fold_version INTEGER NOT NULL, revision INTEGER NOT NULL,
    event_id TEXT NOT NULL, state TEXT NOT NULL, UNIQUE (stream, fold_version)
  ) STRICT;
  INSERT INTO runs (projection, version, shape, role, position, event_id, filled) VALUES ('orders', 1, '[]', 'live', 7, 'e7', 1);
  PRAGMA application_id = ${0x534b524d};
  PRAGMA user_version = 1;`;

describe('the read models’ file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-read-models-'));
    path = join(folder, 'read-models.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const made = (sql: string): void => {
    const database = new DatabaseSync(path);
    database.exec(sql);
    database.close();
  };
  const version = (): unknown => {
    const database = new DatabaseSync(path);
    const found = database.prepare('PRAGMA user_version').get()?.['user_version'];
    database.close();
    return found;
  };

  it('of version 1 is migrated to this version with its contents', async () => {
    made(VERSION_1);
    const [file, other] = [new ReadModelFile(path), new ReadModelFile(path)];
    expect(await new SqliteReadModelStore(file).builds()).toMatchObject([
      { projection: 'orders', checkpoint: { position: 7, eventId: 'e7' } },
    ]);
    const row = {
      position: 0,
      commit: 1n,
      prepare: 1n,
      eventId: eventId('e0'),
      stream: streamName('program'),
      revision: 0,
      type: 'LogCreated',
      commandId: commandId('c'),
      commandIndex: 0,
      recordedThroughMs: 1,
    };
    expect(await new SqlitePositionIndex(file).add([row], undefined)).toBe('added');
    expect(await new SqlitePositionIndex(other).last()).toEqual(row);
    file.close();
    other.close();
    expect(version()).toBe(2);
  });

  it.each([
    ['a newer release', `${VERSION_1} PRAGMA user_version = 3;`, 'was written by a newer release'],
    ['something else', 'CREATE TABLE other (id INTEGER)', 'is a database of another program'],
  ])('of %s is rejected and not changed', (_whose, sql, says) => {
    made(sql);
    const before = version();
    expect(() => new ReadModelFile(path)).toThrow(says);
    expect(version()).toBe(before);
  });
});
