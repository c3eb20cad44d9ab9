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
const LOOK_EVERY_MS = 200;
/** Longer than any process can still be about to take an abandoned lock away. */
const KEEP_REMNANTS_MS = 60 * 60_000;

/**
 * One process at a time does `work`. The lock is a directory that comes into being whole, by
 * renaming one that already names its owner; a dead owner's lock is taken away by renaming it to a
 * name of that owner alone, which can succeed only once. So neither a crash nor two processes that
 * find the same dead owner can give the lock to two.
 */
export async function withLock(lock, { onWait = () => {}, waitMs = WAIT_MS } = {}, work) {
  mkdirSync(dirname(lock), { recursive: true });
  const id = randomUUID();
  const giveUpAt = Date.now() + waitMs;
  let told = false;
  while (!acquire(lock, id)) {
    const owner = ownerOf(lock);
    if (owner && !isHeld(lock, owner)) {
      renamed(lock, `${lock}.abandoned-${owner.id}`);
      continue;
    }
    if (Date.now() > giveUpAt) {
      throw new Error(
        `another process (${owner?.pid ?? 'unknown'}) has held ${lock} for long; end it, or remove that directory`,
      );
    }
    if (!told && owner) onWait(owner.pid);
    told ||= owner !== undefined;
    await sleep(LOOK_EVERY_MS);
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
 * Renaming onto a directory that is there and not empty fails on every system, each in its own
 * words.
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
 * A worker (npm, the compiler) can outlive an owner that was killed: until it ends the lock is
 * held.
 */
const noteWorker = (lock, pid) =>
  writeFileSync(join(lock, 'worker.json'), JSON.stringify(identity(pid)));

/** What crashes have left beside the lock. */
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
  // a process of another machine or container cannot be asked: wait, then tell
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  return then === undefined || startedAt(pid) === then;
}

/**
 * Tells a process from a later one with the same pid, where the system says (Linux: field 22 of
 * /proc/<pid>/stat).
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
