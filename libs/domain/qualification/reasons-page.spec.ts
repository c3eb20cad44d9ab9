import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { reasonsPage } from './testing/reasons-page.js';

const page = join(import.meta.dirname, '../../../docs/reasons.md');

describe('the page of reasons', () => {
  it('equals docs/reasons.md', () => {
    if (process.env['WRITE_REASONS']) writeFileSync(page, reasonsPage());
    expect(readFileSync(page, 'utf8')).toBe(reasonsPage());
  });
});
