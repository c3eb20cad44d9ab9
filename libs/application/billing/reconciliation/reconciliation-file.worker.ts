import { parentPort, workerData } from 'node:worker_threads';
import { type FileDescriptors, readReconciliationFile } from './file-reader.js';

// as file-thread.ts passes it
parentPort?.postMessage(await readReconciliationFile(workerData as FileDescriptors));
