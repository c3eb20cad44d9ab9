import { describe, expect, it } from '@jest/globals';
import { resolve } from 'node:path';
import { type ConfigurationError, isLoopback, readConfiguration } from './configuration.js';
import { usualLimits } from './limit-settings.js';

const findings = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfiguration(environment);
    return [];
  } catch (error) {
    return (error as ConfigurationError).findings;
  }
};

describe('the configuration', () => {
  it('has a default for every variable', () => {
    expect(readConfiguration({})).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: resolve('./data'),
      eventLog: { kind: 'sqlite' },
      keyStore: { kind: 'file' },
      readModels: { kind: 'sqlite' },
      projection: 'here',
      projectorPort: 3001,
      clock: 'system',
      authentication: {},
      proxies: { trusted: [], header: 'x-forwarded-for' },
      logLevel: 'info',
      limits: usualLimits,
    });
  });

  it('treats an empty variable as not set', () => {
    expect(readConfiguration({ PORT: '', EVENT_LOG: ' ' })).toMatchObject({
      port: 3000,
      eventLog: { kind: 'sqlite' },
    });
  });

  it.each([
    ['0', 0],
    ['65535', 65_535],
  ])('accepts PORT %s', (PORT, port) => expect(readConfiguration({ PORT }).port).toBe(port));

  it.each([
    [{ PORT: '65536' }, /PORT is "65536"\. Allowed: a whole number from 0 to 65535/],
    [{ PORT: '80a' }, /PORT is "80a"/],
    [{ PORT: '-1' }, /PORT is "-1"/],
    [{ HOST: 'http://x' }, /HOST is/],
    [{ PUBLIC_URL: 'sekisho.example.com' }, /PUBLIC_URL is not a usable URL/],
    [{ PUBLIC_URL: 'ftp://sekisho.example.com' }, /PUBLIC_URL is not a usable URL/],
    [
      { PUBLIC_URL: 'https://sekisho.example.com/orders' },
      /PUBLIC_URL contains more than a scheme, a host and a port/,
    ],
    [{ EVENT_LOG: 'mysql' }, /EVENT_LOG is "mysql"\. Allowed: sqlite, eventstoredb, memory/],
    [
      { EVENT_LOG: 'eventstoredb' },
      /EVENTSTOREDB_URL is missing, and EVENT_LOG=eventstoredb needs it\. Allowed: .*esdb:\/\//,
    ],
    [
      { EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: 'http://x' },
      /EVENTSTOREDB_URL is not a usable connection string/,
    ],
    [{ READ_MODELS: 'postgres' }, /POSTGRES_URL is missing, and READ_MODELS=postgres needs it/],
    [
      { KEY_STORE: 'postgres', READ_MODELS: 'postgres' },
      /POSTGRES_URL is missing, and KEY_STORE=postgres and READ_MODELS=postgres need it/,
    ],
    [
      { EVENT_LOG: 'memory', READ_MODELS: 'postgres', POSTGRES_URL: 'postgres://x/y' },
      /READ_MODELS is "postgres" with EVENT_LOG=memory/,
    ],
    [{ PROJECTION: 'nowhere' }, /PROJECTION is "nowhere"\. Allowed: here, elsewhere/],
    [{ PROJECTOR_PORT: '70000' }, /PROJECTOR_PORT/],
    [{ CLOCK: 'Manual' }, /CLOCK is "Manual"\. Allowed: system, manual/],
    [{ LOG_LEVEL: 'verbose' }, /LOG_LEVEL/],
    [{ AUTH_ISSUER: 'me' }, /AUTH_JWKS_URL is missing/],
    [
      { AUTH_JWKS_URL: 'http://keys.example/jwks', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' },
      /AUTH_JWKS_URL would fetch the signing keys without encryption/,
    ],
    [
      { AUTH_JWKS_URL: 'https://me:secret@keys.example', AUTH_ISSUER: 'a', AUTH_AUDIENCE: 'b' },
      /AUTH_JWKS_URL has a user or a password/,
    ],
    [{ TRUST_PROXY: '10.0.0.0/8, proxy' }, /TRUST_PROXY contains "proxy"\. Allowed: .*loopback/],
    [{ TRUST_PROXY: '0.0.0.0/0' }, /TRUST_PROXY contains "0\.0\.0\.0\/0"/],
    [
      { TRUST_PROXY_HEADER: 'x-real-ip' },
      /TRUST_PROXY_HEADER is "x-real-ip"\. Allowed: x-forwarded-for, forwarded/,
    ],
    [{ POSTGRES_URL: 'mysql://user:secret@x' }, /POSTGRES_URL is not a usable URL/],
    [{ EVENTSTOREDB_PREFIX: 'a b' }, /EVENTSTOREDB_PREFIX is "a b"/],
  ])('refuses %j and says what is allowed', (environment, message) => {
    expect(findings(environment)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
  });

  it('reads proxies from a comma-separated list with blanks and empty entries', () => {
    expect(
      readConfiguration({ TRUST_PROXY: ' loopback, 10.0.0.0/8,,::1' }).proxies.trusted,
    ).toEqual(['loopback', '10.0.0.0/8', '::1']);
  });

  it('accepts PUBLIC_URL with and without a port', () => {
    for (const PUBLIC_URL of ['https://sekisho.example.com', 'http://sekisho.example.com:8080/'])
      expect(readConfiguration({ PUBLIC_URL }).publicUrl).toBe(PUBLIC_URL);
  });

  it('accepts an EventStoreDB connection with several hosts, and stores on PostgreSQL', () => {
    const environment = {
      EVENT_LOG: 'eventstoredb',
      EVENTSTOREDB_URL: 'esdb://user:secret@a:2113,b:2113,c:2113',
      READ_MODELS: 'postgres',
      KEY_STORE: 'postgres',
      POSTGRES_URL: 'postgres://sekisho@db/sekisho',
    };
    expect(readConfiguration(environment)).toMatchObject({
      eventLog: { kind: 'eventstoredb', url: environment.EVENTSTOREDB_URL, prefix: 'sekisho.' },
      readModels: { kind: 'postgres', url: environment.POSTGRES_URL },
      keyStore: { kind: 'postgres', url: environment.POSTGRES_URL },
    });
    expect(
      readConfiguration({ ...environment, EVENTSTOREDB_PREFIX: 'shop-2.' }).eventLog,
    ).toMatchObject({ prefix: 'shop-2.' });
  });

  it('never repeats the password of a connection string', () => {
    expect(findings({ EVENTSTOREDB_URL: 'amqp://user:secret@x' }).join()).not.toContain('secret');
  });

  it('reports every invalid variable at once and never repeats a secret', () => {
    const found = findings({ PORT: 'x', CLOCK: 'y', POSTGRES_URL: 'mysql://user:secret@x' });
    expect(found).toHaveLength(3);
    expect(found.join()).not.toContain('secret');
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['[::1]', true],
    ['[::FFFF:127.0.0.1]', true],
    ['::ffff:7f00:1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['::ffff:0.0.0.0', false],
    ['::ffff:127.0.0.1.x', false],
    ['127.evil.example', false],
    ['10.0.0.1', false],
  ])('%s is loopback: %s', (host, loopback) => expect(isLoopback(host)).toBe(loopback));
});
