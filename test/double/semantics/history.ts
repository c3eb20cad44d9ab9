import type { AppendExpectedRevision, EventData } from '@eventstore/db-client';
import { Random } from '../../support/random.js';
import { event, failure, type World } from './world.js';

const STEPS = 150;
const STREAMS = ['h-1', 'h-2', 'h-3'];

export interface History {
  readonly steps: readonly string[];
  /** The final events of the streams, as letters. */
  readonly final: readonly string[];
}

/** Random appends from a small set of events, so that they repeat each other in every way. */
export async function historyOf(world: World, seed: number): Promise<History> {
  const random = new Random(seed);
  const stock = Array.from({ length: 30 }, () => event());
  const { position: origin } = await world.append('h-origin', event(), 'no_stream');
  const known = new Map<string, number>(STREAMS.map((stream) => [stream, -1]));
  const steps: string[] = [];
  for (let step = 0; step < STEPS; step++) {
    const stream = random.of(STREAMS);
    const from = random.below(stock.length);
    const batch = stock.slice(from, from + 1 + random.below(4));
    const expected = expectedAt(random, known.get(stream)!);
    const outcome = await failure(world.append(stream, batch, expected));
    const { nextExpectedRevision, position } = (outcome['answered'] ?? {}) as Partial<
      Awaited<ReturnType<World['append']>>
    >; // what append gives
    if (nextExpectedRevision !== undefined)
      known.set(stream, Math.max(known.get(stream)!, Number(nextExpectedRevision)));
    const gives = position
      ? `${nextExpectedRevision} at ${position.commit - origin!.commit}`
      : `${outcome['is']} ${outcome['actualVersion']}`;
    steps.push(`${stream} ${from}+${batch.length} at ${expected}: ${gives}`);
  }
  return {
    steps,
    final: await Promise.all(STREAMS.map((stream) => finalEventsOf(world, stream, stock))),
  };
}

/** Never "any": the server promises nothing about its memory of ids without a revision. */
function expectedAt(random: Random, last: number): AppendExpectedRevision {
  const revision = random.below(2) === 0 ? last : random.below(last + 4) - 1;
  return revision < 0 ? 'no_stream' : BigInt(revision);
}

async function finalEventsOf(
  world: World,
  name: string,
  stock: readonly EventData[],
): Promise<string> {
  const ids = stock.map(({ id }) => id);
  const found: number[] = [];
  for await (const { event } of world.client.readStream(world.stream(name)))
    found.push(ids.indexOf(event!.id));
  return `${name}: ${found.join(' ')}`;
}

export const resultsOf = ({ steps, final }: History): readonly string[] => [...steps, ...final];
