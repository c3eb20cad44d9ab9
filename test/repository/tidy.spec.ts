import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isAny, isFloatNearMoney, isFraction, offences } from './syntax.js';
import { isCode, isTest, lineCount, projectFiles, root, type SourceFile } from './tracked-files.js';

const files = projectFiles();
const code = files.filter(isCode);
const typescript = code.filter(({ path }) => path.endsWith('.ts'));
const product = typescript.filter((file) => /^(apps|libs)\//.test(file.path) && !isTest(file));

const named = (path: string, text = ''): SourceFile => ({ path, text });
const paths = (list: readonly SourceFile[]): readonly string[] => list.map(({ path }) => path);

describe('the size of files', () => {
  // Tests have a higher limit: a reader takes their cases one by one.
  const limitOf = (file: SourceFile): number => (isTest(file) ? 400 : 300);
  const isTooLong = (file: SourceFile): boolean =>
    lineCount(file) > limitOf(file) && !/^\/\/ Longer than 300 lines: \S/.test(file.text);

  it('is within the limit, unless the first line gives a reason', () => {
    expect(paths(code.filter(isTooLong))).toEqual([]);
  });

  it('has a median below 80 lines in the product', () => {
    const lines = product.map(lineCount).sort((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThan(80);
  });

  it.each([
    [300, '', false],
    [301, '', true],
    [301, '// Longer than 300 lines: a table of every currency\n', false],
  ])('is judged for %d lines that begin with "%s"', (lines, first, tooLong) => {
    expect(isTooLong(named('libs/a.ts', first + 'x\n'.repeat(first ? lines - 1 : lines)))).toBe(
      tooLong,
    );
  });
});

/** Why a file of less than 25 lines is not a part of another one. */
const reasonsToBeShort: readonly (readonly [path: RegExp, reason: string])[] = [
  [/\.module\.ts$/, 'a Nest module'],
  [/(^|\/)main\.ts$|\.worker\.ts$|\.command\.ts$/, 'an entry point'],
  [/\.d\.ts$/, 'the types of a library that has none'],
  [/\.commands\.ts$/, "a feature's commands, which controllers import without the handlers"],
  [/\.rules\.ts$/, 'the rules of one subject'],
  [/\.projection\.ts$/, 'one projection'],
  [/^libs\/domain\/shared\//, 'one kind of value'],
  [/^libs\/read-models\/(sqlite|postgres)\/(compare-builds|dialect)\.ts$/, "one store's SQL"],
  [/^apps\/api\/events\/event-(selection|view)\.ts$/, 'shared by pages and streams of events'],
  [/^apps\/api\/health\/readiness-deadline\.ts$/, 'a deadline with a test of its own'],
  [/^apps\/cli\/demo\/(months|step)\.ts$/, 'shared by the steps of the demonstration'],
  [/^apps\/cli\/program\/change-program\.ts$/, 'shared by the commands that change the program'],
  [/^apps\/cli\/running\/(columns|exit|failure-text|file-size)\.ts$/, 'shared by all commands'],
  [/^apps\/cli\/running\/node-version\.ts$/, 'runs before any other module is loaded'],
  [/-fold\.ts$/, 'the fold of one stream'],
  [
    /^libs\/application\/billing\/subscriptions\/(effect-context|subscription-reads)\.ts$/,
    'shared by handlers and processes',
  ],
  [/^libs\/application\/billing\/reconciliation\/our-charges\.ts$/, 'one query'],
  [/^libs\/application\/engine\/commands\/stream-queues\.ts$/, 'a term of the glossary'],
  [/\/failures\.ts$/, "a folder's errors, which the API maps to problems"],
  [/^libs\/application\/uploads\/file-record\.ts$/, 'shared by the readers of uploads'],
  [
    /^libs\/domain\/billing\/(reconciliation\/our-line|runs\/run-period|tax\/registration-number)\.ts$/,
    'one kind of value',
  ],
  [
    /^libs\/domain\/order\/order-decided\.ts$/,
    'event data that orders, customers and billing read',
  ],
  [/^libs\/application\/billing\/payments\/unknown-payer\.ts$/, 'shared by handlers'],
  [/^libs\/domain\/catalog\/offer-id\.ts$/, 'one kind of value'],
  [/^libs\/event-log\/catalogue\/[a-z-]+-events\.ts$/, 'the events of one stream'],
  [/^libs\/event-log\/idempotency-claim\.ts$/, 'shared by two logs'],
  [/^libs\/platform\/authentication\/principal\.ts$/, 'the caller, which all layers above import'],
  [/^libs\/read-models\/queries\/names-at-position\.ts$/, 'one query'],
  [
    /^libs\/read-models\/(reconciliations|report)\.ts$/,
    'types that all folders of the read models import',
  ],
];

describe('a file of less than 25 lines', () => {
  const short = product.filter((file) => lineCount(file) < 25);

  it('has a reason in the list', () => {
    const hasReason = ({ path }: SourceFile) => reasonsToBeShort.some(([of]) => of.test(path));
    expect(paths(short.filter((file) => !hasReason(file)))).toEqual([]);
  });

  it.each(reasonsToBeShort)('matches %s: %s', (path) => {
    expect(paths(short).some((one) => path.test(one))).toBe(true);
  });
});

describe('names of files and declarations', () => {
  const NOTHING_SAID = /^(utils?|helpers?|common|manager|base)$/i;
  const DECLARES_NOTHING_SAID =
    /\b(?:class|interface|type|enum|function|const)\s+(?:(?:[Bb]ase|[Cc]ommon)[A-Z]\w*|\w*(?:Manager|Helpers?|Utils?|Base))\b/;
  const saysNothing = ({ path, text }: SourceFile): boolean =>
    path.split(/[/.-]/).some((word) => NOTHING_SAID.test(word)) || DECLARES_NOTHING_SAID.test(text);

  it('are specific', () => {
    expect(paths(code.filter((file) => !isTest(file)).filter(saysNothing))).toEqual([]);
  });

  it.each([
    ['libs/domain/date-utils.ts', '', true],
    ['libs/common/money.ts', '', true],
    ['libs/a.ts', 'export class OrderManager {}', true],
    ['libs/a.ts', 'abstract class BaseHandler {}', true],
    ['libs/a.ts', 'function openDatabase() {}', false],
    ['libs/domain/shared/money.ts', 'export type RevenueBasis = 1;', false],
  ])('are judged in %s %s', (path, text, found) => {
    expect(saysNothing(named(path, text))).toBe(found);
  });
});

describe('types', () => {
  it('have no any', () => {
    // Parsing takes seconds, and most files do not have the word.
    const withTheWord = typescript.filter(({ text }) => /\bany\b/.test(text));
    expect(withTheWord.flatMap((file) => offences(file, isAny))).toEqual([]);
  });

  it('suppress no compiler error', () => {
    const SWITCHED_OFF = /^\s*(\/\/|\/\*)\s*@ts-(ignore|nocheck)/m;
    expect(paths(typescript.filter(({ text }) => SWITCHED_OFF.test(text)))).toEqual([]);
  });

  it.each([
    ['let x: any;', 1],
    ['const f = (x: unknown) => x as any[];', 1],
    ['// any of these\nconst any = "any";', 0],
  ])('are judged in %s', (text, found) => {
    expect(offences(named('a.ts', text), isAny)).toHaveLength(found);
  });
});

describe('binary floats', () => {
  it('are not used near money in the product', () => {
    expect(product.flatMap((file) => offences(file, isFloatNearMoney))).toEqual([]);
  });

  it('are not used in the domain, where no number has a fraction', () => {
    expect(
      product
        .filter(({ path }) => path.startsWith('libs/domain/'))
        .flatMap((file) => offences(file, isFraction)),
    ).toEqual([]);
  });

  it.each([
    ['const x = parseFloat(text);', 1],
    ['const x = Number.parseFloat(text);', 1],
    ['const x = sum.toNumber();', 1],
    ['const x = Number(line.unitPrice);', 1],
    ['const x = +money.amount;', 1],
    ['interface Line { readonly amount: number }', 1],
    ['const add = (total: number) => total;', 1],
    ['interface Line { readonly amount: string; readonly quantity: number }', 0],
    ['const x = Number(revision);', 0],
    ['interface Page { readonly limit: number; readonly minorDigits: number }', 0],
  ])('are found near money: %s', (text, found) => {
    expect(offences(named('a.ts', text), isFloatNearMoney)).toHaveLength(found);
  });

  it.each([
    ['const half = 0.5;', 1],
    ['const days = 365;', 0],
  ])('are found as fractions: %s', (text, found) => {
    expect(offences(named('a.ts', text), isFraction)).toHaveLength(found);
  });
});

describe('the manifest', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  const isExact = (version: string): boolean => /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version);

  it.each(['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'])(
    'pins every version in %s',
    (field) => {
      expect(
        Object.entries(manifest[field] ?? {}).filter(([, version]) => !isExact(version)),
      ).toEqual([]);
    },
  );

  it('is bound to no registry', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });

  it.each([
    ['1.2.3', true],
    ['1.2.3-beta.1', true],
    ['^1.2.3', false],
    ['1.2', false],
    ['*', false],
  ])('is judged by the version %s', (version, exact) => {
    expect(isExact(version)).toBe(exact);
  });
});

describe('the product without its tests', () => {
  const FROM_TESTS = /\b(?:from|import)\s*\(?['"][^'"]*(?:\/testing\/|\/test\/|\.spec\.js)/;

  it('imports nothing that the build leaves out', () => {
    expect(paths(product.filter(({ text }) => FROM_TESTS.test(text)))).toEqual([]);
  });

  it.each([
    ["import { order } from './testing/orders.js';", true],
    ["const { order } = await import('../testing/orders.js');", true],
    ["import './gate.spec.js';", true],
    ["import { order } from './tests-of-association.js';", false],
  ])('is judged by the import %s', (text, found) => {
    expect(FROM_TESTS.test(text)).toBe(found);
  });
});

describe('the project on other machines', () => {
  const OF_ONE_MACHINE =
    /(^|[\s'"`(=])\/(work|root|home|Users)\/|\.\.\/shared\/(spec|seed|data|examples)\b|https?:\/\/[^\s/]*\b(registry|npmmirror)\b/m;

  it('names no path or registry of one machine', () => {
    expect(paths(files.filter((file) => !isTest(file) && OF_ONE_MACHINE.test(file.text)))).toEqual(
      [],
    );
  });

  it.each([
    ["readFileSync('/work/main/a.csv')", true],
    ['see ../shared/spec/02-rules.md', true],
    ['registry=https://registry.example.org/', true],
    ["import { unreachable } from '../shared/event.js';", false],
    ['the way of the work/rest balance', false],
  ])('is judged by the text %s', (text, found) => {
    expect(OF_ONE_MACHINE.test(text)).toBe(found);
  });
});
