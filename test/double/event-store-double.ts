import { randomUUID } from 'node:crypto';
import { type ConnectionInjector, Server, ServerCredentials } from '@grpc/grpc-js';
import { appendHandler, deleteHandler } from './append-service.js';
import { batchAppendHandler } from './batch-append-service.js';
import { type CallName, Calls } from './calls.js';
import { gossipHandler, supportedMethodsHandler } from './discovery-services.js';
import { Faults } from './faults.js';
import { NodePort } from './node-port.js';
import { LogView } from './log-view.js';
import type { Droppable, Ending, Node, NodeMember } from './node.js';
import { readHandler } from './read-service.js';
import type { Address, Refusal } from './refusal.js';
import {
  type LogCopy,
  type ProposedEvent,
  type StoredEvent,
  TransactionLog,
} from './transaction-log.js';
import { services } from './wire.js';

export interface DoubleOptions {
  /** 0 or none: any free one. A restart keeps it. */
  readonly port?: number;
  /** A log to share with the other nodes of a cluster. */
  readonly log?: TransactionLog;
  readonly commitTimeoutMs?: number;
  readonly appendLimitBytes?: number;
  /** Whether the log begins with system events, as a real one does; default: yes. */
  readonly systemEvents?: boolean;
  /** The largest size of its log; default: 1 GiB. */
  readonly limitBytes?: number;
  /** Size of the files that its log is split into; no record crosses an end. Default: 256 MiB. */
  readonly chunkBytes?: number;
}

/** How a node of a cluster learns of the others. */
export interface Membership {
  leader(): Address | 'self' | undefined;
  members(): readonly NodeMember[];
  refusalByState(name: CallName): Promise<Refusal | undefined> | undefined;
}

/** Larger than the limit of the double, so that its refusal has the real server's message. */
const SERVER_OPTIONS = { 'grpc.max_receive_message_length': 64 * 1024 * 1024 };

/**
 * A node of EventStoreDB, in this process and in memory, for the real client. It answers as version
 * 24.6 does, and fails when a test programmes it: `faults` for single calls, and the methods here
 * for the node as a whole.
 */
export class EventStoreDouble implements Node {
  static async start(options: DoubleOptions = {}): Promise<EventStoreDouble> {
    const double = new EventStoreDouble(options);
    if (!options.log && double.#writesSystemEvents) double.#beginAsRealLogsDo();
    await double.door.open();
    return double;
  }

  readonly instanceId = randomUUID();
  readonly faults = new Faults();
  readonly calls = new Calls();
  readonly log: TransactionLog;
  readonly view: LogView;
  readonly door: NodePort;
  readonly commitTimeoutMs: number;
  readonly appendLimitBytes: number;
  /** Added to the creation time of events. */
  clockOffsetMs = 0;
  membership: Membership | undefined;

  readonly #server: Server;
  readonly #injector: ConnectionInjector;
  readonly #writesSystemEvents: boolean;
  readonly #subscriptions = new Set<Droppable>();
  #paused: { readonly over: Promise<void>; readonly end: () => void } | undefined;

  private constructor(options: DoubleOptions) {
    const {
      port = 0,
      log,
      commitTimeoutMs = 2000,
      appendLimitBytes = 1024 * 1024,
      limitBytes,
      chunkBytes,
    } = options;
    this.#writesSystemEvents = options.systemEvents ?? true;
    this.log = log ?? new TransactionLog(limitBytes, chunkBytes);
    this.view = new LogView(this.log);
    this.commitTimeoutMs = commitTimeoutMs;
    this.appendLimitBytes = appendLimitBytes;
    this.#server = this.#serving();
    this.#injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.door = new NodePort(port, () => this.#injector);
  }

  get port(): number {
    return this.door.port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** The replicated events of applications, in the log's order. */
  events(): readonly StoredEvent[] {
    return this.everything().filter(({ stream }) => !stream.startsWith('$'));
  }

  /** All events of `$all`. */
  everything(): readonly StoredEvent[] {
    return Array.from({ length: this.log.replicatedCount }, (_, index) => this.log.at(index)!);
  }

  /** Writes as another writer would: statistics of the server, another application. */
  inject(
    stream: string,
    ...events: readonly { readonly type: string; readonly data?: unknown; readonly id?: string }[]
  ): void {
    this.log.append(stream, 'any', events.map(injected), this.nowMs());
  }

  /** Stops listening, cuts every connection, keeps the data. */
  async stop(): Promise<void> {
    this.resume();
    await this.door.close();
  }

  /**
   * Listens again on the same port, as after a restart: the data remains, the short memory of event
   * ids does not.
   */
  async restart(): Promise<void> {
    await this.door.close();
    this.log.forgetRecentIds();
    if (this.#writesSystemEvents && this.leader() === 'self')
      this.log.beginEpoch(this.instanceId, this.nowMs());
    await this.door.open();
  }

  /** A backup of its data, to be restored later. */
  copy(): LogCopy {
    return this.log.copy();
  }

  /** Stops, replaces its data with an older copy, and starts: the log goes back in time. */
  async restore(copy: LogCopy): Promise<void> {
    await this.stop();
    this.log.restore(copy);
    this.view.showRestored();
    await this.restart();
  }

  cutConnections(): void {
    this.door.cutAll();
  }

  /** Accepts calls and connections, but answers and delivers nothing until resumed. */
  pause(): void {
    if (this.#paused) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => (end = resolve));
    this.#paused = { over, end };
  }

  resume(): void {
    this.#paused?.end();
    this.#paused = undefined;
  }

  dropSubscriptions(how: Ending = 'error'): void {
    for (const subscription of this.#subscriptions) subscription.drop(how);
  }

  /** How many subscriptions are open. */
  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  /** Delays events in `$all` by this time after their acknowledgement. */
  lagAll(lagMs: number): void {
    this.view.lagMs = lagMs;
  }

  /**
   * From now on appends are written but not replicated: invisible to readers, and answered with a
   * timeout.
   */
  stallReplication(): void {
    this.log.stall();
  }

  resumeReplication(): void {
    this.log.proceed();
  }

  /**
   * An election that this leader loses: events that were not replicated are lost, and every
   * connection is cut.
   */
  loseTail(): number {
    const lost = this.log.loseTail();
    this.door.cutAll();
    return lost;
  }

  nowMs(): number {
    return Date.now() + this.clockOffsetMs;
  }

  awake(): Promise<void> {
    return this.#paused?.over ?? AWAKE;
  }

  refusalByState(name: CallName): Promise<Refusal | undefined> | undefined {
    return this.membership?.refusalByState(name);
  }

  leader(): Address | 'self' | undefined {
    return this.membership ? this.membership.leader() : 'self';
  }

  members(): readonly NodeMember[] {
    if (this.membership) return this.membership.members();
    return [
      {
        instanceId: this.instanceId,
        state: 'leader',
        isAlive: true,
        host: '127.0.0.1',
        port: this.port,
      },
    ];
  }

  join(subscription: Droppable): () => void {
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  #serving(): Server {
    const server = new Server(SERVER_OPTIONS);
    server.addService(services.streams, {
      Read: readHandler(this),
      Append: appendHandler(this),
      BatchAppend: batchAppendHandler(this),
      Delete: deleteHandler(this, 'delete'),
      Tombstone: deleteHandler(this, 'tombstone'),
    });
    server.addService(services.gossip, { Read: gossipHandler(this) });
    server.addService(services.serverFeatures, {
      GetSupportedMethods: supportedMethodsHandler(this),
    });
    return server;
  }

  #beginAsRealLogsDo(): void {
    this.log.beginEpoch(this.instanceId, this.nowMs());
    this.inject('$$$scavenges', {
      type: '$metadata',
      data: { $maxAge: 2_592_000, $acl: { $r: '$ops', $w: [], $d: [], $mr: [], $mw: [] } },
    });
  }
}

const AWAKE = Promise.resolve();

const injected = ({
  type,
  data,
  id,
}: {
  readonly type: string;
  readonly data?: unknown;
  readonly id?: string;
}): ProposedEvent => ({
  id: id ?? randomUUID(),
  type,
  isJson: true,
  data: Buffer.from(JSON.stringify(data ?? {})),
  metadata: new Uint8Array(),
});
