import type { Policy } from '../../../domain/program/policy.js';
import type { EventLog, Position } from '../../../event-log/event-log.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import type { StateCache } from '../../engine/states/state-cache.js';
import type { ChargeRecorder } from './charge-recorder.js';
import type { DueCharges } from './due-charges.js';
import type { Effects } from './effects.js';

/** What the effects of one event need. */
export interface EffectContext {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  readonly states: StateCache;
  readonly effects: Effects;
  readonly due: DueCharges;
  readonly recorder: ChargeRecorder;
  readonly policyOn: (day: string) => Policy;
  /** The last day whose beginning was taken. */
  readonly today: string;
  /** The event, and the process's own appends: scans of read models must include them. */
  readonly covering: () => Position;
}
