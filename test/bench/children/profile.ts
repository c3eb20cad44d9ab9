import { join } from 'node:path';

/**
 * `BENCH_CPU_PROFILE=<folder>`: profiles of the services there, to be read in a browser's developer
 * tools.
 */
export function profileArgs(name: string): readonly string[] {
  const folder = process.env['BENCH_CPU_PROFILE'];
  return folder ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, name)}`] : [];
}
