import type { LogEvent, Loose } from '../../support/answers.js';
import type { ServedAgain } from '../faults/served-again.js';
import type { Asked } from '../load/command.js';
import type { OrderRead } from '../load/ledger.js';
import type { UnexpectedEnd } from '../deployment/member.js';

/** The evidence of a run: everything that the checks use. */
export interface Evidence {
  readonly today: string;
  readonly asked: readonly Asked[];
  readonly reads: readonly OrderRead[];
  /** Read from the log's server without the service. */
  readonly log: readonly LogEvent[];
  readonly services: readonly ServiceEvidence[];
  /** The rows of the position index. Absent if this log has no index. */
  readonly index?: readonly IndexRow[];
  readonly servedAgain: readonly ServedAgain[];
  readonly unexpectedEnds: readonly UnexpectedEnd[];
  /** The failures of the load itself. */
  readonly failures: readonly string[];
}

/** What one process returns for the log and the read models after the run. */
export interface ServiceEvidence {
  readonly process: string;
  readonly log: readonly LogEvent[];
  readonly orders: readonly Loose[];
  readonly customers: readonly Loose[];
  readonly partners: readonly Loose[];
  readonly projections: readonly Loose[];
}

export interface IndexRow {
  readonly position: number;
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
}
