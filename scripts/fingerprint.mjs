import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEPENDENCY_FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'];

/**
 * A hash of everything that determines what `npm ci` installs. It includes the platform, because a
 * checkout that two systems share needs each system's own packages.
 */
export function installFingerprint(root) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const hash = createHash('sha256');
  for (const field of DEPENDENCY_FIELDS)
    hash.update(`${field} ${JSON.stringify(manifest[field] ?? {})}\n`);
  hash.update(readFileSync(join(root, 'package-lock.json')));
  hash.update(`${process.platform} ${process.arch}`);
  return hash.digest('hex');
}

/**
 * The files that the build compiles: the sources of apps and libs, without tests and test support.
 * Paths have forward slashes.
 */
export function sourcesOf(root) {
  return ['apps', 'libs']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map(
        (path) => `${folder}/${path.replaceAll('\\', '/')}`,
      ),
    )
    .filter(
      (path) =>
        path.endsWith('.ts') &&
        !path.endsWith('.d.ts') &&
        !path.endsWith('.spec.ts') &&
        !path.includes('/testing/'),
    )
    .sort();
}

/** The command line as a process, and its `main` for a process that runs several commands. */
const PROGRAM = ['apps/cli/main.ts', 'apps/cli/program.ts'];

/** The entry points of the build: the command line and every worker thread. */
export const entriesOf = (sources) =>
  sources.filter((path) => PROGRAM.includes(path) || path.endsWith('.worker.ts'));

/**
 * A hash of contents, not times: a checkout of another revision causes a build, a checkout of the
 * same revision does not. It includes the libraries, which are part of the build.
 */
export function buildFingerprint(root, sources) {
  const hash = createHash('sha256').update(installFingerprint(root));
  for (const path of [
    'tsconfig.json',
    'scripts/bundle.mjs',
    'scripts/fingerprint.mjs',
    ...sources,
  ]) {
    const content = readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
