import { join } from 'node:path';
import { runStep, runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { root, StepFailed } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// The bench, and the double of EventStoreDB that it can measure over (its protos too), are compiled
// into dist/test, beside what they measure, and anew on every run: they are small.
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
    '--ignore',
    '**/peers/**',
    '--copy-files',
    '--quiet',
  ];
  if (
    (await runStep(node, [swc, 'test/bench', 'test/double', 'test/support', ...flags], {
      cwd: root,
    })) !== 0
  )
    throw new StepFailed('The bench could not be compiled (see above).');
  const main = join(root, 'dist', 'test', 'bench', 'main.js');
  const { exitCode } = await runToEnd(
    node,
    ['--enable-source-maps', '--no-warnings', main, ...process.argv.slice(2)],
    {
      cwd: process.cwd(),
    },
  );
  return exitCode;
});
