import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './tracked-files.js';

const START_WITHIN_MS = 15_000;
const apps = existsSync(join(root, 'apps'))
  ? readdirSync(join(root, 'apps')).filter((app) => existsSync(join(root, 'apps', app, 'main.ts')))
  : [];

/**
 * Some faults of ES modules (a missing suffix, a type imported as a value, a library left out) show
 * only in the built output.
 */
describe('every built app starts', () => {
  it('is there to start', () => {
    expect(apps).toContain('cli');
  });

  for (const app of apps) {
    it(`${app} answers --help`, () => {
      const main = join('dist', 'apps', app, 'main.js');
      if (!existsSync(join(root, main))) throw new Error(`${main} is not there: npm run build`);

      const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main, '--help'], {
        cwd: root,
        encoding: 'utf8',
        timeout: START_WITHIN_MS,
      });
      expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
      expect(stdout).not.toBe('');
    });
  }
});
