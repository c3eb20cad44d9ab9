import { setTimeout as delay } from 'node:timers/promises';
import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { NonReconnectingClient } from '../../../libs/event-log/eventstoredb/client.js';
import { parseServerUrl } from '../../../libs/event-log/eventstoredb/connection-string.js';
import { EventStoreDouble } from '../../double/event-store-double.js';
import { appendOf, settle } from '../sample-events.js';
import { DoubleWorld } from './double-world.js';

let double: EventStoreDouble;
let seeds: string;

beforeEach(async () => {
  double = await EventStoreDouble.start();
  seeds = `esdb://127.0.0.1:${double.port},127.0.0.1:1?tls=false&maxDiscoverAttempts=1`;
});
afterEach(() => double.stop());

/**
 * One call is refused, a second waits, a third begins with a new discovery: then the node goes
 * away.
 */
async function goAwayInBetween(client: EventStoreDBClient): Promise<void> {
  const append = (stream: string) =>
    client
      .appendToStream(stream, jsonEvent({ type: 'T', data: {} }), {
        credentials: { username: 'a', password: 'b' },
        expectedRevision: 'no_stream',
        deadline: 2_000,
      })
      .catch(() => undefined);
  await append('first');
  double.faults.add('hold-reply', { stream: 'held' });
  double.faults.add('unavailable', { stream: 'refused' });
  const waiting = append('held');
  await delay(20);
  await append('refused');
  const next = append('next');
  await double.stop();
  await Promise.all([waiting, next]);
  await delay(50);
}

/**
 * The client's own reconnection runs beside the failing call, and no caller awaits it; Jest fails a
 * test that leaves a rejection unhandled.
 */
it('a discovery that fails while calls are under way leaves no rejection unhandled', async () => {
  const client = NonReconnectingClient.connect(parseServerUrl(seeds), { generation: 1 });
  await goAwayInBetween(client);
  await client.close();
});

it('a closed client fails a call that waits for its channel', async () => {
  const client = NonReconnectingClient.connect(parseServerUrl(seeds), { generation: 1 });
  const gossip = double.faults.add('hold-reply', { call: 'gossip' });
  const appending = client.appendToStream('a', jsonEvent({ type: 'T', data: {} }), {
    credentials: { username: 'a', password: 'b' },
  });
  const refused = expect(appending).rejects.toThrow('Channel has been shut down');
  await delay(50);
  const closing = client.close();
  gossip.release();
  await closing;
  await refused;
});

it('seeds that go away and come back under load leave no rejection unhandled and no append unsettled', async () => {
  const world = new DoubleWorld();
  const log = await world.open(seeds);
  let number = 0;
  const appends: Promise<unknown>[] = [];
  for (let round = 0; round < 6; round++) {
    for (let some = 0; some < 20; some++)
      appends.push(log.append(appendOf(`s-${number++}`, -1)), delay(some % 3));
    await delay(20);
    if (round % 2 === 0) double.cutConnections();
    else await double.stop();
    for (let some = 0; some < 20; some++) appends.push(log.append(appendOf(`s-${number++}`, -1)));
    await delay(round * 40);
    await double.restart();
  }
  const { errors } = await settle(appends);
  expect(errors.filter((name) => name !== 'OutcomeUnknown' && name !== 'LogUnavailable')).toEqual(
    [],
  );
  await expect(log.append(appendOf('last', -1))).resolves.toHaveProperty('repeated', false);
  await world.close();
});
