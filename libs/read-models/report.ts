import type { RebuildStatus } from './projection-status.js';
import type { Poison } from './store.js';

/** A report to the operator. Plain data, because it crosses threads. */
export type ReadModelReport =
  | { readonly kind: 'lease-acquired' | 'lease-lost'; readonly holder: string }
  | { readonly kind: 'projection-stopped'; readonly projection: string; readonly poison: Poison }
  | { readonly kind: 'log-differs'; readonly projection: string; readonly position: number }
  | { readonly kind: 'rebuild-started'; readonly projection: string; readonly version: number }
  | {
      readonly kind: 'rebuild-finished';
      readonly projection: string;
      readonly status: RebuildStatus;
    }
  | { readonly kind: 'projector-failed'; readonly reason: string; readonly retryInMs: number }
  | { readonly kind: 'snapshots-not-kept' | 'snapshots-not-read'; readonly reason: string }
  | { readonly kind: 'postgres-connection-lost'; readonly reason: string }
  | { readonly kind: 'worker-restarted' | 'worker-given-up'; readonly reason: string };

export type ReadModelReporter = (report: ReadModelReport) => void;
