import type { Scope } from '../../../domain/shared/ids.js';
import type { Fold, Loaded } from '../states/fold.js';
import type { StateCache } from '../states/state-cache.js';
import type { CommandContext } from './command-context.js';
import { OutsideScope } from './failures.js';

/**
 * Whether a key with this scope may give the command, on the state of its target stream. A command
 * without this check needs an unscoped key.
 */
export type InScope<State> = (target: Loaded<State>, scope: Scope) => boolean | Promise<boolean>;

/** Checks a command's scope on the state that its append is guarded by. */
export class ScopeCheck {
  constructor(private readonly states: StateCache) {}

  /**
   * The state to decide on. Throws OutsideScope. A cached state may be stale: if it admits, the
   * append's expected revision finds that out; if it does not, the state is read again.
   */
  async load<State>(
    { scope }: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<Loaded<State>> {
    const target = await this.states.load(fold);
    if (scope === undefined || (await inScope?.(target, scope))) return target;
    return this.loadPresent(scope, fold, inScope);
  }

  /** For an answer that appends nothing, which no expected revision guards. */
  async requirePresent<State>(
    { scope }: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<void> {
    if (scope !== undefined) await this.loadPresent(scope, fold, inScope);
  }

  /** Returns a first answer, unless its target has left the scope since. */
  async again<Answer, State>(
    first: Answer,
    context: CommandContext,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<Answer> {
    await this.requirePresent(context, fold, inScope);
    return first;
  }

  private async loadPresent<State>(
    scope: Scope,
    fold: Fold<State>,
    inScope: InScope<State> | undefined,
  ): Promise<Loaded<State>> {
    await this.states.catchUp();
    const target = await this.states.load(fold);
    if (await inScope?.(target, scope)) return target;
    throw new OutsideScope();
  }
}
