import type { EventId, StreamName } from '../shared/ids.js';
import type { Reason, RuleId } from './reasons.js';

export type FactValue = string | number | boolean | readonly string[];

/**
 * One check in the log: [rule, outcome, reason or 0, line or −1, facts or 0, indexes into
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
 * A decision in the log: compact and without texts. `gate/decision-view.ts` renders it for readers.
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
  /** The read set: every foreign stream that was loaded, with its revision; −1 if it is absent. */
  readonly reads: readonly (readonly [stream: StreamName, revision: number])[];
  /**
   * The events that the checks refer to: [index into `reads`, or −1 for the decision's own stream;
   * revision; event id].
   */
  readonly evidence: readonly (readonly [read: number, revision: number, eventId: EventId])[];
  readonly checks: readonly StoredCheck[];
}
