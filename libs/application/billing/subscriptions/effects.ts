import { setTimeout as delay } from 'node:timers/promises';
import type { Recorded } from '../../../domain/shared/event.js';
import { OutcomeUnknown } from '../../../event-log/errors.js';
import type { LoggedEvent, Position } from '../../../event-log/event-log.js';
import { processCommandId } from '../../../event-log/identity.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Decide } from '../../engine/commands/decision.js';
import type { Decisions } from '../../engine/commands/decisions.js';
import { RequestInFlight } from '../../engine/commands/failures.js';
import type { Fold } from '../../engine/states/fold.js';

const AT_ONCE = 64;
const DONE_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 50;

/** The effects of one event. Every process that takes the event gives the same commands. */
export class Effects {
  constructor(
    private readonly process: string,
    private readonly decisions: Decisions,
    private readonly cause: LoggedEvent,
    /** Called with the position of each effect. */
    private readonly appended: (position: Position) => void,
  ) {}

  /** `step` distinguishes the effects of one event. */
  async commit<E extends Recorded, State>(
    step: string,
    fold: Fold<State, E>,
    decide: Decide<State, E, never>,
  ): Promise<void> {
    const context = this.contextOf(step);
    for (const until = performance.now() + DONE_WITHIN_MS; ;) {
      try {
        const { position } = await this.decisions.commit(context, fold, decide);
        return this.appended(position);
      } catch (error) {
        // Another process gives the same command: it ends, or its claim is taken over.
        if (!(error instanceof RequestInFlight)) throw error;
        if (performance.now() > until)
          throw new OutcomeUnknown(`it is not known whether "${step}" was done`, { cause: error });
        await delay(AGAIN_AFTER_MS);
      }
    }
  }

  async inParallel<Item>(
    items: readonly Item[],
    effect: (item: Item) => Promise<unknown>,
  ): Promise<void> {
    for (let from = 0; from < items.length; from += AT_ONCE)
      await Promise.all(items.slice(from, from + AT_ONCE).map(effect));
  }

  private contextOf(step: string): CommandContext {
    const { id, metadata } = this.cause;
    return {
      commandId: processCommandId(this.process, id, step),
      actor: `process:${this.process}`,
      causationId: id,
      correlationId: metadata.correlationId,
      isStep: true,
    };
  }
}
