import { setImmediate as eventLoopTurn, setTimeout as passing } from 'node:timers/promises';
import type { CallName } from './calls.js';
import { type DoubleOptions, EventStoreDouble, type Membership } from './event-store-double.js';
import type { NodeMember } from './node.js';
import { type Address, type Refusal, refusals } from './refusal.js';
import { type LogCopy, TransactionLog } from './transaction-log.js';

export interface ClusterOptions extends Omit<DoubleOptions, 'port' | 'log'> {
  readonly nodes?: number;
  /**
   * The time in which the others notice that the leader is gone and elect another; default: 100 ms.
   */
  readonly electionMs?: number;
  /** How long a new leader is not ready for appends; default: 30 ms. */
  readonly gettingReadyMs?: number;
  /** How long a leader that was away still believes that it leads; default: 150 ms. */
  readonly delusionMs?: number;
}

/**
 * Several doubles as one cluster: one log, one leader. It behaves as the real cluster was seen to
 * do when the leader goes away: followers still read, calls that they forward to the old leader
 * reach their deadline, the new leader is "not ready" for a moment, and events that were not
 * replicated are lost. A leader that was only paused comes back believing that it leads, and
 * answers reads from its past.
 */
export class DoubleCluster {
  static async start(options: ClusterOptions = {}): Promise<DoubleCluster> {
    const log = new TransactionLog(options.limitBytes, options.chunkBytes);
    const nodes: EventStoreDouble[] = [];
    for (let number = 0; number < (options.nodes ?? 3); number++)
      nodes.push(await EventStoreDouble.start({ ...options, log }));
    return new DoubleCluster(nodes, log, options);
  }

  #leader: EventStoreDouble;
  /** The leader that the other nodes still believe in, until the election is over. */
  #election: { readonly of: EventStoreDouble; readonly over: Promise<void> } | undefined;
  #gettingReady: EventStoreDouble | undefined;
  readonly #deluded = new Map<EventStoreDouble, Promise<unknown>>();
  readonly #away = new Set<EventStoreDouble>();

  private constructor(
    readonly nodes: readonly EventStoreDouble[],
    private readonly log: TransactionLog,
    private readonly options: ClusterOptions,
  ) {
    this.#leader = nodes[0]!;
    for (const node of nodes) node.membership = this.#membershipOf(node);
    log.beginEpoch(this.#leader.instanceId, this.#leader.nowMs());
  }

  /** A connection string with all nodes as seeds. */
  get url(): string {
    return `esdb://${this.nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}?tls=false`;
  }

  get leader(): EventStoreDouble {
    return this.#leader;
  }

  get followers(): readonly EventStoreDouble[] {
    return this.nodes.filter((node) => node !== this.#leader);
  }

  /** The leader dies; resolves when another leads. */
  async killLeader(): Promise<EventStoreDouble> {
    const old = this.#leader;
    this.#away.add(old);
    const stopped = old.stop();
    await this.#elect(old);
    await stopped;
    return old;
  }

  /** Pauses the leader with its connections open; resolves when another leads. */
  async pauseLeader(): Promise<EventStoreDouble> {
    const old = this.#leader;
    this.#away.add(old);
    old.pause();
    old.view.freeze();
    await this.#elect(old);
    return old;
  }

  /**
   * Resumes a paused leader, which takes a while to learn that it no longer leads; resolves when it
   * follows.
   */
  async resume(
    node: EventStoreDouble,
    delusion: Promise<unknown> = passing(this.options.delusionMs ?? 150),
  ): Promise<void> {
    this.#deluded.set(node, delusion);
    this.#away.delete(node);
    node.resume();
    await delusion;
    this.#deluded.delete(node);
    node.view.thaw();
    await passing(LAST_ANSWERS_MS);
    await eventLoopTurn();
    await eventLoopTurn();
    node.cutConnections();
  }

  /** Restarts a dead node as a follower. */
  async restart(node: EventStoreDouble): Promise<void> {
    await node.restart();
    node.view.thaw();
    this.#away.delete(node);
  }

  /**
   * Stops all nodes, replaces their data with the same older copy, and starts them: the first of
   * them leads.
   */
  async restore(copy: LogCopy): Promise<void> {
    await this.stop();
    this.log.restore(copy);
    this.#away.clear();
    this.#leader = this.nodes[0]!;
    for (const node of this.nodes) {
      node.view.showRestored();
      await node.restart();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  async #elect(old: EventStoreDouble): Promise<void> {
    const over = passing(this.options.electionMs ?? 100);
    this.#election = { of: old, over };
    await over;
    const next = this.nodes.find((node) => !this.#away.has(node));
    if (!next) throw new Error('no node is left to lead');
    this.log.loseTail();
    this.#election = undefined;
    this.#leader = next;
    this.#gettingReady = next;
    this.log.beginEpoch(next.instanceId, next.nowMs());
    await passing(this.options.gettingReadyMs ?? 30);
    this.#gettingReady = undefined;
  }

  #membershipOf(node: EventStoreDouble): Membership {
    return {
      leader: () => {
        if (this.#leader === node || this.#deluded.has(node)) return 'self';
        return addressOf(this.#leader);
      },
      members: () => this.nodes.map((member) => this.#member(member, node)),
      refusalByState: (name) => (CHANGES.has(name) ? this.#refusalOfChange(node) : undefined),
    };
  }

  #refusalOfChange(node: EventStoreDouble): Promise<Refusal | undefined> | undefined {
    const delusion = this.#deluded.get(node);
    // A deposed leader drops its writes when it learns of the new one.
    if (delusion) return delusion.then(() => refusals.cancelledByServer());
    if (this.#election) return this.#election.over.then(() => refusals.deadlineExceeded());
    if (this.#gettingReady === node) return Promise.resolve(refusals.notReady());
    return undefined;
  }

  #member(member: EventStoreDouble, seenBy: EventStoreDouble): NodeMember {
    const leads = this.#leader === member || (member === seenBy && this.#deluded.has(member));
    return {
      ...addressOf(member),
      instanceId: member.instanceId,
      state: leads ? 'leader' : this.#away.has(member) ? 'unknown' : 'follower',
      isAlive: !this.#away.has(member),
    };
  }
}

/** The time for replies to a deposed leader's appends before its connections are cut. */
const LAST_ANSWERS_MS = 20;

const CHANGES: ReadonlySet<CallName> = new Set(['append', 'batchAppend', 'delete', 'tombstone']);

const addressOf = ({ port }: EventStoreDouble): Address => ({ host: '127.0.0.1', port });
