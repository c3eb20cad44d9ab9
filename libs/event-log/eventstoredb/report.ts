/** Reports for operators about the log's connection and index. Plain data. */
export type LogReport =
  | { readonly kind: 'log-disconnected'; readonly reason: string }
  /** `gapMs`: how long no call was answered. */
  | { readonly kind: 'log-reconnected'; readonly gapMs: number }
  | { readonly kind: 'log-client-rebuilt'; readonly reason: string }
  | {
      readonly kind: 'log-subscription-dropped';
      readonly reason: string;
      readonly retryInMs: number;
    }
  /** The server skipped events of a stream; the subscription goes back and reads them again. */
  | {
      readonly kind: 'log-subscription-gap';
      readonly stream: string;
      readonly expected: number;
      readonly received: number;
    }
  /**
   * An event under the prefix that this program has not written: it does not count as one of the
   * log.
   */
  | { readonly kind: 'log-event-foreign'; readonly stream: string; readonly revision: number }
  /** The index is of another log or was cleared: the log is counted again. */
  | { readonly kind: 'log-index-differs'; readonly position: number }
  /** The log has another event, or none, where this process has seen one: the process ends. */
  | { readonly kind: 'log-went-back'; readonly reason: string }
  | { readonly kind: 'log-index-failed'; readonly reason: string; readonly retryInMs: number };

export type LogReporter = (report: LogReport) => void;
