/** What an operator should hear of the log's connection. Plain data. */
export type LogReport =
  | { readonly kind: 'log-disconnected'; readonly reason: string }
  /** How long nothing was answered. */
  | { readonly kind: 'log-reconnected'; readonly gapMs: number }
  | { readonly kind: 'log-client-rebuilt'; readonly reason: string }
  | {
      readonly kind: 'log-subscription-dropped';
      readonly reason: string;
      readonly retryInMs: number;
    }
  /** The server left out events of a stream; the subscription goes back and asks again. */
  | {
      readonly kind: 'log-subscription-gap';
      readonly stream: string;
      readonly expected: number;
      readonly received: number;
    }
  /** Under the prefix, but not written by this program: it is no event of the log. */
  | { readonly kind: 'log-event-foreign'; readonly stream: string; readonly revision: number }
  /** The index is of another log, or was cleared: it is counted anew. */
  | { readonly kind: 'log-index-differs'; readonly position: number }
  /** Another event, or none, where this process has seen one: the process ends. */
  | { readonly kind: 'log-went-back'; readonly reason: string }
  | { readonly kind: 'log-index-failed'; readonly reason: string; readonly retryInMs: number };

export type LogReporter = (report: LogReport) => void;
