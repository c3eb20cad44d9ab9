import type { Proposed, Recorded } from '../event.js';
import { eventId, streamName } from '../ids.js';
import type { Result } from '../result.js';

/** A stream built by a test: the accepted commands, in order, and the resulting state. */
export class Story<State, E extends Recorded, Command, Refusal> {
  readonly events: E[] = [];

  constructor(
    private current: State,
    private readonly evolve: (state: State, event: E) => State,
    private readonly decide: (
      command: Command,
      state: State,
    ) => Result<readonly Proposed<E>[], Refusal>,
  ) {}

  get state(): State {
    return this.current;
  }

  /** Decides without recording. */
  asks(command: Command): Result<readonly Proposed<E>[], Refusal> {
    return this.decide(command, this.current);
  }

  /** Decides and records; returns the ids of what was recorded. A refusal fails the test. */
  does(command: Command): readonly string[] {
    const result = this.asks(command);
    if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
    return result.value.map((event) => this.record(event));
  }

  record({ type, data }: Proposed<E>): string {
    const revision = this.events.length;
    const id = `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`;
    // A proposal of this union, with the envelope that a log gives it, is an event of this union.
    const event = {
      id: eventId(id),
      type,
      version: 1,
      stream: streamName('story'),
      revision,
      recordedAt: '2026-11-22T09:00:00.000Z',
      data,
    } as unknown as E;
    this.events.push(event);
    this.current = this.evolve(this.current, event);
    return id;
  }
}
