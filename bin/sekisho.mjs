#!/usr/bin/env node
import { preparedOrExit, sekisho } from '../scripts/launch.mjs';

// The preparation writes to standard error, because a command's standard output may be piped.
await preparedOrExit({ say: console.error, sayNothingToDo: false }, () =>
  sekisho(process.argv.slice(2)),
);
