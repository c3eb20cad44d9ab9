import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
} from '../../domain/program/program.js';
import {
  marketOf,
  marketsOfCountry,
  templateLanguages,
} from '../../domain/program/program-queries.js';
import { catalogue } from '../../event-log/catalogue/catalogue.js';
import { projectRoot } from './project-root.js';
import { readRows } from './read-rows.js';
import { loadReferenceData, referenceDataFolder } from './reference-data.js';

const published = loadReferenceData();
const program: Program = published
  .map(
    (data, revision) =>
      ({ type: 'ReferenceDataPublished', revision, data }) as unknown as ProgramEvent,
  )
  .reduce(evolveProgram, emptyProgram);

describe('the reference data of this build', () => {
  it.each([
    ['markets', '2023-08-17', 244],
    ['agreement-locales', '2026-11-22', 246],
    ['segment-matrix', '2026-11-22', 7],
  ])('%s: as of %s, %d rows', (name, asOf, rows) => {
    const data = published.find((candidate) => candidate.name === name)!;
    expect({ asOf: data.asOf, rows: data.rows.length }).toEqual({ asOf, rows });
    expect(data.digest).toMatch(/^[\w-]{43}$/);
  });

  it('fits into its event', () => {
    const validate = new Ajv2020().compile(catalogue.ReferenceDataPublished.schema);
    expect(published.map((data) => validate(data))).toEqual([true, true, true]);
  });

  it('has a digest that depends on the rows only', () => {
    expect(loadReferenceData().map(({ digest }) => digest)).toEqual(
      published.map(({ digest }) => digest),
    );
    expect(new Set(published.map(({ digest }) => digest)).size).toBe(3);
  });

  it.each([
    ['JP', undefined, 'JPY', 'JP'],
    ['BA', undefined, 'USD', 'MECEE'],
    ['VA', undefined, 'EUR', 'EUROPE'],
    ['CN', undefined, 'CNY', 'CN'],
    ['BQ', 'XE', 'USD', 'LATAM_CARIB'],
  ])('%s %s pays %s in %s', (country, marketCode, currency, regionGroup) => {
    expect(marketOf(program, country, marketCode)).toMatchObject({ currency, regionGroup });
  });

  it('marks the currencies that the source left blank', () => {
    const inferred = [...program.markets.values()].filter(
      ({ currencyInferred }) => currencyInferred,
    );
    expect(inferred.map(({ marketCode }) => marketCode).sort()).toEqual([
      'BA',
      'KN',
      'MK',
      'PS',
      'VA',
    ]);
  });

  it('knows the three markets of Bonaire, Sint Eustatius and Saba', () => {
    expect(marketsOfCountry(program, 'BQ').map(({ marketCode }) => marketCode)).toEqual([
      'BQ',
      'XS',
      'XE',
    ]);
    expect(marketOf(program, 'BQ')?.marketCode).toBe('BQ');
    expect(marketOf(program, 'JP', 'XS')).toBeUndefined();
  });

  it.each([
    ['JP', ['en-US', 'ja-JP']],
    ['RS', ['en-US', 'sr-Latn-RS']],
    ['CN', []], // a market without a template
    ['RU', ['en-US', 'ru-RU']], // a template without a market
    ['KP', []],
  ])('%s has templates in %j', (country, languages) => {
    expect(templateLanguages(program, country)).toEqual(languages);
  });

  it('says which customers may buy what', () => {
    const mayBuy = Object.fromEntries(
      program.segments.map((row) => [row.qualifications.join('+'), row.mayBuy]),
    );
    expect(mayBuy).toMatchObject({
      '': ['commercial'],
      education: ['commercial', 'education'],
      gcc: ['gcc'],
      'education+stateOwnedEntity': ['commercial', 'education'],
      'gcc+stateOwnedEntity': ['gcc'],
    });
  });
});

describe('an invalid row', () => {
  const markets =
    'iso2,ms_market_code,market_name,region_name,region_group,currency,currency_inferred,note';
  const good = 'JP,JP,Japan,Japan,JP,JPY,,';
  it.each([
    [
      'an unknown country',
      `${markets}\n${good}\nZZ,ZZ,Nowhere,Nowhere,NW,USD,,`,
      'markets.csv:3: "ZZ" is not a country',
    ],
    [
      'a country in small letters',
      `${markets}\njp,JP,Japan,Japan,JP,JPY,,`,
      'markets.csv:2: "jp" is not a country',
    ],
    [
      'an empty code',
      `${markets}\nJP,,Japan,Japan,JP,JPY,,`,
      'markets.csv:2: "" is not a market code',
    ],
    ['a code twice', `${markets}\n${good}\n${good}`, 'markets.csv:3: "JP" occurs twice'],
    ['no name', `${markets}\nJP,JP,,Japan,JP,JPY,,`, 'markets.csv:2: the name'],
    [
      'no region group',
      `${markets}\nJP,JP,Japan,Japan,,JPY,,`,
      'markets.csv:2: "" is not a region group',
    ],
    [
      'no currency',
      `${markets}\nJP,JP,Japan,Japan,JP,,,`,
      'markets.csv:2: the row must have either',
    ],
    [
      'two currencies',
      `${markets}\nJP,JP,Japan,Japan,JP,JPY,USD,`,
      'markets.csv:2: the row must have either',
    ],
    [
      'an unknown currency',
      `${markets}\nJP,JP,Japan,Japan,JP,YEN,,`,
      'markets.csv:2: "YEN" is not a currency',
    ],
    [
      'a missing cell',
      `${markets}\nJP,JP,Japan,Japan,JP,JPY,`,
      'markets.csv:2: 7 cells for 8 columns',
    ],
    ['another header', 'iso2,code\nJP,JP', 'markets.csv:1: the columns are not'],
    ['no rows', markets, 'markets.csv:1: the file has no rows'],
    ['an open quote', `${markets}\n"JP,JP`, 'markets.csv:'],
  ])('of markets is refused: %s', (_what, content, message) => {
    expect(() => readRows.markets('markets.csv', content)).toThrow(message);
  });

  const locales = 'ms_market_code,name,languages';
  it.each([
    ['an invalid language', 'JP,Japan,en-US|j', '"j" is not a language tag'],
    ['a language in another spelling', 'JP,Japan,en-us', '"en-us" is not a language tag'],
    ['no language', 'JP,Japan,', '"" is not a language tag'],
    ['a language twice', 'JP,Japan,en-US|en-US', 'a language occurs twice'],
    ['an empty code', ',Japan,en-US', '"" is not a market code'],
    ['a code twice', 'JP,Japan,en-US\nJP,Japan,ja-JP', 'l.csv:3: "JP" occurs twice'],
  ])('of agreement locales is refused: %s', (_what, row, message) => {
    expect(() => readRows['agreement-locales']('l.csv', `${locales}\n${row}`)).toThrow(message);
  });

  const matrix = 'customer_qualification,may_buy,may_not_buy';
  it.each([
    [
      'an unknown qualification',
      'military,commercial,nonprofit|education|gcc',
      '"military" is not a qualification',
    ],
    [
      'an unknown segment',
      'education,commercial|military,nonprofit|education',
      'must name each of',
    ],
    [
      'a segment on both sides',
      'education,commercial|education,education|nonprofit|gcc',
      'must name each of',
    ],
    ['a missing segment', 'education,commercial,nonprofit|gcc', 'must name each of'],
    [
      'a combination twice',
      'gcc+stateOwnedEntity,gcc,nonprofit|education|commercial\nstateOwnedEntity+gcc,gcc,nonprofit|education|commercial',
      's.csv:3: "gcc+stateOwnedEntity" occurs twice',
    ],
  ])('of the segment matrix is refused: %s', (_what, row, message) => {
    expect(() => readRows['segment-matrix']('s.csv', `${matrix}\n${row}`)).toThrow(message);
  });
});

describe('the list of source files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-reference-'));
    cpSync(referenceDataFolder(), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['a name twice', [{ name: 'markets', file: 'markets.csv', asOf: '2023-08-17' }]],
    ['an invalid date', [{ name: 'markets', file: 'markets.csv', asOf: '2023-02-30' }]],
    ['something else', {}],
  ])('is refused with %s', (_what, sources) => {
    writeFileSync(join(folder, 'sources.json'), JSON.stringify(sources));
    expect(() => loadReferenceData(folder)).toThrow('sources.json:1: the file');
  });

  it('can be read from any folder', () => {
    expect(loadReferenceData(folder)).toEqual(published);
  });
});

describe('the project root', () => {
  it('is found from the sources and from the built program', () => {
    const root = projectRoot();
    expect(
      projectRoot(
        new URL(`file://${root}/dist/libs/application/reference-data/project-root.js`).href,
      ),
    ).toBe(root);
  });

  it('is not found elsewhere', () => {
    expect(() => projectRoot('file:///tmp/elsewhere/file.js')).toThrow(
      'no package.json of sekisho',
    );
  });
});
