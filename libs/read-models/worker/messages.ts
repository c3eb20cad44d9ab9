import type { ReadModels } from '../read-models.js';
import type { ReadModelReport } from '../report.js';
import type { StreamSnapshot } from '../opened-stores.js';
import type { WireError } from './wire-error.js';

/** The worker's start parameters. */
export interface WorkerStart {
  readonly logFile: string;
  readonly readModelsFile: string;
  readonly holder: string;
  readonly project: boolean;
}

export type RequestMethod = Exclude<keyof ReadModels, 'close'>;

export type ToWorker =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: RequestMethod;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'wake' }
  | { readonly kind: 'snapshots'; readonly kept: readonly StreamSnapshot[] }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'report'; readonly report: ReadModelReport }
  | { readonly kind: 'closed' };
