/**
 * What an operator should hear of a process that follows the log, or of the days that the service
 * starts. Plain data.
 */
export type ProcessReport =
  /**
   * An event that this build does not know: the process does nothing more, and nothing is skipped.
   */
  | {
      readonly kind: 'process-stopped';
      readonly process: string;
      readonly position: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'process-failed';
      readonly process: string;
      readonly position: number;
      readonly reason: string;
      readonly retryInMs: number;
    }
  | { readonly kind: 'process-resumed'; readonly process: string; readonly position: number }
  /** The checkpoint kept is of another log: the process looks at everything again. */
  | { readonly kind: 'process-log-differs'; readonly process: string; readonly position: number }
  | {
      readonly kind: 'process-checkpoint-not-kept';
      readonly process: string;
      readonly position: number;
      readonly reason: string;
    }
  | { readonly kind: 'days-not-started'; readonly reason: string; readonly retryInMs: number };

export type ProcessReporter = (report: ProcessReport) => void;
