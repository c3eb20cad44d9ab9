import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { compileFolders, root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// The bench, and the double of EventStoreDB that it can measure over (its protos too), are compiled
// into dist/test, beside what they measure, and anew on every run: they are small.
await preparedOrExit({ say: console.error, sayNothingToDo: false }, async () => {
  const node = projectNode(root);
  await compileFolders('apps', 'libs', 'test/bench', 'test/double', 'test/support');
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
