import type { Call, CallName, Calls } from './calls.js';
import type { Faults } from './faults.js';
import type { FrontDoor } from './front-door.js';
import type { LogView } from './log-view.js';
import type { Address, Refusal } from './refusal.js';
import type { TransactionLog } from './transaction-log.js';

/** A node as its services see it. */
export interface Node {
  readonly log: TransactionLog;
  readonly view: LogView;
  readonly faults: Faults;
  readonly calls: Calls;
  readonly door: FrontDoor;
  /** How long an append waits for replication before it is answered with a timeout. */
  readonly commitTimeoutMs: number;
  readonly appendLimitBytes: number;
  /** What `created` is taken from. */
  nowMs(): number;
  /** Resolves at once, or when a paused node goes on. */
  awake(): Promise<void>;
  /**
   * What stands in the way of a call because of the state of the cluster; it may have to wait for
   * that state to change.
   */
  hindrance(name: CallName): Promise<Refusal | undefined> | undefined;
  /** Who leads, if anyone does. */
  leader(): Address | 'self' | undefined;
  /** The node's members as gossip reports them. */
  members(): readonly NodeMember[];
  /** Counts a subscription in, to be ended by `dropSubscriptions`. Returns how to count it out. */
  join(subscription: Droppable): () => void;
}

export interface NodeMember extends Address {
  readonly instanceId: string;
  readonly state: 'leader' | 'follower' | 'unknown';
  readonly isAlive: boolean;
}

/**
 * How a subscription ends: with an error, reset as by a server that shuts down, or as if nothing
 * were the matter.
 */
export type Ending = 'error' | 'reset' | 'end';

export interface Droppable {
  readonly call: Call;
  drop(how: Ending): void;
}
