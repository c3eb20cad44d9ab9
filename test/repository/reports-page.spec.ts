import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reports } from '../../libs/application/reports/reports.js';
import type { ReportColumn } from '../../libs/application/reports/report.js';
import { root } from './tracked-files.js';

const page = readFileSync(join(root, 'docs/reports.md'), 'utf8');

const row = ({ name, type, nullable, unit, totalled, description }: ReportColumn): string =>
  `| \`${name}\` | ${type}${nullable ? ', nullable' : ''} | ${unit ?? ''} | ${totalled ? 'yes' : ''} | ${description} |`;

describe('docs/reports.md', () => {
  it.each(reports)('describes $name with its columns', ({ name, version, summary, columns }) => {
    const chapter = [
      `### \`${name}\`, schema version ${version}`,
      '',
      `${summary}.`,
      '',
      '| Column | Type | Unit | Totalled | |',
      '|---|---|---|---|---|',
      ...columns.map(row),
      '',
    ].join('\n');
    expect(page).toContain(chapter);
  });
  it('describes no other report', () => {
    expect([...page.matchAll(/^### `(.+?)`/gm)].map(([, name]) => name)).toEqual(
      reports.map(({ name }) => name),
    );
  });
});
