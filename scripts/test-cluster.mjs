import { join } from 'node:path';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { compileFolders, root } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Every run compiles the fault suite into dist/test/cluster, with the parts of the tests that it
// uses (and the protocol double's protos); it is small.
await preparedOrExit({ say: console.error, sayNothingToDo: false }, async () => {
  const node = projectNode(root);
  await compileFolders('apps', 'libs', 'test/cluster', 'test/double', 'test/support');
  const main = join(root, 'dist', 'test', 'cluster', 'main.js');
  const { exitCode } = await runToEnd(
    node,
    ['--enable-source-maps', '--no-warnings', main, ...process.argv.slice(2)],
    { cwd: root },
  );
  return exitCode;
});
