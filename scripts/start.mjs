import { preparedOrExit, sekisho } from './launch.mjs';
import { root } from './prepare.mjs';

await preparedOrExit({ say: console.log }, () =>
  sekisho(['serve', ...process.argv.slice(2)], { cwd: root }),
);
