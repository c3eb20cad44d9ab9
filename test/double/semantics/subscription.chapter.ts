import {
  END,
  eventTypeFilter,
  type Filter,
  type Position,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { event, events, type World } from './world.js';

const LARGEST = 2n ** 64n - 1n;
type Subscribe = NonNullable<Parameters<World['client']['subscribeToAll']>[0]>;

/**
 * The messages of a subscription, in order: `^` confirmed, `!` caught up, `name/revision`,
 * `(position)` for a checkpoint.
 */
class Heard {
  readonly said: string[] = [];
  readonly positions: Position[] = [];
  readonly #stop: () => Promise<void>;

  constructor(world: World, options: Subscribe, filter?: Filter & { checkpointReached?: unknown }) {
    const subscription = world.client.subscribeToAll({
      ...options,
      ...(filter && {
        filter: {
          ...filter,
          checkpointReached: async (_: unknown, { commit }: Position) =>
            void this.said.push(`(${commit})`),
        },
      }),
    });
    subscription
      .on('confirmation', () => this.said.push('^'))
      .on('caughtUp', () => this.said.push('!'))
      .on('error', (error) => this.said.push(String(error)))
      .on('data', ({ event }) => {
        this.positions.push(event!.position!);
        this.said.push(`${event!.streamId.slice(10)}/${event!.revision}`);
      });
    this.#stop = () => subscription.unsubscribe();
  }

  /** Waits for this message, then a little, and returns all messages. */
  async until(last: string, graceMs = 50): Promise<readonly string[]> {
    for (let tries = 0; tries < 250 && !this.said.includes(last); tries++) await passing(20);
    await passing(graceMs);
    return this.said;
  }

  stop(): Promise<void> {
    return this.#stop();
  }
}

const passing = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function subscriptionChapter(world: () => World): void {
  const prefix = (
    name: string,
    options: { maxSearchWindow?: number; checkpointInterval?: number } = {},
  ) => streamNameFilter({ prefixes: [world().stream(name)], ...options });

  async function hear(
    options: Subscribe,
    filter: Filter,
    work: (heard: Heard) => Promise<void>,
  ): Promise<void> {
    const heard = new Heard(world(), options, filter);
    try {
      await work(heard);
    } finally {
      await heard.stop();
    }
  }

  /** The current end of the log. */
  async function here(name: string): Promise<Position> {
    const { position } = await world().append(name, event(), 'any');
    return position!;
  }

  describe('a filtered subscription to $all', () => {
    it('confirms, returns the events after its position, a checkpoint, "caught up", then new events', async () => {
      const fromPosition = await here('sub-before');
      const { position } = await world().append('sub-a', events(2), 'no_stream');
      await hear({ fromPosition }, prefix('sub-a'), async (heard) => {
        const before = ['^', 'sub-a/0', 'sub-a/1', `(${position!.commit})`, '!'];
        expect(await heard.until('!')).toEqual(before);
        await world().append('sub-other', events(2), 'any');
        await world().append('sub-a', events(2), 1n);
        expect(await heard.until('sub-a/3')).toEqual([...before, 'sub-a/2', 'sub-a/3']);
      });
    });

    it('returns live events with the positions of a read', async () => {
      await hear({ fromPosition: END }, prefix('sub-live'), async (heard) => {
        await heard.until('!');
        await world().append('sub-live', events(3), 'no_stream');
        await heard.until('sub-live/2');
        const read: Position[] = [];
        for await (const { event } of world().client.readStream(world().stream('sub-live')))
          read.push(event!.position!);
        expect(heard.positions).toEqual(read);
      });
    });

    it('returns no event at its position, and none before', async () => {
      await world().append('sub-at', event(), 'no_stream');
      const { position } = await world().append('sub-at', event(), 0n);
      await world().append('sub-at', event(), 1n);
      await hear({ fromPosition: position! }, prefix('sub-at'), async (heard) => {
        expect((await heard.until('!')).filter((said) => said.startsWith('sub'))).toEqual([
          'sub-at/2',
        ]);
      });
    });

    it('is caught up at once at the very end, without a checkpoint', async () => {
      const fromPosition = await here('sub-end');
      await hear({ fromPosition }, prefix('sub-end'), async (heard) => {
        expect(await heard.until('!')).toEqual(['^', '!']);
      });
    });

    it('returns a checkpoint after every window of examined events, matching or not', async () => {
      await hear(
        { fromPosition: END },
        prefix('sub-w', { maxSearchWindow: 4, checkpointInterval: 1 }),
        async (heard) => {
          await heard.until('!');
          const places: bigint[] = [];
          for (let number = 0; number < 9; number++) {
            const { position } = await world().append(
              number % 2 === 0 ? 'sub-w' : 'sub-no',
              event(),
              'any',
            );
            places.push(position!.commit);
          }
          const said = (await heard.until('sub-w/4')).slice(2);
          expect(said).toEqual([
            'sub-w/0',
            'sub-w/1',
            `(${places[3]})`,
            'sub-w/2',
            'sub-w/3',
            `(${places[7]})`,
            'sub-w/4',
          ]);
        },
      );
    });

    it('returns no checkpoint twice where its window ends with the log', async () => {
      const fromPosition = await here('sub-twice');
      const { position } = await world().append('sub-even', events(4), 'no_stream');
      await hear(
        { fromPosition },
        prefix('sub-even', { maxSearchWindow: 5, checkpointInterval: 1 }),
        async (heard) => {
          const checkpoints = (await heard.until('!')).filter((said) => said.startsWith('('));
          expect(checkpoints).toEqual([`(${position!.commit})`]);
        },
      );
    });

    it('returns only new events after the largest position', async () => {
      await world().append('sub-max', event(), 'no_stream');
      await hear(
        { fromPosition: { commit: LARGEST, prepare: LARGEST } },
        prefix('sub-max'),
        async (heard) => {
          await heard.until('!');
          await world().append('sub-max', event(), 0n);
          expect(await heard.until('sub-max/1')).toEqual(['^', '!', 'sub-max/1']);
        },
      );
    });

    it('returns nothing after a position far beyond the end', async () => {
      const { commit } = await here('sub-far');
      await hear(
        { fromPosition: { commit: commit + 1_000_000_000n, prepare: commit } },
        prefix('sub-far'),
        async (heard) => {
          await heard.until('!');
          await world().append('sub-far', event(), 'any');
          expect(await heard.until('!', 200)).toEqual(['^', '!']);
        },
      );
    });

    it('is refused between two records', async () => {
      const { commit } = await here('sub-odd');
      await here('sub-odd');
      await hear(
        { fromPosition: { commit: commit + 3n, prepare: commit } },
        prefix('sub-odd'),
        async (heard) => {
          const refused = 'Error: 3 INVALID_ARGUMENT: Trying to read from an invalid position.';
          expect(await heard.until(refused)).toEqual(['^', refused]);
        },
      );
    });

    it('matches streams by expression, and types by prefix', async () => {
      const fromPosition = await here('sub-rest');
      await world().append('sub-x1', event(undefined, 'Kept'), 'any');
      await world().append('sub-x2', event(undefined, 'Dropped'), 'any');
      await world().append('sub-y1', event(undefined, 'Kept-too'), 'any');
      const byName = streamNameFilter({
        regex: `^${world().stream('').replace('.', '\\.')}sub-x\\d$`,
      });
      await hear({ fromPosition }, byName, async (heard) => {
        expect((await heard.until('!')).filter((said) => said.startsWith('sub'))).toEqual([
          'sub-x1/0',
          'sub-x2/0',
        ]);
      });
      await hear({ fromPosition }, eventTypeFilter({ prefixes: ['Kept'] }), async (heard) => {
        expect((await heard.until('!')).filter((said) => said.startsWith('sub'))).toEqual([
          'sub-x1/0',
          'sub-y1/0',
        ]);
      });
    });
  });

  it('a subscription to a stream returns its events, "caught up", then new events', async () => {
    await world().append('one', events(3), 'no_stream');
    const said: string[] = [];
    const subscription = world().client.subscribeToStream(world().stream('one'), {
      fromRevision: 0n,
    });
    subscription
      .on('data', ({ event }) => said.push(String(event!.revision)))
      .on('caughtUp', () => said.push('!'));
    for (let tries = 0; tries < 100 && !said.includes('!'); tries++) await passing(20);
    await world().append('one', event(), 2n);
    for (let tries = 0; tries < 100 && !said.includes('3'); tries++) await passing(20);
    await subscription.unsubscribe();
    expect(said).toEqual(['1', '2', '!', '3']);
  });

  it("an unfiltered subscription from the start begins with the server's own events, and has no checkpoints", async () => {
    const heard = new Heard(world(), { fromPosition: START });
    try {
      const said = await heard.until('!');
      expect(said.slice(0, 2)).toEqual(['^', '$$$scavenges/0'.slice(10)]);
      expect(said.filter((one) => one.startsWith('('))).toEqual([]);
    } finally {
      await heard.stop();
    }
  });
}
