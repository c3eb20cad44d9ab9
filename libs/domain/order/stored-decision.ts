import type { EventId, StreamName } from '../shared/ids.js';
import type { Reason, RuleId } from './reasons.js';

export type FactValue = string | number | boolean | readonly string[];

/**
 * One check as the log keeps it: [rule, outcome, reason or 0, line or −1, facts or 0, indexes into
 * `evidence`].
 */
export type StoredCheck = readonly [
  rule: RuleId,
  outcome: 'p' | 'f' | 'n',
  reason: Reason | 0,
  lineIndex: number,
  facts: Readonly<Record<string, FactValue>> | 0,
  evidence: readonly number[],
];

/**
 * A decision as the log keeps it: compact, no texts; what the API shows is rendered from it on
 * reading.
 */
export interface StoredDecision {
  readonly v: 1;
  readonly outcome: 'accepted' | 'refused';
  /** The instant of the judgement, RFC 3339 in UTC, three decimals. */
  readonly judgedAt: string;
  /** The order's date: the UTC date of `judgedAt`, or `asOf` in an eligibility check. */
  readonly date: string;
  readonly ruleset: string;
  /** Revision of its `PolicyPublished` in `program`. */
  readonly policy: number;
  /** Every foreign stream looked at, with its revision; −1 when absent. */
  readonly reads: readonly (readonly [stream: StreamName, revision: number])[];
  /**
   * The events that prove the checks: [index into `reads` or −1 for the home stream, revision,
   * event id].
   */
  readonly evidence: readonly (readonly [read: number, revision: number, eventId: EventId])[];
  readonly checks: readonly StoredCheck[];
}
