import { readFileSync } from 'node:fs';
import {
  type DNSClusterOptions,
  EventStoreDBClient,
  type GossipClusterOptions,
  type SingleNodeOptions,
  START,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import grpcStreams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { endedWithin } from '../../platform/time/within.js';
import type { Host, ServerUrl } from './connection-string.js';
import { Silence } from './errors.js';
import type { AllPosition } from './position-index.js';

/** Below 10 s the client complains on the console. */
const KEEP_ALIVE_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 3_000;
/**
 * One pass over the seeds, one second each: a paused node does not answer, and the callers retry.
 */
const GOSSIP_TIMEOUT_SECONDS = 1;
const DISCOVERY_ATTEMPTS = 1;
/** A cancelled stream without a reader does not end, and the client waits for it. */
const DISPOSE_MS = 500;

type AppendArguments = Parameters<grpcStreams.StreamsClient['append']>;
/** gRPC's metadata and options of a call, as the client makes them. */
export type CallArguments = readonly [AppendArguments[0], AppendArguments[1]];

type Settings = SingleNodeOptions | DNSClusterOptions | GossipClusterOptions;

/**
 * The client without its own reconnection. That runs beside the failing call and is not awaited:
 * when its discovery fails, the rejection is unhandled, and it closes the channel under calls that
 * are about to start, whose promises then never settle. Here the channel stays, and `connection.ts`
 * replaces the whole client.
 */
export class NonReconnectingClient extends EventStoreDBClient {
  /** The node that it is connected to, once known. */
  endpoint: string | undefined;
  private closed = false;

  /** Its streams were cancelled, which to their readers looks like their end. */
  get isClosed(): boolean {
    return this.closed;
  }

  protected override readonly handleError = (): Promise<void> => Promise.resolve();

  static connect(url: ServerUrl, { generation, avoid, only }: NodeChoice): NonReconnectingClient {
    const others = url.hosts.filter(({ address, port }) => `${address}:${port}` !== avoid);
    const [first] = url.hosts;
    const settings = {
      ...(url.options.has('connectionName')
        ? { connectionName: decodeURIComponent(url.options.get('connectionName') ?? '') }
        : {}),
      // gRPC shares connections of equal options, with their backoff of up to two minutes: a new
      // client needs a connection of its own.
      keepAliveInterval: keepAliveMs(url) + generation,
      keepAliveTimeout: number(url, 'keepAliveTimeout', KEEP_ALIVE_TIMEOUT_MS),
      nodePreference: 'leader' as const,
      maxDiscoverAttempts: number(url, 'maxDiscoverAttempts', DISCOVERY_ATTEMPTS),
      discoveryInterval: number(url, 'discoveryInterval', 100),
      gossipTimeout: number(url, 'gossipTimeout', GOSSIP_TIMEOUT_SECONDS),
    };
    const endpoint = only ?? first;
    if (endpoint && (only || (url.hosts.length === 1 && !url.discover)))
      return new NonReconnectingClient({ ...settings, endpoint }, url);
    if (first && url.discover)
      return new NonReconnectingClient({ ...settings, discover: first }, url);
    return new NonReconnectingClient(
      { ...settings, endpoints: others.length > 0 ? others : [...url.hosts] },
      url,
    );
  }

  private constructor(settings: Settings, url: ServerUrl) {
    // The constructor is overloaded by kind of settings; each of them is fit for one.
    super(settings as SingleNodeOptions, channelCredentials(url), url.credentials);
    const resolve = this.resolveUri;
    this.resolveUri = async () => {
      if (this.closed) throw new Error('the client has been closed');
      this.endpoint = await resolve();
      return this.endpoint;
    };
    const execute = this.execute;
    // A call that waited for the channel would be made on a closed one, and its promise would never
    // settle.
    this.execute = (of, name, action) =>
      execute(of, name, (grpc) =>
        this.closed ? Promise.reject(new Error('Channel has been shut down')) : action(grpc),
      );
  }

  /** A gRPC call to the leader's streams service. Throws the client's errors. */
  callLeader<Answer>(
    name: string,
    deadlineMs: number,
    call: (grpc: grpcStreams.StreamsClient, callArguments: CallArguments) => Promise<Answer>,
  ): Promise<Answer> {
    return this.execute(grpcStreams.StreamsClient, name, (grpc) =>
      call(grpc, this.callArguments({ requiresLeader: true, deadline: deadlineMs })),
    );
  }

  /** A subscription to the part of `$all` that is after this position and under the prefix. */
  subscribeAfter(after: AllPosition | undefined, prefix: string): AllStreamSubscription {
    return this.subscribeToAll({
      fromPosition: after ? { commit: after.commit, prepare: after.prepare } : START,
      filter: streamNameFilter({ prefixes: [prefix] }),
    });
  }

  /**
   * Cancels its streams and closes its channel, which `dispose` leaves open. Running calls end by
   * themselves.
   */
  async close(): Promise<void> {
    this.closed = true;
    const closing = async (): Promise<void> => {
      await endedWithin(DISPOSE_MS, this.dispose(), { ref: false });
      // Without a channel this requests a new one, which a closed client refuses.
      const channel = await this.getChannel().catch(() => undefined);
      channel?.close();
    };
    // A running discovery has its own deadlines, and its channel is closed then.
    await endedWithin(2 * DISPOSE_MS, closing(), { ref: false });
  }
}

export interface NodeChoice {
  /** Counts the clients of one connection. */
  readonly generation: number;
  /** A node that did not answer, as host:port. */
  readonly avoid?: string | undefined;
  /** The leader that another node has named. */
  readonly only?: Host | undefined;
}

function channelCredentials({ options }: ServerUrl): {
  insecure: boolean;
  rootCertificate?: Buffer;
  userCertFile?: Buffer;
  userKeyFile?: Buffer;
} {
  const file = (name: string): Buffer | undefined => {
    const path = options.get(name);
    return path === undefined ? undefined : readFileSync(decodeURIComponent(path));
  };
  if (options.get('tls') === 'false') return { insecure: true };
  const [rootCertificate, userCertFile, userKeyFile] = [
    'tlsCAFile',
    'userCertFile',
    'userKeyFile',
  ].map(file);
  return {
    insecure: false,
    ...(rootCertificate && { rootCertificate }),
    ...(userCertFile && { userCertFile }),
    ...(userKeyFile && { userKeyFile }),
  };
}

function keepAliveMs(url: ServerUrl): number {
  const asked = number(url, 'keepAliveInterval', KEEP_ALIVE_MS);
  return asked < 0 ? 2 ** 30 : Math.max(asked, KEEP_ALIVE_MS);
}

const number = ({ options }: ServerUrl, name: string, unset: number): number =>
  Number(options.get(name) ?? unset);

/**
 * The client's streams: reads have `cancel`, subscriptions `unsubscribe`; leaving the loop does
 * neither.
 */
export type ServerStream =
  StreamingRead<ResolvedEvent> | StreamingRead<AllStreamResolvedEvent> | AllStreamSubscription;

const LOOKS = 4;

/**
 * The items of a server stream, until it ends or the consumer leaves. Reads have no deadline of
 * their own, so a stream that sends nothing for longer than `silenceMs` ends with an error. The
 * call is cancelled in all cases.
 */
export async function* received<Item>(
  stream: ServerStream,
  silenceMs: number,
): AsyncIterable<Item> {
  ignoreErrors(stream);
  let waitingSinceMs = performance.now();
  const watch = setInterval(() => {
    const waitedMs = performance.now() - waitingSinceMs;
    if (waitedMs > silenceMs)
      stream.destroy(new Silence(`nothing was read for ${Math.round(waitedMs)} ms`));
  }, silenceMs / LOOKS);
  try {
    for await (const item of stream.iterator({ destroyOnReturn: false })) {
      waitingSinceMs = Number.POSITIVE_INFINITY;
      yield item as Item;
      waitingSinceMs = performance.now();
    }
  } finally {
    clearInterval(watch);
    end(stream);
  }
}

/**
 * Cancels the call and discards what has arrived: the client keeps a call until its last message
 * has been read. Destroyed or without a reader, the call would be kept for ever.
 */
export function end(stream: ServerStream): void {
  ignoreErrors(stream);
  // A call that was never made, for lack of a connection, cannot be cancelled: its error was
  // reported.
  void ('cancel' in stream ? stream.cancel() : stream.unsubscribe()).catch(() => undefined);
  stream.resume();
}

/**
 * The client emits errors on streams without a consumer; without a listener they would end the
 * process.
 */
function ignoreErrors(stream: ServerStream): void {
  stream.on('error', () => undefined);
}
