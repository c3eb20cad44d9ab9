import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Append, EventLog } from '../../../libs/event-log/event-log.js';
import type { Bench, MakeLog } from '../event-log.contract.js';
import { repeats } from '../../support/repeats.js';
import { all, appendOf, collect, collectPages, stream } from '../sample-events.js';

interface Step {
  readonly stream: number;
  /** The difference between the expected revision and the stream's. */
  readonly off: number;
  readonly count: number;
  readonly guard?: { readonly stream: number; readonly off: number } | undefined;
  /** Sends an earlier step's append again. */
  readonly again?: number | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  stream: fc.nat(3),
  off: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1)),
  count: fc.integer({ min: 1, max: 3 }),
  guard: fc.option(
    fc.record({
      stream: fc.nat(3),
      off: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1)),
    }),
    {
      nil: undefined,
    },
  ),
  again: fc.option(fc.nat(20), { nil: undefined, freq: 6 }),
});

/** The log as a list: the model that the log must equal after any appends. */
class Model {
  readonly events: string[] = [];
  readonly sent: Append[] = [];
  private readonly revisions = [-1, -1, -1, -1];
  private readonly done = new Set<Append>();

  constructor(private readonly guards: boolean) {}

  next({ stream: index, off, count, guard, again }: Step): Append {
    const repeated = again === undefined ? undefined : this.sent[again];
    if (repeated !== undefined) return repeated;
    const expected = Math.max(-1, this.revisions[index]! + off);
    const guards =
      guard && this.guards
        ? [
            {
              stream: stream(`s${guard.stream}`),
              revision: Math.max(-1, this.revisions[guard.stream]! + guard.off),
            },
          ]
        : [];
    const append = appendOf(`s${index}`, expected, {
      events: Array.from({ length: count }, (_, n) => ({ data: { n }, type: `T${n}` })),
      guards,
    });
    this.sent.push(append);
    return append;
  }

  /** The expected result of the append. */
  append(append: Append): string {
    if (this.done.has(append)) return 'repeated';
    if (this.revisionOf(append.stream) !== append.expectedRevision) return 'WrongRevision';
    if (append.guards?.some((guard) => this.revisionOf(guard.stream) !== guard.revision))
      return 'GuardMoved';
    this.done.add(append);
    for (const { id } of append.events) {
      this.revisions[Number(append.stream.slice(1))]! += 1;
      this.events.push(`${append.stream}@${this.revisionOf(append.stream)} ${id}`);
    }
    return 'appended';
  }

  revisionOf(name: string): number {
    return this.revisions[Number(name.slice(1))]!;
  }
}

const outcomeOf = (appending: Promise<{ readonly repeated: boolean }>): Promise<string> =>
  appending.then(
    ({ repeated }) => (repeated ? 'repeated' : 'appended'),
    (error: Error) => error.name,
  );

async function compare(log: EventLog, model: Model, inOrder: boolean): Promise<void> {
  const events = await all(log);
  const shown = (event: (typeof events)[number]): string =>
    `${event.stream}@${event.revision} ${event.id}`;
  const sorted = (shownEvents: string[]): string[] =>
    inOrder ? shownEvents : shownEvents.toSorted();
  expect(sorted(events.map(shown))).toEqual(sorted(model.events));
  expect(events.map(({ position }) => position)).toEqual(
    model.events.map((_, position) => position),
  );
  for (let index = 0; index < 4; index++) {
    const name = `s${index}`;
    const own = model.events.filter((event) => event.startsWith(`${name}@`));
    expect((await collect(log.readStream(stream(name)))).map(shown)).toEqual(own);
    expect(
      (await collectPages(log.readAll({ after: -1, streams: [stream(name)] }))).events.map(shown),
    ).toEqual(own);
    expect(await log.revisionOf(stream(name))).toBe(model.revisionOf(name));
  }
}

export function modelChapter(bench: Bench, makeLog: MakeLog): void {
  describe('a log', () => {
    it.each([
      ['one at a time', false],
      ['all at once', true],
    ])('equals a list after any appends, %s', async (_, atOnce) => {
      const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const tested = await makeLog(() => 0);
        try {
          const model = new Model(bench.guards === 'atomic');
          const expected: string[] = [];
          const actual: Promise<string>[] = [];
          for (const each of steps) {
            const append = model.next(each);
            expected.push(model.append(append));
            actual.push(outcomeOf(tested.log.append(append)));
            if (!atOnce) await actual.at(-1);
          }
          expect(await Promise.all(actual)).toEqual(expected);
          await compare(tested.log, model, !(atOnce && bench.remote));
        } finally {
          await tested.dispose();
        }
      });
      await fc.assert(property, {
        numRuns: repeats('LOG_MODEL_RUNS', { usual: bench.remote ? 5 : 12, full: 40 }),
      });
    });
  });
}
