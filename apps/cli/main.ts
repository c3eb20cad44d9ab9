import { REQUIRED_NODE_MAJOR, tooOldNode } from './running/node-version.js';

// Before anything else is loaded: an older Node would fail with a message that does not help.
const tooOld = tooOldNode(process.versions.node);
// Files are readable by their owner only, also those that SQLite creates.
process.umask(0o077);
if (tooOld === undefined) {
  const { main } = await import('./program.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(tooOld);
  console.error(
    `Start it with npm (npm start, npx sekisho …), which brings Node ${REQUIRED_NODE_MAJOR}.`,
  );
  process.exitCode = 3;
}
