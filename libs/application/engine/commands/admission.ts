import type { Scope } from '../../../domain/customer/customer-scope.js';
import type { Fold, Loaded } from '../../records/folds.js';
import type { StateCache } from '../states/state-cache.js';
import type { CommandContext } from './command-context.js';
import { OutsideScope } from './failures.js';

/**
 * Whether a key with this scope may give the command, on the state of its target stream. Commands
 * without one want an unscoped key.
 */
export type InScope<State> = (target: Loaded<State>, scope: Scope) => boolean | Promise<boolean>;

/** The partner that a command is about never changes, so no state is asked for it. */
export const ofPartner =
  (partnerId: string): InScope<unknown> =>
  (_target, scope) =>
    scope.some((inScope) => inScope === partnerId);

/** Judges the scope that a command carries, on the state that its append is guarded by. */
export class Admission {
  constructor(private readonly states: StateCache) {}

  /**
   * The state to decide on. Throws OutsideScope. A cached state may be behind another process: one
   * that admits is found out by the append's expected revision, one that does not is looked at
   * again as it is now.
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

  /** A first answer, which another process may have put out of the scope since. */
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
