import { randomUUID } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';

// Emmett on PostgreSQL as fast as it goes: its store on a pool that is kept open, so many
// connections as it is asked to use.
const STREAMS = 1_000;
const connectionString = process.env.BENCH_POSTGRES_URL;
const stores = new Map();

async function storeOn(connections) {
  if (!stores.has(connections)) {
    const pool = new pg.Pool({ connectionString, max: connections });
    stores.set(connections, {
      store: getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } }),
      pool,
    });
  }
  return stores.get(connections).store;
}

const data = {
  tenantId: randomUUID(),
  legalName: 'Kaminari Shoten K.K.',
  country: 'JP',
  filling: 'x'.repeat(250),
  qualifications: [],
};
const versions = new Map();
let turn = 0;

async function appendOne(store) {
  const stream = `customer-${turn++ % STREAMS}`;
  const metadata = {
    commandId: randomUUID(),
    index: 0,
    actor: 'key:bench',
    correlationId: randomUUID(),
  };
  const expectedStreamVersion = versions.get(stream) ?? 'STREAM_DOES_NOT_EXIST';
  const events = [{ type: 'CustomerRegistered', data, metadata }];
  const { nextExpectedStreamVersion } = await store.appendToStream(stream, events, {
    expectedStreamVersion,
  });
  versions.set(stream, nextExpectedStreamVersion);
}

async function run({ inFlight, connections, forMs }) {
  const store = await storeOn(connections);
  const began = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() - began < forMs) {
      await appendOne(store);
      done++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (done * 1000) / (performance.now() - began);
}

process.on('message', async ({ id, argument }) => {
  try {
    process.send({ id, value: await run(argument) });
  } catch (error) {
    process.send({ id, failure: String(error.stack) });
  }
});
process.once('disconnect', () => process.exit(0));
await (await storeOn(1)).schema.migrate();
process.send({ ready: {} });
