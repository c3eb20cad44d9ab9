import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { parseServerUrl } from '../../../libs/event-log/eventstoredb/connection-string.js';
import { tenantOf } from '../world/world.js';
import { serveParent } from './child.js';
import { usage } from './usage.js';

// The client's own rate for the least that an order appends: a claim, and then a decision, each by
// a unary call with a deadline and as large as an order's. It makes no decision and does not wait
// for a subscription.

/** Set because our calls have a deadline; it is too long to expire. */
const DEADLINE_MS = 10_000;
const METADATA_BYTES = 165;

export interface PairsLoad {
  readonly inFlight: number;
  /** Ends with whichever limit is reached first. */
  readonly forMs: number;
  readonly pairs: number;
}
export interface Pairs {
  readonly ms: number;
  /** The duration of each pair in milliseconds. */
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

/** About this many bytes of data and metadata. */
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
