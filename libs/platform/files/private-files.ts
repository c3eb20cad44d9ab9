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
/**
 * SQLite gives these the mode of their database when it makes them; what is there keeps its own.
 */
const BESIDE_A_DATABASE = ['-wal', '-shm', '-journal'];
/**
 * Every file that the service or the command line keeps in a data directory; `uploads` is a folder.
 */
const DATA_FILE =
  /^(?:(?:log|keys|read-models)\.db(?:-wal|-shm|-journal)?|dev-keys\.json(?:\.\d+\.[0-9a-f]+)?)$/;
const DATA_FOLDER = 'uploads';

/** A file or folder that others can read, and that this process has no right to change. */
export interface WideFile {
  readonly path: string;
  /** Octal, as `chmod` takes it. */
  readonly mode: string;
  readonly reason: string;
}

/** Makes the folder with mode 0700, whatever the umask; one that is there keeps its mode. */
export function makePrivateFolder(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (made !== undefined) chmodSync(path, OWNER_ONLY_FOLDER);
}

/** Before SQLite opens the database: it would make the file readable for all, within the umask. */
export function makePrivateDatabase(file: string): void {
  create(file);
  for (const path of [file, ...BESIDE_A_DATABASE.map((ending) => file + ending)])
    narrow(path, OWNER_ONLY_FILE);
}

/**
 * Does nothing where a file is, or where none can be: SQLite, which opens it next, says what is
 * wrong.
 */
function create(file: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'ax', OWNER_ONLY_FILE);
  } catch {
    return;
  }
  // The umask may have taken rights of the owner, too.
  fchmodSync(descriptor, OWNER_ONLY_FILE);
  closeSync(descriptor);
}

/**
 * Takes the rights of others off the program's own files in a data directory, and returns those
 * where it could not.
 */
export function narrowDataFiles(dataDir: string): readonly WideFile[] {
  return readdirSync(dataDir).flatMap((name) => {
    const path = join(dataDir, name);
    if (DATA_FILE.test(name)) return narrow(path, OWNER_ONLY_FILE);
    if (name !== DATA_FOLDER || !lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
      return [];
    const inside = readdirSync(path).flatMap((file) => narrow(join(path, file), OWNER_ONLY_FILE));
    return [...narrow(path, OWNER_ONLY_FOLDER), ...inside];
  });
}

/**
 * On Windows rights are not kept in modes. Another process may have taken the file away in between.
 */
function narrow(path: string, mode: number): readonly WideFile[] {
  const present = statSync(path, { throwIfNoEntry: false })?.mode;
  if (present === undefined || (present & 0o077) === 0 || process.platform === 'win32') return [];
  try {
    chmodSync(path, mode);
    return [];
  } catch (error) {
    // Node's errors of the file system carry a code
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [{ path, mode: (present & 0o777).toString(8).padStart(4, '0'), reason: String(error) }];
  }
}
