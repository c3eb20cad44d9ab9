import { serveParent } from '../children/child.js';
import { orderBodies } from '../world/orders.js';
import { bodyOf, Connection, headersOf } from './connection.js';
import { bearer, request } from './requests.js';

export interface Load {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  /** Ends with whichever limit is reached first. */
  readonly forMs: number;
  readonly orders: number;
  /** The number of customers, who order in rotation. */
  readonly customers: number;
}

export interface Loaded {
  readonly ms: number;
  /** The duration of each answer in milliseconds. */
  readonly latencies: Float64Array;
  /** The first answer, as a recording. */
  readonly sample: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** The size of a request in bytes. */
  readonly requestBytes: number;
  /** The generator's processor time for a request, in microseconds. */
  readonly generatorMicros: number;
}

/**
 * A load begins at the customer where the last load of its server ended, so that all customers have
 * the same number of orders.
 */
const turns = new Map<string, number>();
const made = new Map<string, readonly Parts[]>();
const prefix = `bench-${process.pid}-${Date.now().toString(36)}-`;

/** A request before and after its Idempotency-Key. */
type Parts = readonly string[];

async function load({ url, token, connections, forMs, orders, customers }: Load): Promise<Loaded> {
  const next = orderRequests(url, partsOf(token, customers));
  let left = orders;
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(url)));
  const latencies: number[] = [];
  let sample: Loaded['sample'] | undefined;
  const cpu = process.cpuUsage();
  const began = performance.now();
  const lane = async (connection: Connection): Promise<void> => {
    for (let sentAt = performance.now(); sentAt - began < forMs && left-- > 0;) {
      const answered = await connection.send(next());
      if (answered.status !== 201)
        throw new Error(`an order was answered ${answered.status}: ${bodyOf(answered)}`);
      sample ??= { status: 201, headers: headersOf(answered), body: bodyOf(answered) };
      const now = performance.now();
      latencies.push(now - sentAt);
      sentAt = now;
    }
  };
  await Promise.all(open.map(lane));
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  for (const connection of open) connection.close();
  if (!sample) throw new Error('no order was answered');
  return {
    ms,
    latencies: Float64Array.from(latencies),
    sample,
    requestBytes: next().length,
    generatorMicros: (user + system) / latencies.length,
  };
}

/** Everything except the key is built once, before the load. */
function partsOf(token: string, customers: number): readonly Parts[] {
  const KEY = '#idempotency-key#';
  const name = `${token} ${customers}`;
  const headers = { ...bearer(token), 'idempotency-key': KEY };
  const parts =
    made.get(name) ??
    orderBodies(customers).map((body) => request('POST', '/v1/orders', headers, body).split(KEY));
  made.set(name, parts);
  return parts;
}

/** Orders with a fresh Idempotency-Key each. */
function orderRequests(url: string, parts: readonly Parts[]): () => string {
  return () => {
    const turn = turns.get(url) ?? 0;
    turns.set(url, turn + 1);
    const [before = '', after = ''] = parts[turn % parts.length] ?? [];
    return `${before}${prefix}${turn}${after}`;
  };
}

serveParent({}, { load });
