import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type as system } from 'node:os';

/** The machine and the versions that the measurements depend on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly sqlite: string;
  /** The measured directory and the type of its file system (statfs). */
  readonly directory: string;
  readonly fileSystem: string;
  /**
   * Of the last minute, at the start: above the number of cores, other programs were running too.
   */
  readonly loadBefore: number;
  readonly revision: string;
}

export function machine(directory: string, root: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${system()} ${release()} ${process.arch}`,
    node: process.versions.node,
    sqlite: process.versions['sqlite'] ?? 'unknown',
    directory,
    fileSystem: `0x${statfsSync(directory).type.toString(16)}`,
    loadBefore: load(),
    revision: revision(root),
  };
}

export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;

/**
 * The commit of the sources, with a plus if they have changed since; absent in a release without
 * its history.
 */
function revision(root: string): string {
  // prettier-ignore
  const git = (...args: readonly string[]): string => execFileSync('git', [...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return (
      git('rev-parse', '--short', 'HEAD') +
      (git('status', '--porcelain', '--', 'apps', 'libs') === '' ? '' : '+')
    );
  } catch {
    return 'unknown';
  }
}
