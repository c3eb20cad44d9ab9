import { REQUIRED_NODE_MAJOR, tooOldNode } from './running/node-version.js';

// Checked before other modules are loaded, because an older Node would fail with an unclear
// message.
const tooOld = tooOldNode(process.versions.node);
// Makes new files readable by their owner only, including those that SQLite creates.
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
