import { existsSync } from 'node:fs';
import { join } from 'node:path';

const REQUIRED_MAJOR = 24;
const PACKAGED_AS = { linux: 'linux', win32: 'win' };

export class NoNode extends Error {}

/**
 * The path of the Node 24 that is installed as a dependency. If the system has no such package, the
 * path of the Node that runs this script, if it is new enough.
 */
export function projectNode(root) {
  const packaged = `node-${PACKAGED_AS[process.platform] ?? process.platform}-${process.arch}`;
  const path = join(
    root,
    'node_modules',
    packaged,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(path)) return path;

  if (Number.parseInt(process.versions.node, 10) >= REQUIRED_MAJOR) return process.execPath;
  throw new NoNode(
    `Sekisho runs on Node ${REQUIRED_MAJOR}. Its packages have none for ${process.platform} on ${process.arch}, and this is Node ${process.versions.node}: ` +
      `install Node ${REQUIRED_MAJOR} or later (https://nodejs.org) and run the same command again.`,
  );
}
