import { join } from 'node:path';

/**
 * `BENCH_CPU_PROFILE=<folder>` writes profiles of the services there, for a browser's developer
 * tools.
 */
export function profileArgs(name: string): readonly string[] {
  const folder = process.env['BENCH_CPU_PROFILE'];
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, name)}`] : [];
}
