import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

await preparedOrExit({ say: console.log }, async () => {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const nodeArgs = ['--experimental-vm-modules', '--no-warnings', jest, ...process.argv.slice(2)];
  const { exitCode } = await runToEnd(projectNode(root), nodeArgs, { cwd: root });
  return exitCode;
});
