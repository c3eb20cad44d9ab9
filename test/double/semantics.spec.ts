import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventStoreDouble } from './event-store-double.js';
import { appendChapter } from './semantics/append.chapter.js';
import { deletionChapter } from './semantics/deletion.chapter.js';
import { historyOf, resultsOf } from './semantics/history.js';
import { readChapter } from './semantics/read.chapter.js';
import { subscriptionChapter } from './semantics/subscription.chapter.js';
import { World } from './semantics/world.js';

// The answers of a server of version 24.6, in one table for the double and for a real one: it
// proves that the double behaves like the server.

function semantics(
  open: () => Promise<{ readonly url: string; readonly close: () => Promise<void> }>,
): void {
  let server: Awaited<ReturnType<typeof open>>;
  let world: World;

  beforeAll(async () => {
    server = await open();
    world = new World(server.url);
  });
  afterAll(async () => {
    await world.dispose();
    await server.close();
  });

  appendChapter(() => world);
  readChapter(() => world);
  deletionChapter(() => world);
  subscriptionChapter(() => world);
}

async function openDouble() {
  const double = await EventStoreDouble.start();
  return { url: double.url, close: () => double.stop() };
}

describe('the double', () => {
  semantics(openDouble);
});

const url = process.env['EVENTSTOREDB_URL'];
(url === undefined ? describe.skip : describe)('the real server (EVENTSTOREDB_URL)', () => {
  semantics(() => Promise.resolve({ url: url ?? '', close: () => Promise.resolve() }));

  it.each([1, 2, 3, 4, 5])(
    "returns the double's results for the random appends of seed %d",
    async (seed) => {
      const double = await openDouble();
      const worlds = [new World(double.url), new World(url ?? '')];
      const [ofDouble, ofServer] = await Promise.all(worlds.map((world) => historyOf(world, seed)));
      for (const world of worlds) await world.dispose();
      await double.close();
      expect(resultsOf(ofServer!)).toEqual(resultsOf(ofDouble!));
    },
  );
});
