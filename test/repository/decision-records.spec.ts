import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFiles } from './tracked-files.js';

const records = projectFiles()
  .filter(({ path }) => /^docs\/decisions\/(?!README)/.test(path))
  .map(({ path, text }) => ({ name: basename(path, '.md'), text }));

describe('the decision records', () => {
  it('have different numbers', () => {
    const numbers = records.map(({ name }) => name.slice(0, 4));
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  it.each(records)('$name has its number, its date, a context and a decision', ({ name, text }) => {
    expect(text.split('\n')[0]).toMatch(new RegExp(`^# ${name.slice(0, 4)}\\. \\S`));
    expect(text).toMatch(/^\d{4}-\d{2}-\d{2} · accepted/m);
    expect(text).toContain('\n**Context.**');
    expect(text).toContain('\n**Decision.**');
  });
});
