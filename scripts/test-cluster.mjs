import { join } from 'node:path';
import { runStep, runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root, StepFailed } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// The fault suite is compiled into dist/test/cluster, with the parts of the tests that it shares
// (the double's protos too), and anew on every run: it is small.
await preparedOrExit({ say: console.error, sayNothingToDo: false }, async () => {
  const node = projectNode(root);
  const swc = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const flags = [
    '-d',
    'dist',
    '--config-file',
    '.swcrc',
    '--source-maps',
    'true',
    '--copy-files',
    '--quiet',
  ];
  if (
    (await runStep(node, [swc, 'test/cluster', 'test/double', 'test/support', ...flags], {
      cwd: root,
    })) !== 0
  )
    throw new StepFailed('The fault suite could not be compiled (see above).');
  const main = join(root, 'dist', 'test', 'cluster', 'main.js');
  const { exitCode } = await runToEnd(
    node,
    ['--enable-source-maps', '--no-warnings', main, ...process.argv.slice(2)],
    { cwd: root },
  );
  return exitCode;
});
