import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from '../files/private-files.js';
import { type ApiKey, digestOf, KeyFileError } from './api-keys.js';
import { type Role, roles } from './principal.js';

/** Added after the first release: a file of an earlier one has no key for it and stays as it is. */
const addedRoles: ReadonlySet<Role> = new Set<Role>(['metrics']);

/**
 * The keys of a first start with nothing configured: one a role, made once, readable by their owner
 * only.
 */
export interface DevKeys {
  readonly path: string;
  /** This start made them. */
  readonly created: boolean;
  readonly keys: readonly ApiKey[];
}

export function devKeys(dataDir: string): DevKeys {
  const path = join(dataDir, 'dev-keys.json');
  makePrivateFolder(dataDir);
  const created = createOnce(
    path,
    () => JSON.stringify(Object.fromEntries(roles.map((role) => [role, secret()])), null, 2) + '\n',
  );
  return { path, created, keys: readDevKeys(path) };
}

const secret = (): string => randomBytes(32).toString('base64url');

/**
 * Whole or not at all, and by one process only: written beside, then linked to its name, which
 * fails when somebody was first. The loser of that race reads the winner's.
 */
function createOnce(path: string, content: () => string): boolean {
  if (exists(path)) return false;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    // The umask may have taken rights of the owner, too.
    fchmodSync(file, 0o600);
    writeSync(file, content());
    fsyncSync(file);
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isAlreadyThere(error)) return false;
    throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}

function exists(path: string): boolean {
  try {
    closeSync(openSync(path, 'r'));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function readDevKeys(path: string): readonly ApiKey[] {
  const refuse = (): never => {
    throw new KeyFileError(
      `${path} is not usable: it must hold one key a role (${roles.join(', ')}). Delete it and the next start makes new ones`,
    );
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return refuse();
    throw error;
  }
  if (typeof content !== 'object' || content === null) return refuse();
  const secrets = new Map<string, unknown>(Object.entries(content));
  return roles.flatMap((role) => {
    const found = secrets.get(role);
    if (found === undefined && addedRoles.has(role)) return [];
    if (typeof found !== 'string' || found.length < 16) return refuse();
    return [{ id: `dev-${role}`, sha256: digestOf(found), roles: [role] }];
  });
}

// Node's errors carry a code; others have none
const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
const isAlreadyThere = (error: unknown): boolean => codeOf(error) === 'EEXIST';
