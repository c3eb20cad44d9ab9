import pg from 'pg';
import { STREAMS, storedEvent } from '../log.js';
import { serveParent } from './child.js';

// The time of PostgreSQL alone for the same events: one prepared INSERT in a transaction, unique by
// stream and revision.

const connectionString = process.env['BENCH_POSTGRES_URL'] ?? '';
const INSERT =
  'INSERT INTO plain_events (stream, revision, id, type, data, metadata) VALUES ($1, $2, $3, $4, $5, $6)';
const pools = new Map<number, pg.Pool>();
const revisions = new Map<string, number>();
let turn = 0;

async function insertOne(pool: pg.Pool): Promise<void> {
  const stream = `customer-${turn++ % STREAMS}`;
  const revision = (revisions.get(stream) ?? -1) + 1;
  const { id, type, data, metadata } = storedEvent();
  const values = [stream, revision, id, type, JSON.stringify(data), JSON.stringify(metadata)];
  await pool.query({ name: 'insert', text: INSERT, values });
  revisions.set(stream, revision);
}

export interface PostgresLoad {
  readonly inFlight: number;
  readonly connections: number;
  readonly forMs: number;
}

async function run({ inFlight, connections, forMs }: PostgresLoad): Promise<number> {
  const pool = pools.get(connections) ?? new pg.Pool({ connectionString, max: connections });
  pools.set(connections, pool);
  const began = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - began < forMs) {
      await insertOne(pool);
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done * 1000) / (performance.now() - began);
}

const setUp = new pg.Client({ connectionString });
await setUp.connect();
await setUp.query(`CREATE TABLE plain_events (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL,
  revision integer NOT NULL, id uuid NOT NULL, type text NOT NULL, data json NOT NULL, metadata json NOT NULL, UNIQUE (stream, revision))`);
await setUp.end();
serveParent({}, { run }, async () => {
  for (const pool of pools.values()) await pool.end();
});
