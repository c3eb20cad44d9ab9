import { runToEnd } from './child.mjs';
import { NoPostgres, startPostgres } from './postgres-server.mjs';

// Starts a PostgreSQL server, runs a command with POSTGRES_URL set to it, and then stops the server
// and deletes its data. Exit codes: the command's; 2 wrong usage, 3 no server.
const USAGE = `node scripts/postgres.mjs [--no-flush] -- COMMAND [ARGUMENT]…   (needs PostgreSQL 13 or later to be installed, not running)
  --no-flush   commits do not wait for the disk: faster, and equivalent for tests, because only a power cut
              would show the difference`;

const asked = process.argv.slice(2);
const separator = asked.indexOf('--');
const [flags, [command, ...args]] = [
  asked.slice(0, Math.max(0, separator)),
  asked.slice(separator + 1),
];
if (asked[0] === '--help') console.log(USAGE);
else if (separator < 0 || command === undefined || flags.some((flag) => flag !== '--no-flush')) {
  console.error(USAGE);
  process.exitCode = 2;
} else process.exitCode = await withServer({ flushes: flags.length === 0 });

async function withServer(options) {
  const server = await startPostgres(options).catch((error) => {
    // Other errors are defects of this script and need their stack.
    if (!(error instanceof NoPostgres)) throw error;
    console.error(error.message);
  });
  if (!server) return 3;
  try {
    const { exitCode } = await runToEnd(command, args, {
      env: { ...process.env, POSTGRES_URL: server.url },
    });
    return exitCode;
  } finally {
    await server.dispose();
  }
}
