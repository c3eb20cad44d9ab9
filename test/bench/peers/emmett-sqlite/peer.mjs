import { randomUUID } from 'node:crypto';
import {
  appendToStream,
  createEventStoreSchema,
  sqliteConnection,
} from '@event-driven-io/emmett-sqlite';

// Emmett on SQLite as fast as it goes: one connection kept open (its event store opens one a call),
// the same pragmas as the log's.
const STREAMS = 1_000;
const connection = sqliteConnection({ fileName: process.env.BENCH_FILE });
for (const pragma of [
  'journal_mode = WAL',
  'synchronous = FULL',
  'cache_size = -65536',
  'wal_autocheckpoint = 1000',
])
  await connection.query(`PRAGMA ${pragma}`);
await createEventStoreSchema(connection);

const data = {
  tenantId: randomUUID(),
  legalName: 'Kaminari Shoten K.K.',
  country: 'JP',
  filling: 'x'.repeat(250),
  qualifications: [],
};
const versions = new Map();
let turn = 0;

async function appendOne() {
  const stream = `customer-${turn++ % STREAMS}`;
  const version = versions.get(stream);
  const metadata = {
    commandId: randomUUID(),
    index: 0,
    actor: 'key:bench',
    correlationId: randomUUID(),
  };
  const events = [{ type: 'CustomerRegistered', data, metadata }];
  const expectedStreamVersion = version ?? 'STREAM_DOES_NOT_EXIST';
  const { success, nextStreamPosition } = await appendToStream(
    connection,
    stream,
    'customer',
    events,
    { expectedStreamVersion },
  );
  if (!success) throw new Error(`the append to ${stream} was refused`);
  versions.set(stream, nextStreamPosition);
}

async function run(forMs) {
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < forMs) {
    await appendOne();
    done++;
  }
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
process.send({ ready: {} });
