import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 10 * 60_000;
const CHECK_EVERY_MS = 200;
/** After this time no process can still be removing an abandoned lock. */
const KEEP_REMNANTS_MS = 60 * 60_000;

/**
 * Runs `work` in one process at a time. The lock is a directory. It is created by renaming a
 * directory that already names its owner, and the lock of a dead owner is removed by renaming it to
 * a name that only this owner has, which succeeds only once. So two processes never have the lock,
 * neither after a crash nor if both find the same dead owner.
 */
export async function withLock(lock, { onWait = () => {}, waitMs = WAIT_MS } = {}, work) {
  mkdirSync(dirname(lock), { recursive: true });
  const id = randomUUID();
  const giveUpAt = Date.now() + waitMs;
  let reported = false;
  while (!acquire(lock, id)) {
    const owner = ownerOf(lock);
    if (owner && !isHeld(lock, owner)) {
      renamed(lock, `${lock}.abandoned-${owner.id}`);
      continue;
    }
    if (Date.now() > giveUpAt) {
      throw new Error(
        `process ${owner?.pid ?? '(unknown)'} has had the lock ${lock} for ${waitMs / 1000} s. End that process, or delete the directory.`,
      );
    }
    if (!reported && owner) onWait(owner.pid);
    reported ||= owner !== undefined;
    await sleep(CHECK_EVERY_MS);
  }
  try {
    return await work({ onStarted: (pid) => noteWorker(lock, pid) });
  } finally {
    const released = `${lock}.released-${id}`;
    if (renamed(lock, released)) rmSync(released, { recursive: true, force: true });
    sweep(lock);
  }
}

function acquire(lock, id) {
  const mine = `${lock}.${id}`;
  mkdirSync(mine);
  writeFileSync(join(mine, 'owner.json'), JSON.stringify({ id, ...identity(process.pid) }));
  const acquired = renamed(mine, lock);
  if (!acquired) rmSync(mine, { recursive: true, force: true });
  return acquired;
}

/**
 * Returns whether the rename succeeded. A rename to a directory that exists and is not empty fails
 * on every system, with different codes.
 */
function renamed(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOTEMPTY', 'EPERM', 'EACCES', 'ENOENT'].includes(error.code)) return false;
    throw error;
  }
}

/**
 * A worker (npm, the compiler) can outlive an owner that was killed. The lock is released when it
 * ends.
 */
const noteWorker = (lock, pid) =>
  writeFileSync(join(lock, 'worker.json'), JSON.stringify(identity(pid)));

/** Deletes old directories that crashes left beside the lock. */
function sweep(lock) {
  for (const name of readdirSync(dirname(lock))) {
    const path = join(dirname(lock), name);
    const isRemnant =
      name.startsWith(`${basename(lock)}.`) &&
      Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > KEEP_REMNANTS_MS;
    if (isRemnant) rmSync(path, { recursive: true, force: true });
  }
}

const ownerOf = (lock) => read(join(lock, 'owner.json'));

function isHeld(lock, owner) {
  const worker = read(join(lock, 'worker.json'));
  return isAlive(owner) || (worker !== undefined && isAlive(worker));
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const identity = (pid) => ({ pid, host: hostname(), startedAt: startedAt(pid) });

function isAlive({ pid, host, startedAt: then }) {
  // A process on another machine or in another container cannot be checked.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return then === undefined || startedAt(pid) === then;
}

/**
 * Distinguishes a process from a later one with the same pid, on systems that report the start time
 * (Linux: field 22 of /proc/<pid>/stat).
 */
function startedAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}
