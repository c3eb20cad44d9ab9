import type { LogEvent, Loose } from '../../support/answers.js';
import type { ServedAgain } from '../faults/served-again.js';
import type { Asked } from '../load/command.js';
import type { OrderRead } from '../load/ledger.js';
import type { UnexpectedEnd } from '../stand/member.js';

/** All that a run is judged by. */
export interface Evidence {
  readonly today: string;
  readonly asked: readonly Asked[];
  readonly reads: readonly OrderRead[];
  /** As the log's server has it, read without the service. */
  readonly log: readonly LogEvent[];
  readonly services: readonly ServiceEvidence[];
  /** The rows that positions are kept in beside the read models; absent: this log keeps none. */
  readonly index?: readonly IndexRow[];
  readonly servedAgain: readonly ServedAgain[];
  readonly unexpectedEnds: readonly UnexpectedEnd[];
  /** What the load could not do. */
  readonly failures: readonly string[];
}

/** What one process says of the log and of the read models, after everything. */
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
