import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeys, digestOfKey, KeyFileError, readKeyFile } from './api-keys.js';
import { BearerAuthenticator, openAuthentication } from './authenticator.js';
import { devKeys } from './dev-keys.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('with nothing configured', () => {
  it('writes one random key per role once, readable by its owner only, and prints the path', () => {
    const said: string[] = [];
    const start = () =>
      openAuthentication({
        host: '127.0.0.1',
        dataDir: join(dir, 'data'),
        authentication: {},
        announce: (m) => said.push(m),
      }).authenticator;
    start();
    const path = join(dir, 'data', 'dev-keys.json');
    const first = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    expect(Object.keys(first)).toEqual([
      'order-entry',
      'auditor',
      'reporting',
      'operator',
      'metrics',
    ]);
    expect(new Set(Object.values(first)).size).toBe(5);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(said[0]).toContain(path);
    const again = start();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(first);
    expect(again.principalOf(`Bearer ${first['order-entry']}`)).toEqual({
      id: 'key:dev-order-entry',
      roles: ['order-entry'],
    });
    expect(readdirSync(join(dir, 'data'))).toEqual(['dev-keys.json']);
  });

  it('accepts a file of a release that had no role for metrics', () => {
    const four = Object.fromEntries(
      ['order-entry', 'auditor', 'reporting', 'operator'].map((role) => [
        role,
        `${role}-0123456789abcdef`,
      ]),
    );
    writeFileSync(join(dir, 'dev-keys.json'), JSON.stringify(four));
    const { created, keys } = devKeys(dir);
    expect([created, keys.map(({ roles }) => roles[0])]).toEqual([false, Object.keys(four)]);
    expect(JSON.parse(readFileSync(join(dir, 'dev-keys.json'), 'utf8'))).toEqual(four);
  });

  it.each(['0.0.0.0', '::', '10.1.2.3', 'gate.example'])('does not start on %s', (host) => {
    expect(() =>
      openAuthentication({ host, dataDir: dir, authentication: {}, announce: () => undefined }),
    ).toThrow(/no authentication is configured/);
  });

  it('refuses a damaged dev key file and says what to do', () => {
    writeFileSync(join(dir, 'dev-keys.json'), '{"operator": "x"');
    expect(() => devKeys(dir)).toThrow(/Delete it/);
  });
});

describe('the key file', () => {
  const write = (content: unknown): string => {
    const path = join(dir, 'keys.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const good = {
    id: 'shop',
    sha256: digestOfKey('s3cret'),
    roles: ['order-entry'],
    partnerIds: ['res-1'],
    expiresOn: '2026-11-23',
  };

  it('accepts a secret until the day before it expires', () => {
    const keys = new ApiKeys(readKeyFile(write({ keys: [good] })));
    const shop = { id: 'key:shop', roles: ['order-entry'], partnerIds: ['res-1'] };
    expect(keys.principalOf('s3cret', () => '2026-11-22')).toEqual(shop);
    expect(keys.principalOf('s3cret', () => '2026-11-23')).toBeUndefined();
    expect(keys.principalOf(good.sha256, () => '2026-11-22')).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', /not JSON/],
    ['no keys', {}, /"keys"/],
    ['another field beside the keys', { keys: [good], key: [] }, /unknown field "key"/],
    ['keys that are not a list', { keys: { 0: good } }, /"keys"/],
    ['an empty list', { keys: [] }, /empty/],
    ['no hash', { keys: [{ ...good, sha256: 'abc' }] }, /keys\[0\] \("shop"\) needs "sha256"/],
    ['a secret', { keys: [{ ...good, secret: 'x' }] }, /unknown field "secret"/],
    [
      'an unknown role',
      { keys: [{ ...good, roles: ['root'] }] },
      /one or more of order-entry, auditor, reporting, operator, metrics/,
    ],
    ['no role', { keys: [{ ...good, roles: [] }] }, /roles/],
    [
      'an id that a log would not show',
      { keys: [{ ...good, id: 'a\nb' }] },
      /keys\[0\] needs an "id"/,
    ],
    ['a hash of another kind', { keys: [{ ...good, sha256: 'g'.repeat(64) }] }, /64 hexadecimal/],
    ['a scope of numbers', { keys: [{ ...good, partnerIds: [1] }] }, /partnerIds/],
    ['a scope of null', { keys: [{ ...good, partnerIds: null }] }, /partnerIds/],
    [
      'a scope twice',
      `{"keys":[{"id":"a","partnerIds":[],"partnerIds":["p"]}]}`,
      /repeats a name in one object \(\/keys\/0\/partnerIds\)/,
    ],
    ['a scope that is not a list', { keys: [{ ...good, partnerIds: 'res-1' }] }, /partnerIds/],
    ['no date', { keys: [{ ...good, expiresOn: '2026-02-30' }] }, /expiresOn/],
    ['the same id twice', { keys: [good, { ...good, sha256: digestOfKey('y') }] }, /same id/],
    [
      'the same id in capitals',
      { keys: [good, { ...good, id: 'SHOP', sha256: digestOfKey('y') }] },
      /same id twice \(at id "SHOP"\)/,
    ],
    [
      'the same hash in capitals',
      { keys: [good, { ...good, id: 'o', sha256: good.sha256.toUpperCase() }] },
      /same sha256/,
    ],
    ['the same hash twice', { keys: [good, { ...good, id: 'other' }] }, /same sha256/],
  ])('is refused with %s', (_what, content, message) => {
    const path = write(content);
    expect(() => readKeyFile(path)).toThrow(KeyFileError);
    expect(() => readKeyFile(path)).toThrow(message);
  });
});

it('accepts a key file that begins with a byte order mark', () => {
  const path = join(dir, 'keys.json');
  writeFileSync(
    path,
    `\uFEFF${JSON.stringify({ keys: [{ id: 'a', sha256: digestOfKey('k'), roles: ['metrics'] }] })}`,
  );
  expect(readKeyFile(path)).toHaveLength(1);
});

describe('the Authorization header', () => {
  const authenticator = new BearerAuthenticator(
    new ApiKeys([{ id: 'a', sha256: digestOfKey('k'), roles: ['auditor'] }]),
    undefined,
  );
  it.each([
    ['Bearer k', true],
    ['bearer  k', true],
    ['Bearer k ', false],
    ['Bearer', false],
    ['Bearer ', false],
    ['Basic k', false],
    ['k', false],
    ['Bearer k k', false],
    [`Bearer ${'k'.repeat(20_000)}`, false],
    [undefined, false],
  ])('%s is known: %s', (header, known) =>
    expect(authenticator.principalOf(header) !== undefined).toBe(known),
  );
});
