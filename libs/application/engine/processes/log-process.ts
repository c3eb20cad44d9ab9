import type { Recorded } from '../../../domain/shared/event.js';
import type { KnownEvent } from '../../../event-log/catalogue/catalogue.js';
import type { Position } from '../../../event-log/event-log.js';
import type { Logged } from '../commands/decision.js';

/**
 * Gives commands in reaction to events of the log. The command ids derive from the event, so
 * several instances, and an instance that repeats an event after a crash, cause each effect once.
 */
export interface LogProcess<E extends Recorded = KnownEvent> {
  /** The name of the process and of its checkpoint. */
  readonly name: string;
  /** The types of the events that it gets, in the log's order. */
  readonly types: readonly string[];
  /**
   * Called before the first event, so that the process can load the state that it needs up to this
   * position.
   */
  begin?(through: Position): Promise<void>;
  /**
   * Resolves when the event's effects are in the log. If it throws, the process gets the event
   * again.
   */
  take(event: Logged<E>): Promise<void>;
  /** The process has got every event up to this position. */
  reached?(through: Position): void;
}

/** Reports of a process that follows the log, and of the days that a service starts. Plain data. */
export type ProcessReport =
  /** This build does not know an event: the process stops, so that no event is skipped. */
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
  /** The checkpoint belongs to another log, so the process reads the whole log again. */
  | { readonly kind: 'process-log-differs'; readonly process: string; readonly position: number }
  | {
      readonly kind: 'process-checkpoint-not-kept';
      readonly process: string;
      readonly position: number;
      readonly reason: string;
    }
  | { readonly kind: 'days-not-started'; readonly reason: string; readonly retryInMs: number };

export type ProcessReporter = (report: ProcessReport) => void;
