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
import { type ApiKey, digestOfKey, KeyFileError } from './api-keys.js';
import { type Role, roles } from './principal.js';

/** Roles added after the first release: a file of an earlier release has no key for them. */
const addedRoles: ReadonlySet<Role> = new Set<Role>(['metrics']);

/**
 * The keys of a start without configuration: one per role, created once, readable by the owner
 * only.
 */
export interface DevKeys {
  readonly path: string;
  /** Whether this start created the file. */
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
 * Creates the file atomically: writes a draft, then links it to the final name. The link fails if
 * another process was first; this process then reads that file.
 */
function createOnce(path: string, content: () => string): boolean {
  if (exists(path)) return false;
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    // The umask may have removed rights of the owner, too.
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
      `${path} is not usable: it must have one key per role (${roles.join(', ')}). Delete it, and the next start creates a new one`,
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
    return [{ id: `dev-${role}`, sha256: digestOfKey(found), roles: [role] }];
  });
}

// Node's file system errors have a code.
const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
const isAlreadyThere = (error: unknown): boolean => codeOf(error) === 'EEXIST';
