import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { reasonsPage } from './testing/reasons-page.js';

const page = join(import.meta.dirname, '../../../docs/reasons.md');

it('docs/reasons.md says what the code says', () => {
  if (process.env['WRITE_REASONS']) writeFileSync(page, reasonsPage());
  expect(readFileSync(page, 'utf8')).toBe(reasonsPage());
});
