import type { StoredCheck, StoredDecision } from '../../../libs/domain/order/stored-decision.js';
import type { LoggedEvent, Position } from '../../../libs/event-log/event-log.js';

export type FindingKind =
  /** Positions or revisions have a gap. */
  | 'order'
  /** The event's id does not match its content. */
  | 'identity'
  /** The decision cannot be reproduced from its recorded facts. */
  | 'derivation'
  /** The events before an accepted order forbid it, or a voided order is valid. */
  | 'standing';

/** A defect of the log. */
export interface ReplayFinding {
  readonly kind: FindingKind;
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly detail: string;
}

export const finding = (
  kind: FindingKind,
  { position, stream, revision, type }: LoggedEvent,
  detail: string,
): ReplayFinding => ({
  kind,
  position,
  stream,
  revision,
  type,
  detail,
});

/** A short description of the difference. */
export function differenceOf(recorded: StoredDecision, derived: StoredDecision): string {
  const parts: string[] = [];
  if (recorded.outcome !== derived.outcome)
    parts.push(`outcome ${recorded.outcome} → ${derived.outcome}`);
  const rules = new Set([...recorded.checks, ...derived.checks].map(([rule]) => rule));
  for (const rule of rules) {
    const [before, after] = [checksOf(recorded, rule), checksOf(derived, rule)];
    if (before !== after) parts.push(`${rule} ${before} → ${after}`);
  }
  return parts.length > 0 ? parts.join('; ') : 'same checks, but other evidence, lines or total';
}

const checksOf = ({ checks }: StoredDecision, id: StoredCheck[0]): string =>
  checks
    .filter(([rule]) => rule === id)
    .map(
      ([, outcome, reason, line]) =>
        `${outcomes[outcome]}${reason === 0 ? '' : ` ${reason}`}${line < 0 ? '' : ` (line ${line + 1})`}`,
    )
    .join(', ');

const outcomes = { p: 'pass', f: 'fail', n: 'not applicable' } as const;
