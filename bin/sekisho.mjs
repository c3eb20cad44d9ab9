#!/usr/bin/env node
import { preparedOrExit, sekisho } from '../scripts/launch.mjs';

// What prepares speaks on standard error: standard output is the verb's own and may be piped.
await preparedOrExit({ say: console.error, sayNothingToDo: false }, () =>
  sekisho(process.argv.slice(2)),
);
