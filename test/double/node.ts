import type { Call, CallName, Calls } from './calls.js';
import type { Faults } from './faults.js';
import type { NodePort } from './node-port.js';
import type { LogView } from './log-view.js';
import type { Address, Refusal } from './refusal.js';
import type { TransactionLog } from './transaction-log.js';

/** A node as its services see it. */
export interface Node {
  readonly log: TransactionLog;
  readonly view: LogView;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly door: NodePort;
  /** How long an append waits for replication before it is answered with a timeout. */
  readonly commitTimeoutMs: number;
  readonly appendLimitBytes: number;
  /** The source of `created`. */
  nowMs(): number;
  /** Resolves at once, or when a paused node resumes. */
  awake(): Promise<void>;
  /**
   * The refusal that the state of the cluster causes for a call; may wait for that state to change.
   */
  refusalByState(name: CallName): Promise<Refusal | undefined> | undefined;
  /** The leader, if there is one. */
  leader(): Address | 'self' | undefined;
  /** The node's members as gossip reports them. */
  members(): readonly NodeMember[];
  /** Registers a subscription for `dropSubscriptions`. Returns the function that removes it. */
  join(subscription: Droppable): () => void;
}

export interface NodeMember extends Address {
  readonly instanceId: string;
  readonly state: 'leader' | 'follower' | 'unknown';
  readonly isAlive: boolean;
}

/**
 * How a subscription ends: with an error, reset as by a server that shuts down, or without an
 * error.
 */
export type Ending = 'error' | 'reset' | 'end';

export interface Droppable {
  readonly call: Call;
  drop(how: Ending): void;
}
