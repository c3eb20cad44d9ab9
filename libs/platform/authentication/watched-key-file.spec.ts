import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfKey } from './api-keys.js';
import { type KeyFileReport, WatchedKeyFile } from './watched-key-file.js';

let dir: string;
let path: string;
let watched: WatchedKeyFile | undefined;
const reports: KeyFileReport[] = [];

const textOf = (...secrets: readonly string[]): string =>
  JSON.stringify({
    keys: secrets.map((secret) => ({
      id: `id-${secret}`,
      sha256: digestOfKey(secret),
      roles: ['auditor'],
    })),
  });
const open = (everyMs = 60_000): WatchedKeyFile =>
  (watched = new WatchedKeyFile(path, { report: (report) => reports.push(report), everyMs }));
const knows = (file: WatchedKeyFile, secret: string): boolean =>
  file.principalOf(secret, () => '2026-11-22') !== undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'watched-'));
  path = join(dir, 'keys.json');
  reports.length = 0;
  writeFileSync(path, textOf('old'));
});
afterEach(() => {
  watched?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a key file that changes', () => {
  it.each<[string, () => void]>([
    ['is written in place', () => writeFileSync(path, textOf('new'))],
    [
      'is replaced by another file',
      () => {
        writeFileSync(`${path}.new`, textOf('new'));
        renameSync(`${path}.new`, path);
      },
    ],
    [
      'is written with its old time and size',
      () => {
        utimesSync(path, 1, 1);
        writeFileSync(path, textOf('new'));
        utimesSync(path, 1, 1);
      },
    ],
  ])('%s: accepts the new keys and not the old ones', async (_how, change) => {
    const file = open();
    change();
    await file.look();
    expect([knows(file, 'new'), knows(file, 'old')]).toEqual([true, false]);
    expect(reports).toEqual([
      { kind: 'key-file-read', added: ['id-new'], changed: [], withdrawn: ['id-old'] },
    ]);
  });

  it('is found through a link that Kubernetes moves to another folder', async () => {
    for (const secret of ['old', 'new']) {
      mkdirSync(join(dir, secret));
      writeFileSync(join(dir, secret, 'keys.json'), textOf(secret));
    }
    symlinkSync('old', join(dir, '..data'));
    rmSync(path);
    symlinkSync('..data/keys.json', path);
    const file = open();
    symlinkSync('new', join(dir, '..next'));
    renameSync(join(dir, '..next'), join(dir, '..data'));
    await file.look();
    expect([knows(file, 'new'), knows(file, 'old')]).toEqual([true, false]);
  });

  it('is read again without a request', async () => {
    const file = open(10);
    writeFileSync(path, textOf('new'));
    for (const until = Date.now() + 5_000; !knows(file, 'new') && Date.now() < until;)
      await new Promise((done) => setTimeout(done, 5));
    expect(knows(file, 'new')).toBe(true);
  });

  it('can withdraw its last key', async () => {
    const file = open();
    writeFileSync(path, '{"keys":[]}');
    await file.look();
    expect([knows(file, 'old'), file.isUsable]).toEqual([false, true]);
  });

  it('reports the changed keys, and nothing without a change', async () => {
    writeFileSync(path, textOf('a', 'b'));
    const file = open();
    await file.look();
    writeFileSync(path, textOf('a', 'b').replace('auditor', 'reporting'));
    await file.look();
    expect(reports).toEqual([
      { kind: 'key-file-read', added: [], changed: ['id-a'], withdrawn: [] },
    ]);
  });
});

describe('a key file that cannot be used', () => {
  it.each<[string, () => void, RegExp]>([
    ['half written', () => writeFileSync(path, textOf('new').slice(0, 40)), /not JSON/],
    ['gone', () => rmSync(path), /cannot be read: .*ENOENT/],
    ['a folder', () => (rmSync(path), mkdirSync(path)), /cannot be read/],
    ['of another form', () => writeFileSync(path, '[]'), /"keys"/],
    [
      'with an unknown role',
      () => writeFileSync(path, textOf('new').replace('auditor', 'root')),
      /"roles"/,
    ],
  ])(
    '%s: the old keys stay in use, the error is reported once, and a valid file is used again',
    async (_what, spoil, reason) => {
      const file = open();
      spoil();
      await file.look();
      await file.look();
      expect([knows(file, 'old'), knows(file, 'new'), file.isUsable]).toEqual([true, false, false]);
      expect(reports).toEqual([
        { kind: 'key-file-unusable', reason: expect.stringMatching(reason) },
      ]);
      rmSync(path, { recursive: true, force: true });
      writeFileSync(path, textOf('new'));
      await file.look();
      expect([knows(file, 'old'), knows(file, 'new'), file.isUsable]).toEqual([false, true, true]);
    },
  );

  it('is usable again when its old text is restored', async () => {
    const file = open();
    writeFileSync(path, '');
    await file.look();
    writeFileSync(path, textOf('old'));
    await file.look();
    expect([knows(file, 'old'), file.isUsable, reports.map(({ kind }) => kind)]).toEqual([
      true,
      true,
      ['key-file-unusable'],
    ]);
  });

  it('keeps a service from starting', () => {
    writeFileSync(path, '{"keys":[]}');
    expect(() => open()).toThrow(/no caller could be authorized/);
  });
});
