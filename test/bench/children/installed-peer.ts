import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Circumstances } from '../chapters/chapter.js';

const FILES = ['package.json', 'package-lock.json', 'peer.mjs'] as const;

export interface InstalledPeer {
  /** The script that answers `run`. */
  readonly script: string;
  /** The version of the package after which the peer is named. */
  readonly version: string;
}

/**
 * Installs a peer on first use, apart from the project's dependencies: compiling a driver may take
 * minutes.
 */
export function installPeer(
  name: 'emmett-sqlite' | 'emmett-postgresql',
  { root, cache, progress }: Pick<Circumstances, 'root' | 'cache' | 'progress'>,
): InstalledPeer | { readonly failure: string } {
  const from = join(root, 'test', 'bench', 'peers', name);
  const folder = join(cache, 'peers', name);
  mkdirSync(folder, { recursive: true });
  for (const file of FILES) copyFileSync(join(from, file), join(folder, file));
  const lock = readFileSync(join(from, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'installed');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    progress(`${name}: installing (npm ci; a driver may be compiled, which takes minutes) …`);
    // The system's Node and npm, as in scripts/prepare.mjs: a driver's binary serves every Node.
    // prettier-ignore
    const { status, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32', timeout: 600_000 });
    if (status !== 0)
      return {
        failure: `npm ci in test/bench/peers/${name} failed: ${stderr.trim().split('\n')[0] ?? ''}`,
      };
    writeFileSync(stamp, lock);
  }
  const { dependencies } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return {
    script: join(folder, 'peer.mjs'),
    version: dependencies[`@event-driven-io/${name}`] ?? '',
  };
}
