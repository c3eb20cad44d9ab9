import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runToEnd } from './child.mjs';
import { preparedOrExit } from './launch.mjs';
import { NoPostgres, startPostgres } from './postgres-server.mjs';
import { compileFolders, root, StepFailed } from './prepare.mjs';
import { projectNode } from './project-node.mjs';

// Runs the scenarios over HTTP with the log on EventStoreDB (the server of EVENTSTOREDB_URL, or
// otherwise the protocol double) and everything else on PostgreSQL (the server of POSTGRES_URL, or
// otherwise one that is started for the run).
const SPECS = [
  ...[
    'gate',
    'api',
    'reading',
    'answers-to-commands',
    'access',
    'clock',
    'operation',
    'races',
    'revenue',
    'projector',
    'eligibility',
    'direct-bill',
  ].map((name) => `test/scenario/${name}.spec`),
  'test/fault/service-kill.spec',
];

await preparedOrExit({ say: console.log }, async () => {
  const postgres = process.env.POSTGRES_URL ? undefined : await startPostgres().catch(unavailable);
  let eventStore;
  try {
    if (!process.env.EVENTSTOREDB_URL) eventStore = await startDouble();
    const env = {
      ...process.env,
      SEKISHO_BACKEND: 'cluster',
      POSTGRES_URL: postgres?.url ?? process.env.POSTGRES_URL,
      EVENTSTOREDB_URL: eventStore?.url ?? process.env.EVENTSTOREDB_URL,
    };
    console.log(
      `The scenarios over ${eventStore ? 'the protocol double of EventStoreDB' : 'EventStoreDB'} and PostgreSQL`,
    );
    const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
    const chosen = process.argv.slice(2);
    const args = [
      '--experimental-vm-modules',
      '--no-warnings',
      jest,
      '--runInBand',
      ...SPECS,
      ...chosen,
    ];
    return (await runToEnd(projectNode(root), args, { cwd: root, env })).exitCode;
  } finally {
    eventStore?.end();
    await postgres?.dispose();
  }
});

function unavailable(error) {
  if (error instanceof NoPostgres) throw new StepFailed(error.message);
  throw error;
}

/** The double ends with this process, which owns its standard input. */
async function startDouble() {
  const node = projectNode(root);
  await compileFolders('test/double', 'test/support');
  const child = spawn(
    node,
    ['--enable-source-maps', join(root, 'dist', 'test', 'double', 'main.js')],
    {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit').then(([code]) => {
    throw new StepFailed(`The protocol double ended with exit code ${code} before it was ready.`);
  });
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended,
  ]);
  ended.catch(() => {});
  return { url: JSON.parse(line).url, end: () => child.kill() };
}
