import { describe, expect, it } from '@jest/globals';
import { columns } from './columns.js';
import { languageOf } from './language.js';
import { tooOldNode } from './node-version.js';

describe('the language of texts', () => {
  it.each([
    ['no setting', [], {}, 'en'],
    ['LANG', [], { LANG: 'ja_JP.UTF-8' }, 'ja'],
    ['an unsupported language', [], { LANG: 'fr_FR.UTF-8' }, 'en'],
    ['LC_ALL before LANG', [], { LC_ALL: 'en_US.UTF-8', LANG: 'ja_JP.UTF-8' }, 'en'],
    ['an empty LC_ALL counts as none', [], { LC_ALL: '', LANG: 'ja_JP.UTF-8' }, 'ja'],
    ['LC_MESSAGES before LANG', [], { LC_MESSAGES: 'ja_JP', LANG: 'C' }, 'ja'],
    ['--lang before all', ['replay', '--lang', 'en'], { LC_ALL: 'ja_JP.UTF-8' }, 'en'],
    ['--lang=', ['--lang=ja', 'replay'], {}, 'ja'],
    ['the last --lang', ['--lang=ja', 'replay', '--lang', 'en'], {}, 'en'],
    ['--lang without a value', ['--lang'], { LANG: 'ja' }, 'ja'],
  ])('%s', (_what, argv, environment, language) => {
    expect(languageOf(argv, environment)).toBe(language);
  });
});

describe('columns', () => {
  it('count wide characters as two cells', () => {
    expect(
      columns([
        ['規則', '結果', 'x'],
        ['TENANT-1', '不適合', 'y'],
      ]),
    ).toEqual(['規則      結果    x', 'TENANT-1  不適合  y']);
  });
});

describe('the version of Node', () => {
  it.each([
    ['20.19.2', true],
    ['23.11.0', true],
    ['24.0.0', false],
    ['26.1.0', false],
  ])('%s', (version, tooOld) => {
    expect(tooOldNode(version) !== undefined).toBe(tooOld);
  });
});
