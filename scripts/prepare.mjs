import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runStep } from './child.mjs';
import { buildFingerprint, entriesOf, installFingerprint, sourcesOf } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { projectNode } from './project-node.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));

const installStamp = join(root, 'node_modules', '.sekisho-install');
const buildStamp = join(root, 'dist', '.build');

/** The built command line. */
export const program = join(root, 'dist', 'sekisho', 'main.js');

/** A step failed, and its own output has the explanation. */
export class StepFailed extends Error {}

/**
 * Installs and builds only what is missing or out of date. A stamp is deleted before a step and
 * written after it, so an interrupted step is repeated. One process at a time prepares; others
 * wait.
 */
export async function prepare({ say }) {
  if (isInstalled() && isBuilt()) return { didNothing: true };

  await withLock(
    join(root, '.cache', 'prepare.lock'),
    { onWait: (pid) => say(`Waiting for process ${pid}, which is installing or building …`) },
    async (lock) => {
      if (!isInstalled()) await install(say, lock);
      if (!isBuilt()) await build(say, lock);
    },
  );
  return { didNothing: false };
}

const isInstalled = () => stampOf(installStamp) === installFingerprint(root);

const isBuilt = () =>
  existsSync(program) && stampOf(buildStamp) === buildFingerprint(root, sourcesOf(root));

async function install(say, lock) {
  rmSync(installStamp, { force: true });
  await step(say, 'Installing the dependencies (npm ci)', async () => {
    const fingerprint = installFingerprint(root);
    const args = [
      'ci',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
      '--include=dev',
      '--include=optional',
    ];
    const exitCode = await runStep('npm', args, {
      cwd: root,
      env: environmentOfInstall(),
      shell: process.platform === 'win32',
      ...lock,
    });
    if (exitCode !== 0)
      throw new StepFailed(
        'The dependencies could not be installed (npm ci failed, see above). Run the same command to try again.',
      );
    writeFileSync(installStamp, fingerprint);
  });
}

async function build(say, lock) {
  const sources = sourcesOf(root);
  const fingerprint = buildFingerprint(root, sources);
  await step(say, `Building ${sources.length} files (Rolldown, into dist/)`, async () => {
    for (const stale of [buildStamp, dirname(program)])
      rmSync(stale, { recursive: true, force: true });
    mkdirSync(dirname(program), { recursive: true });
    const entries = entriesOf(sources);
    const args = [join(root, 'scripts', 'bundle.mjs'), ...entries];
    const exitCode =
      entries.length === 0 ? 0 : await runStep(projectNode(root), args, { cwd: root, ...lock });
    if (exitCode !== 0) throw new StepFailed('The sources could not be built (see above).');
    writeFileSync(buildStamp, fingerprint);
  });
}

/** Compiles folders into dist, file by file (scripts/compile.mjs). */
export async function compileFolders(...folders) {
  const args = [join(root, 'scripts', 'compile.mjs'), ...folders];
  if ((await runStep(projectNode(root), args, { cwd: root })) !== 0)
    throw new StepFailed(`${folders.join(', ')} could not be compiled (see above).`);
}

async function step(say, what, work) {
  const startedAt = Date.now();
  say(`${what} …`);
  await work();
  say(`  done in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

const stampOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

/**
 * npm runs on the system's Node, because it replaces the project's. Settings of an outer npm do not
 * apply to this one.
 */
function environmentOfInstall() {
  const ofProject = `${sep}node_modules${sep}.bin`;
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith(ofProject));
  const env = { ...process.env, PATH: path.join(delimiter) };
  for (const asked of [
    'json',
    'prefix',
    'local_prefix',
    'global',
    'omit',
    'workspace',
    'package',
    'call',
  ])
    delete env[`npm_config_${asked}`];
  return env;
}
