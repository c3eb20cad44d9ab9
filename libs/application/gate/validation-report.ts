/** The order validator's reports to the operator. Plain data. */
export type ValidationReport =
  /**
   * The validator does not know this event or ruleset. It judges no more orders, and commands are
   * refused.
   */
  | {
      readonly kind: 'standing-stopped';
      readonly position: number;
      readonly eventId: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'standing-failed';
      readonly position: number;
      readonly reason: string;
      readonly retryInMs: number;
    }
  | { readonly kind: 'standing-resumed'; readonly position: number }
  /** The stored checkpoint belongs to another log, so every order is judged again. */
  | { readonly kind: 'standing-log-differs'; readonly position: number }
  | {
      readonly kind: 'standing-checkpoint-not-kept';
      readonly position: number;
      readonly reason: string;
    }
  | { readonly kind: 'order-voided'; readonly orderId: string; readonly position: number };

export type ValidationReporter = (report: ValidationReport) => void;
