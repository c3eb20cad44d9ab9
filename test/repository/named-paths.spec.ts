import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFiles, root } from './tracked-files.js';

/** A path from the root, as pages write it. A path with a placeholder or a pattern is skipped. */
const PATH =
  /(?<![\w./-])(?:apps|bin|deploy|docs|libs|policies|reference-data|scripts|test)\/[\w./*<>{},…-]+/g;

const pages = projectFiles().filter(({ path }) =>
  /^(README|CONTRIBUTING|docs\/.+)\.md$/.test(path),
);

const pathsIn = (text: string): readonly string[] =>
  [...text.matchAll(PATH)]
    .map(([path]) => path.replace(/[.,]+$/, ''))
    .filter((path) => !/[*<>{},…]/.test(path));

/** Targets of links to files, from the root. */
const linksIn = (page: string, text: string): readonly string[] =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)].flatMap(([, target = '']) =>
    target.includes(':') ? [] : [join(dirname(page), target)],
  );

const missingIn = (page: string, text: string): readonly string[] =>
  [...pathsIn(text), ...linksIn(page, text)].filter((path) => !existsSync(join(root, path)));

describe('the pages of the documentation', () => {
  it('name paths', () => {
    expect(pages.flatMap(({ text }) => pathsIn(text)).length).toBeGreaterThan(80);
    expect(pages.flatMap(({ path, text }) => linksIn(path, text)).length).toBeGreaterThan(20);
  });

  it.each(pages)('name only paths that exist: $path', ({ path, text }) => {
    expect(missingIn(path, text)).toEqual([]);
  });

  it.each([
    ['a file that does not exist', 'see `libs/domain/absent.ts`.', ['libs/domain/absent.ts']],
    ['a link to a page that does not exist', '[a page](absent.md#part)', ['docs/absent.md']],
    ['a path with a placeholder', 'libs/domain/<folder>/<name>.ts, test/x/*.spec.ts', []],
    ['an address', 'https://example.com/docs/x, [b](https://example.com/docs)', []],
  ])('are checked for %s', (_case, text, missing) => {
    expect(missingIn('docs/page.md', text)).toEqual(missing);
  });
});
