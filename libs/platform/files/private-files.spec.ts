import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrivateDatabase, makePrivateFolder, narrowDataFiles } from './private-files.js';

describe('private files', () => {
  let folder: string;
  let umask: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'private-'));
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true });
  });
  const modeOf = (name: string): string => (statSync(join(folder, name)).mode & 0o777).toString(8);
  const write = (name: string, mode: number): void => {
    writeFileSync(join(folder, name), 'x');
    chmodSync(join(folder, name), mode);
  };

  it.each([0, 0o022, 0o777])('are private with the umask %i', (mask) => {
    process.umask(mask);
    makePrivateDatabase(join(folder, 'log.db'));
    makePrivateFolder(join(folder, 'data'));
    expect([modeOf('log.db'), modeOf('data')]).toEqual(['600', '700']);
  });

  it.each([
    ['log.db', '600'],
    ['log.db-wal', '600'],
    ['keys.db', '600'],
    ['keys.db-shm', '600'],
    ['keys.db-journal', '600'],
    ['read-models.db', '600'],
    ['dev-keys.json', '600'],
    ['dev-keys.json.4711.00ff00ff', '600'],
    // files that do not belong to the program
    ['export.ndjson', '666'],
    ['keys.db.copy', '666'],
  ])('an existing %s gets the mode %s at the start', (name, mode) => {
    write(name, 0o666);
    expect(narrowDataFiles(folder)).toEqual([]);
    expect(modeOf(name)).toBe(mode);
  });

  it('uploads get their modes at the start too', () => {
    mkdirSync(join(folder, 'uploads'));
    write('uploads/revenue-import-1.rows', 0o644);
    narrowDataFiles(folder);
    expect([modeOf('uploads'), modeOf('uploads/revenue-import-1.rows')]).toEqual(['700', '600']);
  });

  it('rights that the owner removed stay removed, and an existing folder keeps its mode', () => {
    write('log.db', 0o400);
    chmodSync(folder, 0o755);
    makePrivateFolder(folder);
    makePrivateDatabase(join(folder, 'log.db'));
    narrowDataFiles(folder);
    expect([modeOf('log.db'), modeOf('.')]).toEqual(['400', '755']);
  });

  it('a broken link is ignored', () => {
    symlinkSync(join(folder, 'nowhere'), join(folder, 'keys.db'));
    makePrivateDatabase(join(folder, 'keys.db'));
    expect(narrowDataFiles(folder)).toEqual([]);
  });
});
