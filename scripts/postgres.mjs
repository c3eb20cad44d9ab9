import { runToEnd } from './child.mjs';
import { NoPostgres, startPostgres } from './postgres-server.mjs';

// Runs a command with POSTGRES_URL set to a PostgreSQL server of its own, which is started for it and ended, with its data, after it.
// Exit codes: the command's; 2 wrong usage, 3 no server.
const USAGE = 'node scripts/postgres.mjs -- COMMAND [ARGUMENT]…   (needs PostgreSQL 13 or later to be installed, not running)';

const [separator, command, ...args] = process.argv.slice(2);
if (separator === '--help') console.log(USAGE);
else if (separator !== '--' || command === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else process.exitCode = await withServer();

async function withServer() {
  const server = await startPostgres().catch((error) => {
    // Anything else is a defect of this script: its stack is what there is to go by.
    if (!(error instanceof NoPostgres)) throw error;
    console.error(error.message);
  });
  if (!server) return 3;
  try {
    const { exitCode } = await runToEnd(command, args, { env: { ...process.env, POSTGRES_URL: server.url } });
    return exitCode;
  } finally {
    await server.dispose();
  }
}
