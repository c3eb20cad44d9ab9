import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './prepare.mjs';

// Runs the README's commands: starts the service with `npm start`, then runs the shell blocks that
// use curl, in one shell and in order. It uses another port and data directory, so that it does not
// affect a running service.
const READY_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 5_000;
const PROMISED = [
  ['a first order', /"status"\s*:\s*"placed"/],
  ['a first refusal', /order-refused/],
  ['a day on which revenue falls below the threshold', /"belowThresholdFrom"/],
];

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = [...readme.matchAll(/^```(?:sh|bash|shell)\n(.*?)^```/gms)]
  .map(([, block]) => block)
  .filter((block) => /\bcurl\b/.test(block));
const dataDir = mkdtempSync(join(tmpdir(), 'sekisho-readme-'));
const port = await freePort();
const env = { ...process.env, PORT: String(port), DATA_DIR: dataDir };

const problems = [];
if (commands.length === 0) problems.push('README.md has no shell block with curl');
if (/npm run demo/.test(readme)) {
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'demo'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) problems.push(`npm run demo ended with ${status}:\n${stdout}${stderr}`);
}

const service = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
let log = '';
for (const stream of [service.stdout, service.stderr]) stream.on('data', (chunk) => (log += chunk));
const ended = new Promise((resolve) => service.once('close', resolve));
try {
  if (await isReady()) runCommands();
  else problems.push(`npm start was not ready within ${READY_WITHIN_MS / 1000} s`);
} finally {
  service.kill('SIGTERM');
  const exitCode = await Promise.race([ended, sleep(ENDS_WITHIN_MS, 'late', { ref: false })]);
  if (exitCode !== 0)
    problems.push(
      `SIGTERM to npm start: ${exitCode === 'late' ? 'still running after 5 s' : `exit code ${exitCode}`}`,
    );
  rmSync(dataDir, { recursive: true, force: true });
}
if (problems.length > 0) console.error([...problems, `Output of the service:\n${log}`].join('\n'));
process.exitCode = problems.length === 0 ? 0 : 1;

function runCommands() {
  const script = commands
    .join('\n')
    .replaceAll(/(localhost|127\.0\.0\.1):3000/g, `127.0.0.1:${port}`)
    .replaceAll(/(\.\/)?\bdata\/dev-keys\.json/g, join(dataDir, 'dev-keys.json'));
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const missing = PROMISED.filter(([, pattern]) => !pattern.test(stdout)).map(([name]) => name);
  if (status !== 0)
    problems.push(`a command of the README ended with ${status}:\n${stdout}${stderr}`);
  else if (missing.length > 0)
    problems.push(`the README's commands did not show ${missing.join(' and ')}:\n${stdout}`);
}

async function isReady() {
  for (
    const giveUpAt = Date.now() + READY_WITHIN_MS;
    Date.now() < giveUpAt && service.exitCode === null;
    await sleep(100)
  ) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
    if (answer?.ok) return true;
  }
  return false;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
