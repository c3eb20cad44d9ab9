import { randomUUID } from 'node:crypto';
import { mkdir, open, type FileHandle, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Earlier releases called them `revenue-import-….rows`. */
const NAME = /^(upload|revenue-import)-[0-9a-f-]{36}\.rows$/;
const FORGOTTEN_AFTER_MS = 60_000;

/**
 * The folder for uploads while they are read, in the data directory. A class, so that it can be
 * injected.
 */
export class SpoolFolder {
  constructor(readonly path: string) {}
}

/**
 * A new file for what may not fit in memory. It is unlinked while it is used, so no file is left
 * however the process ends.
 */
export async function openUnlinkedFile(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeForgotten(folder);
  const path = join(folder, `upload-${randomUUID()}.rows`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}

/** A process that ends after creating its file and before unlinking it leaves an empty file. */
async function removeForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!NAME.test(name)) continue;
    const path = join(folder, name);
    // the file may be gone already
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > FORGOTTEN_AFTER_MS) await rm(path, { force: true });
  }
}
