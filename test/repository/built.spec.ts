import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './tracked-files.js';

const START_WITHIN_MS = 15_000;
const main = join('dist', 'sekisho', 'main.js');

/**
 * Some errors of ES modules (a missing suffix, a type imported as a value, a missing library)
 * appear only in the built output.
 */
describe('the built program', () => {
  it('answers --help', () => {
    if (!existsSync(join(root, main))) throw new Error(`${main} is missing: run npm run build`);

    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main, '--help'], {
      cwd: root,
      encoding: 'utf8',
      timeout: START_WITHIN_MS,
    });
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
    expect(stdout).not.toBe('');
  });
});
