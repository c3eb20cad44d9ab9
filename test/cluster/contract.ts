import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Runs the contract tests of the event log against these servers. */
export function contractHolds(root: string, url: string): Promise<boolean> {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--runInBand',
    join('test', 'contract', 'eventstoredb-log.spec.ts'),
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, EVENTSTOREDB_URL: url },
    stdio: 'inherit',
  });
  process.once('exit', () => child.kill());
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}
