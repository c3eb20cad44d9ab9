import {
  chmodSync,
  closeSync,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
/** SQLite creates these with the mode of their database; existing files keep their own mode. */
const BESIDE_A_DATABASE = ['-wal', '-shm', '-journal'];
/** The files of a data directory, and its folders. */
const DATA_FILE =
  /^(?:(?:log|keys|read-models)\.db(?:-wal|-shm|-journal)?|dev-keys\.json(?:\.\d+\.[0-9a-f]+)?)$/;
const DATA_FOLDERS: ReadonlySet<string> = new Set(['uploads', 'documents']);

/** A file or folder that others can read and whose mode this process may not change. */
export interface WideFile {
  readonly path: string;
  /** Octal, as `chmod` takes it. */
  readonly mode: string;
  readonly reason: string;
}

/**
 * Creates the folder with mode 0700, independent of the umask. An existing folder keeps its mode.
 */
export function makePrivateFolder(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (made !== undefined) chmodSync(path, OWNER_ONLY_FOLDER);
}

/** Call before SQLite opens the database: SQLite would create a file that others can read. */
export function makePrivateDatabase(file: string): void {
  create(file);
  for (const path of [file, ...BESIDE_A_DATABASE.map((ending) => file + ending)])
    narrow(path, OWNER_ONLY_FILE);
}

/** Ignores an existing file and every failure: SQLite opens the file next and reports the fault. */
function create(file: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'ax', OWNER_ONLY_FILE);
  } catch {
    return;
  }
  // The umask may have removed rights of the owner, too.
  fchmodSync(descriptor, OWNER_ONLY_FILE);
  closeSync(descriptor);
}

/**
 * Removes the rights of others from the files of a data directory; returns those where it failed.
 */
export function narrowDataFiles(dataDir: string): readonly WideFile[] {
  return readdirSync(dataDir).flatMap((name) => {
    const path = join(dataDir, name);
    if (DATA_FILE.test(name)) return narrow(path, OWNER_ONLY_FILE);
    if (!DATA_FOLDERS.has(name) || !lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
      return [];
    const inside = readdirSync(path).flatMap((file) => narrow(join(path, file), OWNER_ONLY_FILE));
    return [...narrow(path, OWNER_ONLY_FOLDER), ...inside];
  });
}

/** Does nothing on Windows, which has no modes. Another process may delete the file meanwhile. */
function narrow(path: string, mode: number): readonly WideFile[] {
  const present = statSync(path, { throwIfNoEntry: false })?.mode;
  if (present === undefined || (present & 0o077) === 0 || process.platform === 'win32') return [];
  try {
    chmodSync(path, mode);
    return [];
  } catch (error) {
    // Node's file system errors have a code.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [{ path, mode: (present & 0o777).toString(8).padStart(4, '0'), reason: String(error) }];
  }
}
