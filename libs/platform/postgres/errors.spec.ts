import { describe, expect, it } from '@jest/globals';
import { addressOf } from './address.js';
import { isCollision, isCutOff, isDataFault, isLostConnection, translated } from './errors.js';
import { quoted } from './session.js';
import { assertHoldsEveryText } from './postgres.js';

/**
 * Errors as the driver throws them: from the server with its SQLSTATE, from the network with its
 * code, from the driver itself with a text.
 */
const ofServer = (code: string) =>
  Object.assign(new Error(`said ${code}`), { code, severity: 'ERROR' });
const ofNetwork = (code: string, message = `connect ${code}`) =>
  Object.assign(new Error(message), { code, syscall: 'connect' });
const ofDriver = (message: string) => new Error(message);

describe('faults of PostgreSQL', () => {
  it.each<readonly [string, Error, { data?: true; lost?: true; collision?: true; told?: string }]>([
    ['a text for a number', ofServer('22P02'), { data: true }],
    ['a number out of range', ofServer('22003'), { data: true }],
    ['U+0000 in a text', ofServer('22021'), { data: true }],
    ['a key that exists', ofServer('23505'), { data: true }],
    ['no value', ofServer('23502'), { data: true }],
    ['a text too long for its index', ofServer('54000'), { data: true }],
    ['a statement too complex', ofServer('54001'), {}],
    ['no such table', ofServer('42P01'), {}],
    ['a defect of the server', ofServer('XX000'), {}],
    [
      'a transaction that conflicts with another',
      ofServer('40001'),
      { collision: true, told: 'PostgresUnavailable' },
    ],
    ['a deadlock of two', ofServer('40P01'), { collision: true, told: 'PostgresUnavailable' }],
    ['a connection fault', ofServer('08006'), { lost: true, told: 'PostgresUnavailable' }],
    ['ended by an administrator', ofServer('57P01'), { lost: true, told: 'PostgresUnavailable' }],
    ['starting', ofServer('57P03'), { lost: true, told: 'PostgresUnavailable' }],
    [
      'was idle inside a transaction',
      ofServer('25P03'),
      { lost: true, told: 'PostgresUnavailable' },
    ],
    ['took too long', ofServer('57014'), { told: 'PostgresUnavailable' }],
    ['waited too long for a lock', ofServer('55P03'), { told: 'PostgresUnavailable' }],
    ['too many connections', ofServer('53300'), { told: 'PostgresUnavailable' }],
    ['disk full', ofServer('53100'), { told: 'PostgresUnavailable' }],
    ['a standby', ofServer('25006'), { told: 'PostgresUnavailable' }],
    ['a wrong password', ofServer('28P01'), { told: 'PostgresRefused' }],
    ['no such database', ofServer('3D000'), { told: 'PostgresRefused' }],
    ['not allowed', ofServer('42501'), { told: 'PostgresRefused' }],
    ['no listener', ofNetwork('ECONNREFUSED'), { lost: true, told: 'PostgresUnavailable' }],
    [
      'no listener on either address',
      ofNetwork('ECONNREFUSED', ''),
      { lost: true, told: 'PostgresUnavailable' },
    ],
    ['cut off', ofNetwork('ECONNRESET'), { lost: true, told: 'PostgresUnavailable' }],
    ['no such host', ofNetwork('ENOTFOUND'), { lost: true, told: 'PostgresUnavailable' }],
    [
      'cut off between statements',
      ofDriver('Connection terminated unexpectedly'),
      { lost: true, told: 'PostgresUnavailable' },
    ],
    [
      'all connections in use',
      ofDriver('timeout exceeded when trying to connect'),
      { lost: true, told: 'PostgresUnavailable' },
    ],
    ['no answer', ofDriver('Query read timeout'), { lost: true, told: 'PostgresUnavailable' }],
    [
      'no password',
      ofDriver('SASL: client password must be a string'),
      { told: 'PostgresRefused' },
    ],
    [
      'no TLS',
      ofDriver('The server does not support SSL connections'),
      { told: 'PostgresRefused' },
    ],
    ['a defect of this program', new TypeError('undefined is not a function'), {}],
  ])(
    'classifies and translates: %s',
    (_what, error, { data = false, lost = false, collision = false, told }) => {
      expect([isDataFault(error), isLostConnection(error), isCollision(error)]).toEqual([
        data,
        lost,
        collision,
      ]);
      const shown = translated(error, 'host:5432/sekisho');
      if (told === undefined) expect(shown).toBe(error);
      else
        expect(shown).toMatchObject({
          name: told,
          cause: error,
          message: expect.stringContaining('PostgreSQL at host:5432/sekisho'),
        });
    },
  );

  it.each([
    [ofDriver('Connection terminated unexpectedly'), true],
    [ofServer('57P01'), true],
    [ofNetwork('ECONNRESET'), true],
    [ofNetwork('ETIMEDOUT'), false],
    [ofDriver('timeout exceeded when trying to connect'), false],
    [ofDriver('Query read timeout'), false],
    [ofDriver('Connection terminated due to connection timeout'), false],
    [ofServer('23505'), false],
  ])('is tried on another connection at once: %s %s', (error, worth) => {
    expect(isCutOff(error)).toBe(worth);
  });

  it('has a message also if the driver gives none', () => {
    expect(translated(ofNetwork('ECONNREFUSED', ''), 'host:5432/sekisho')).toMatchObject({
      message: expect.stringContaining('(ECONNREFUSED)'),
    });
  });
});

describe('the address that messages show', () => {
  it.each([
    ['postgres://user:geheim@host:5433/db', 'host:5433/db'],
    ['postgresql://user:geheim@host/db?sslmode=verify-full', 'host:5432/db'],
    ['postgres://user:geheim@[::1]:5432/a%20b', '[::1]:5432/a b'],
    ['postgres:///db?host=/var/run/postgresql', '/var/run/postgresql:5432/db'],
    ['postgres://user:ge%68eim@host', 'host:5432'],
  ])('of %s is %s', (url, address) => {
    expect(addressOf(url)).toBe(address);
  });

  it.each([
    'postgres://user:100%geheim@host/db',
    'postgres://user:geheim@host/%zz',
    'http://user:geheim@host',
    'geheim',
  ])('is rejected: %s', (url) => {
    const attempt = () => addressOf(url);
    expect(attempt).toThrow('POSTGRES_URL');
    expect(attempt).not.toThrow('geheim');
  });

  it('is rejected if the encoding of the database cannot store every text', () => {
    expect(() => assertHoldsEveryText('LATIN1', 'host:5432/db')).toThrow(
      'host:5432/db has the encoding LATIN1. Create one with UTF8',
    );
    expect(() => assertHoldsEveryText('UTF8', 'host:5432/db')).not.toThrow();
  });
});

describe('names in SQL', () => {
  it.each([
    ['orders', '"orders"'],
    ['tenantId', '"tenantId"'],
    ['odd"name', '"odd""name"'],
    ['a'.repeat(63), `"${'a'.repeat(63)}"`],
  ])('%s is %s', (name, text) => {
    expect(quoted(name)).toBe(text);
  });

  it.each(['', 'a'.repeat(64), '関'.repeat(22), 'a\0'])(
    'rejects %j, which PostgreSQL would truncate or reject',
    (name) => {
      expect(() => quoted(name)).toThrow('is not a name that PostgreSQL accepts');
    },
  );
});
