import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { parseServerUrl } from '../../../libs/event-log/eventstoredb/connection-string.js';
import { tenantOf } from '../world/world.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// The client's own rate of what an order must at least append: a claim, and then, behind it, a
// decision; both by the unary call, with a deadline, as large as an order's. Nothing else: nobody
// judges, reads or waits for a subscription.

/** There so that the call has one, as ours do; long enough never to be met. */
const DEADLINE_MS = 10_000;
const METADATA_BYTES = 165;

export interface PairsLoad {
  readonly inFlight: number;
  /** It ends with whichever is reached first. */
  readonly forMs: number;
  readonly pairs: number;
}
export interface Pairs {
  readonly ms: number;
  /** How long each pair took, in milliseconds. */
  readonly latencies: Float64Array;
}

const url = process.env['EVENTSTOREDB_URL'] ?? '';
const prefix = process.env['BENCH_PREFIX'] ?? '';
const customers = Number(process.env['BENCH_CUSTOMERS']);
const credentials = parseServerUrl(url).credentials ?? {
  username: 'anybody',
  password: 'insecure',
};
const client = EventStoreDBClient.connectionString(url);
const claimBytes = Number(process.env['BENCH_CLAIM_BYTES']);
const decisionBytes = Number(process.env['BENCH_DECISION_BYTES']);

const revisions = new Map<string, bigint>();
let turn = 0;

async function appendPair(): Promise<void> {
  const command = randomUUID();
  const stream = `${prefix}customer-${tenantOf(turn++ % customers)}`;
  const claim = eventOf('Claimed', command, claimBytes);
  await client.appendToStream(`${prefix}command-${command}`, [claim], {
    expectedRevision: 'no_stream',
    credentials,
    deadline: DEADLINE_MS,
  });
  const expectedRevision = revisions.get(stream) ?? 'no_stream';
  const decision = eventOf('OrderPlaced', command, decisionBytes);
  const { nextExpectedRevision } = await client.appendToStream(stream, [decision], {
    expectedRevision,
    credentials,
    deadline: DEADLINE_MS,
  });
  revisions.set(stream, nextExpectedRevision);
}

/** So many bytes, about, of data and metadata. */
function eventOf(type: string, command: string, bytes: number) {
  const metadata = {
    commandId: command,
    index: 0,
    actor: 'key:order-entry',
    correlationId: command,
  };
  return jsonEvent({
    type,
    data: { filling: 'x'.repeat(Math.max(0, bytes - METADATA_BYTES)) },
    metadata,
  });
}

async function run({ inFlight, forMs, pairs }: PairsLoad): Promise<Pairs> {
  const latencies: number[] = [];
  let left = pairs;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    for (let startedAt = performance.now(); startedAt - began < forMs && left-- > 0;) {
      await appendPair();
      const now = performance.now();
      latencies.push(now - startedAt);
      startedAt = now;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { ms: performance.now() - began, latencies: Float64Array.from(latencies) };
}

serveParent({}, { run, usage }, () => client.dispose());
