import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const READY = /database system is ready to accept connections/;
const START_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 10_000;
/** Two processes that look for a free port at once can find the same one. */
const PORT_ATTEMPTS = 3;

/** PostgreSQL is not installed or did not start. The message says what to do. */
export class NoPostgres extends Error {}

/**
 * Starts a PostgreSQL server on 127.0.0.1 with a new data folder, a free port and a password. It
 * ends with this process, however this process ends. With `flushes: false`, commits do not wait for
 * the disk; only a power cut would show the difference. Texts are sorted by the rules of a language
 * by default (ICU), as on most servers, so a query that needs byte order must say so.
 */
export async function startPostgres({ directory = tmpdir(), flushes = true } = {}) {
  const programs = folderOfPrograms();
  const user = serverUser();
  const folder = mkdtempSync(join(directory, 'sekisho-postgres-'));
  const data = join(folder, 'data');
  const password = randomBytes(12).toString('hex');
  try {
    if (user) chownSync(folder, user.uid, user.gid);
    initialise(programs, { folder, data, password, user });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }

  let port = 0;
  let running;
  const start = async () => {
    for (let attempt = 1; ; attempt++) {
      port ||= await freePort();
      try {
        running = await run(programs, { data, port, user, flushes });
        return;
      } catch (error) {
        if (attempt === PORT_ATTEMPTS || !/Address already in use/.test(error.message)) throw error;
        port = 0;
      }
    }
  };
  const dispose = async () => {
    await running?.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    url: `postgres://sekisho:${password}@127.0.0.1:${port}/postgres`,
    password,
    data,
    /** Stops the server as an operator does: it ends the sessions, and commits are on disk. */
    stop: () => running.end(),
    /** Stops the server as a crash does: it writes nothing more, and the next start recovers. */
    crash: () => running.end('SIGQUIT'),
    /** Starts the server again, on the same data and port. */
    start,
    dispose,
  };
}

function folderOfPrograms() {
  const packaged = '/usr/lib/postgresql';
  const versions = existsSync(packaged)
    ? readdirSync(packaged).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...versions.map((version) => join(packaged, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  const found = folders.find((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
  if (found) return found;
  throw new NoPostgres(
    'PostgreSQL is not installed. On Debian, run "apt-get install postgresql" as root; for other systems see https://www.postgresql.org/download/.',
  );
}

/** The server does not run as root. If this process does, the server runs as its package's user. */
function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((which) =>
    Number.parseInt(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout, 10),
  );
  if (Number.isInteger(uid) && Number.isInteger(gid)) return { uid, gid };
  throw new NoPostgres(
    'PostgreSQL does not run as root, and there is no user "postgres". Create it ("useradd --system postgres"), or run this command as another user.',
  );
}

function initialise(programs, { folder, data, password, user }) {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const flags = [
    '-D',
    data,
    '-U',
    'sekisho',
    '--encoding=UTF8',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--no-sync',
  ];
  const initdb = (more) =>
    spawnSync(join(programs, 'initdb'), [...flags, ...more], {
      cwd: folder,
      encoding: 'utf8',
      ...user,
    });
  const byLanguage = initdb(['--locale=C', '--locale-provider=icu', '--icu-locale=en-US']);
  // Versions before 15, or builds without ICU.
  const done = byLanguage.status === 0 ? byLanguage : initdb(['--locale=C']);
  rmSync(passwordFile);
  if (done.status !== 0)
    throw new NoPostgres(`initdb failed: ${done.stderr || done.error?.message}`);
}

/**
 * The shell waits for the server and stops it when standard input closes, either on request or
 * because the parent process has died.
 */
const WATCHED = `exec 3<&0
"$@" 3<&- & server=$!
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null & watch=$!
wait $server; code=$?; kill $watch 2>/dev/null; exit $code`;

async function run(programs, { data, port, user, flushes }) {
  const fsync = flushes ? 'on' : 'off';
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    lc_messages: 'C',
    fsync,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A process group of its own: an interrupt on the terminal reaches the server's clients first.
  const options = { cwd: data, detached: true, stdio: ['pipe', 'ignore', 'pipe'], ...user };
  const child = spawn(
    'sh',
    ['-c', WATCHED, 'postgres', join(programs, 'postgres'), '-D', data, ...flags],
    options,
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  await ready(child);

  return {
    async end(signal) {
      const pid = postmaster(data);
      if (signal && pid) process.kill(pid, signal);
      child.stdin.end();
      const lastResort = setTimeout(() => pid && process.kill(pid, 'SIGQUIT'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(lastResort);
    },
  };
}

function ready(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const failed = (why) =>
      reject(new NoPostgres(`PostgreSQL did not start (${why}): ${said.slice(-2_000)}`));
    const timer = setTimeout(() => {
      child.stdin.end();
      failed(`not within ${START_WITHIN_MS / 1000} s`);
    }, START_WITHIN_MS);
    child.stdin.on('error', () => {});
    child.stderr.setEncoding('utf8').on('data', (text) => {
      // The output is read while the server runs: a full pipe would block it.
      if (said.length < 100_000) said += text;
      if (READY.test(said)) resolve(clearTimeout(timer));
    });
    child.once('error', (error) => failed(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      failed(`it ended with ${code}`);
    });
  });
}

function postmaster(data) {
  const file = join(data, 'postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : undefined;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
