import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPair, SignJWT } from 'jose';
import type { webcrypto } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeys, digestOf, KeyFileError, readKeyFile } from './api-keys.js';
import { BearerAuthenticator, createAuthenticator } from './authenticator.js';
import { devKeys } from './dev-keys.js';
import { SigningKeysUnavailable, WebTokens } from './web-tokens.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'keys-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('with nothing configured', () => {
  it('writes one random key a role once, for its owner only, and says where', () => {
    const said: string[] = [];
    const start = () =>
      createAuthenticator({ host: '127.0.0.1', dataDir: join(dir, 'data'), authentication: {}, announce: (m) => said.push(m) });
    start();
    const path = join(dir, 'data', 'dev-keys.json');
    const first = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    expect(Object.keys(first)).toEqual(['order-entry', 'auditor', 'reporting', 'operator', 'metrics']);
    expect(new Set(Object.values(first)).size).toBe(5);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(said[0]).toContain(path);
    const again = start();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(first);
    expect(again.principalOf(`Bearer ${first['order-entry']}`)).toEqual({ id: 'key:dev-order-entry', roles: ['order-entry'] });
    expect(readdirSync(join(dir, 'data'))).toEqual(['dev-keys.json']);
  });

  it('goes on with a file of a release that had no role for metrics', () => {
    const four = Object.fromEntries(['order-entry', 'auditor', 'reporting', 'operator'].map((role) => [role, `${role}-0123456789abcdef`]));
    writeFileSync(join(dir, 'dev-keys.json'), JSON.stringify(four));
    const { created, keys } = devKeys(dir);
    expect([created, keys.map(({ roles }) => roles[0])]).toEqual([false, Object.keys(four)]);
    expect(JSON.parse(readFileSync(join(dir, 'dev-keys.json'), 'utf8'))).toEqual(four);
  });

  it.each(['0.0.0.0', '::', '10.1.2.3', 'gate.example'])('does not start on %s', (host) => {
    expect(() => createAuthenticator({ host, dataDir: dir, authentication: {}, announce: () => undefined })).toThrow(
      /no authentication is configured/,
    );
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
  const good = { id: 'shop', sha256: digestOf('s3cret'), roles: ['order-entry'], partnerIds: ['res-1'], expiresOn: '2026-11-23' };

  it('opens with the secret until the day it expires on', () => {
    const keys = new ApiKeys(readKeyFile(write({ keys: [good] })));
    const shop = { id: 'key:shop', roles: ['order-entry'], partnerIds: ['res-1'] };
    expect(keys.principalOf('s3cret', () => '2026-11-22')).toEqual(shop);
    expect(keys.principalOf('s3cret', () => '2026-11-23')).toBeUndefined();
    expect(keys.principalOf(good.sha256, () => '2026-11-22')).toBeUndefined();
  });

  it.each([
    ['no JSON', '{', /not JSON/],
    ['no keys', {}, /"keys"/],
    ['an empty list', { keys: [] }, /empty/],
    ['no hash', { keys: [{ ...good, sha256: 'abc' }] }, /keys\[0\] \("shop"\) needs "sha256"/],
    ['a secret', { keys: [{ ...good, secret: 'x' }] }, /unknown field "secret"/],
    ['an unknown role', { keys: [{ ...good, roles: ['root'] }] }, /roles/],
    ['a scope that is no list', { keys: [{ ...good, partnerIds: 'res-1' }] }, /partnerIds/],
    ['no date', { keys: [{ ...good, expiresOn: '2026-02-30' }] }, /expiresOn/],
    ['the same id twice', { keys: [good, { ...good, sha256: digestOf('y') }] }, /same id/],
    ['the same hash twice', { keys: [good, { ...good, id: 'other' }] }, /same sha256/],
  ])('is refused with %s', (_what, content, message) => {
    const path = write(content);
    expect(() => readKeyFile(path)).toThrow(KeyFileError);
    expect(() => readKeyFile(path)).toThrow(message);
  });
});

describe('the Authorization header', () => {
  const authenticator = new BearerAuthenticator(new ApiKeys([{ id: 'a', sha256: digestOf('k'), roles: ['auditor'] }]), undefined);
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
  ])('%s is known: %s', (header, known) => expect(authenticator.principalOf(header) !== undefined).toBe(known));
});

describe('tokens', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const settings = { jwksUrl: 'https://issuer.example/jwks', issuer: 'https://issuer.example', audience: 'sekisho' };
  const token = async (claims: Record<string, unknown>, key: webcrypto.CryptoKey) =>
    new SignJWT({ iss: settings.issuer, aud: settings.audience, sub: 'ann', exp: now / 1000 + 60, roles: ['operator'], ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);

  it('open by roles and partner_ids when signed, in time, and for this service', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const stranger = await generateKeyPair('ES256');
    const tokens = new WebTokens(
      settings,
      () => Promise.resolve(publicKey),
      () => now,
    );
    const principal = { id: 'jwt:https://issuer.example|ann', roles: ['operator'] };
    expect(await tokens.principalOf(await token({}, privateKey))).toEqual(principal);
    expect(await tokens.principalOf(await token({ partner_ids: ['p'] }, privateKey))).toEqual({ ...principal, partnerIds: ['p'] });
    expect(await tokens.principalOf(await token({ roles: ['root', 'auditor'] }, privateKey))).toEqual({ ...principal, roles: ['auditor'] });
    const bad: Record<string, unknown>[] = [
      { iss: 'x' },
      { aud: 'x' },
      { exp: now / 1000 - 1 },
      { sub: '' },
      { roles: 'operator' },
      { partner_ids: 'p' },
    ];
    for (const claims of bad) expect(await tokens.principalOf(await token(claims, privateKey))).toBeUndefined();
    expect(await tokens.principalOf(await token({}, stranger.privateKey))).toBeUndefined();
    expect(await tokens.principalOf('a.b.c')).toBeUndefined();
  });

  it('are no longer open when they run out, remembered or not', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    let clock = now;
    const tokens = new WebTokens(
      settings,
      () => Promise.resolve(publicKey),
      () => clock,
    );
    const brief = await token({ exp: now / 1000 + 1 }, privateKey);
    expect(await tokens.principalOf(brief)).toBeDefined();
    clock += 1000;
    expect(await tokens.principalOf(brief)).toBeUndefined();
  });

  it('say so when the signing keys cannot be had: nobody knows whether the token is good', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const tokens = new WebTokens(
      settings,
      () => Promise.reject(new Error('ECONNREFUSED')),
      () => now,
    );
    await expect(tokens.principalOf(await token({}, privateKey))).rejects.toThrow(SigningKeysUnavailable);
  });
});
