import { Worker } from 'node:worker_threads';
import { type FileDescriptors, readReconciliationFile, type ReadFile } from './file-reader.js';

const WORKER = new URL('./reconciliation-file.worker.js', import.meta.url);
/** False when run from sources (tests): then there is no compiled worker. */
const isCompiled = import.meta.url.endsWith('.js');
/** A JSON array of 64 MiB is parsed as a whole. */
const resourceLimits = { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 16 };

/** Reads a file in a separate thread, so that a long one does not delay orders. */
export async function readReconciliationFileAside(files: FileDescriptors): Promise<ReadFile> {
  if (!isCompiled) return readReconciliationFile(files);
  const worker = new Worker(WORKER, { workerData: files, resourceLimits });
  try {
    return await new Promise<ReadFile>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new Error(`the thread that reads reconciliation files ended with code ${code}`)),
      );
    });
  } finally {
    // The files are closed next, and their descriptors may be used again.
    await worker.terminate();
  }
}
