import { preparedOrExit, sekisho } from './launch.mjs';
import { root } from './prepare.mjs';

await preparedOrExit({ say: console.log }, () =>
  sekisho(['seed', ...process.argv.slice(2)], { cwd: root }),
);
