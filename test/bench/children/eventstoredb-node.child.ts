import { type ChildProcess, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { serveParent } from './child.js';
import type { Usage } from './usage.js';

// A real EventStoreDB node on 127.0.0.1, started by the command in EVENTSTOREDB_SERVER, with its
// data below BENCH_DIRECTORY. It ends with this process, which ends with the bench.

const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 15_000;
const LAST_LINES = 15;

const directory = process.env['BENCH_DIRECTORY'] ?? '';
const port = await freePort();
const output = join(directory, 'eventstoredb.out');
const server = startServer();
const ended = new Promise<void>((resolve) => server.once('close', () => resolve()));
// Until the node is ready, only this handler notices the end of the bench.
process.once('disconnect', () => void end());
await ready();
serveParent({ url: `esdb://127.0.0.1:${port}?tls=false` }, { usage }, end);

function startServer(): ChildProcess {
  // prettier-ignore
  const flags = ['--insecure', '--db', join(directory, 'db'), '--log', join(directory, 'log'), '--node-ip', '127.0.0.1', '--node-port', String(port), '--run-projections=None'];
  const to = openSync(output, 'w');
  // The command may have arguments of its own, as a shell reads them; `exec`, so that the process
  // that is started is the server.
  return spawn(
    'sh',
    ['-c', `exec ${process.env['EVENTSTOREDB_SERVER'] ?? ''} "$@"`, 'eventstoredb', ...flags],
    {
      env: { ...process.env, EVENTSTORE_TELEMETRY_OPTOUT: 'true' },
      stdio: ['ignore', to, to],
    },
  );
}

async function ready(): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  for (
    const deadline = performance.now() + READY_WITHIN_MS;
    performance.now() < deadline && !over;
  ) {
    if ((await answerOf('/health/live'))?.status === 204) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const said = readFileSync(output, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  await end();
  throw new Error(
    `the server of EVENTSTOREDB_SERVER ${over ? 'ended' : `was not ready within ${READY_WITHIN_MS / 1000} s`}:\n${said}`,
  );
}

/** Undefined while no process listens there. */
async function answerOf(path: string): Promise<Response | undefined> {
  try {
    return await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
  } catch {
    return undefined;
  }
}

/**
 * Processor time of the server, where the system reports it (proc(5): fields 14 and 15, in
 * hundredths of a second).
 */
function usage(): Usage {
  try {
    const stat = readFileSync(`/proc/${server.pid ?? 0}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const micros = (Number(fields[11]) + Number(fields[12])) * 10_000;
    return { allMicros: micros, mainMicros: NaN };
  } catch {
    return { allMicros: NaN, mainMicros: NaN };
  }
}

async function end(): Promise<void> {
  server.kill('SIGTERM');
  const lastResort = setTimeout(() => server.kill('SIGKILL'), END_WITHIN_MS);
  await ended;
  clearTimeout(lastResort);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
