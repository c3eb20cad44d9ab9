import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { compileFolders, root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Every run compiles the benchmark, and the protocol double of EventStoreDB that it can use (with
// its protos), into dist/test; both are small.
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
