import { preparedOrExit } from './launch.mjs';

await preparedOrExit({ say: console.log }, () => 0);
