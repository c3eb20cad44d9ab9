import { describe, expect, it } from '@jest/globals';
import { projections } from '../../libs/read-models/projections/registry.js';
import { sekisho } from '../support/command-line.js';

const commands = [
  'serve',
  'projector',
  'seed',
  'order check',
  'order place',
  'revenue import',
  'explain',
  'replay',
  'verify',
  'export',
  'rebuild',
  'tick',
  'ruleset activate',
  'policy apply',
  'shred',
  'migrate',
];

describe('help', () => {
  it('lists every command that has a help page, and the exit codes', async () => {
    const { code, stdout, stderr } = await sekisho(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const command of commands) expect(stdout).toContain(`  ${command.split(' ')[0]!} `);
    expect(stdout).toContain('0 success, 1 a finding');
  });

  it.each(commands)('%s: has an example, in English and Japanese', async (command) => {
    const [english, japanese] = await Promise.all([
      sekisho([...command.split(' '), '--help']),
      sekisho([...command.split(' '), '--help'], { env: { LANG: 'ja_JP.UTF-8' } }),
    ]);
    expect([english.code, english.stderr, japanese.code, japanese.stderr]).toEqual([0, '', 0, '']);
    expect(english.stdout).toMatch(new RegExp(`Usage: sekisho ${command}[^]*Examples:\\n  \\$ n`));
    expect(japanese.stdout).toMatch(new RegExp(`使い方: sekisho ${command}[^]*例:\\n  \\$ n`));
  });

  it('names every projection that can be rebuilt', async () => {
    const { stdout } = await sekisho(['rebuild', '--help']);
    for (const { name } of projections) expect(stdout).toContain(`"${name}"`);
  });
});

describe('wrong usage', () => {
  it.each([
    ['an unknown command', ['reply'], "unknown command 'reply'"],
    ['an unknown option', ['replay', '--as-off', '2026-12-01'], "unknown option '--as-off'"],
    ['a missing argument', ['explain'], "missing required argument 'orderId'"],
    ['a missing option', ['tick'], "required option '--on <date>' not specified"],
    [
      'a date that does not exist',
      ['tick', '--on', '2026-02-30'],
      'There is no such date as 2026-02-30.',
    ],
    [
      'neither a position nor an instant',
      ['replay', '--known-at', 'yesterday'],
      'Give a position (digits) or an instant',
    ],
    ['no tenant', ['shred'], 'Give either a tenant id or --partner.'],
    ['an invalid tenant id', ['shred', 'kobe'], 'A tenant id is a GUID.'],
    ['an unknown projection', ['rebuild', 'everything'], 'Allowed choices are partners'],
    ['an unknown language', ['replay', '--lang', 'fr'], 'Allowed choices are en, ja'],
    ['a wrong port', ['serve', '--port', '70000'], 'PORT is "70000"'],
  ])('exits with 2 and says what to do: %s', async (_what, args, said) => {
    const { code, stdout, stderr } = await sekisho(args, { dataDir: '/nonexistent' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('is explained in Japanese too', async () => {
    const { code, stderr } = await sekisho(['reply', '--lang', 'ja']);
    expect(code).toBe(2);
    expect(stderr).toContain('不明なコマンドです');
  });

  it('exits with 3 for a data directory without a log, and creates none', async () => {
    const { code, stderr } = await sekisho(['replay', '--data', '/nonexistent/data']);
    expect(code).toBe(3);
    expect(stderr).toContain('There is no log in /nonexistent/data');
  });
});
