import { Injectable } from '@nestjs/common';
import { refuse } from '../../domain/shared/result.js';
import { LogUnavailable, OutcomeUnknown } from '../../event-log/errors.js';
import { randomCommandId } from '../../event-log/identity.js';
import {
  ErasurePending,
  type KeyName,
  KeyStore,
  type UnfinishedErasure,
} from '../../platform/keys/key-store.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import { type Decide, decided, type Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { type PersonalDataErased, recordOf, scopeOfSubject } from '../records/subjects.js';

export type EraseRefusal = { readonly code: 'customer-unknown' | 'partner-unknown' };

/**
 * Erases personal data by destroying its key: the key is marked, destroyed and verified to be gone;
 * only then `PersonalDataErased` is appended, so that nothing says "erased" before it is true.
 * Every hash and proof over the log still verifies.
 */
@Injectable()
export class Erasures {
  private pending: () => void = () => undefined;

  constructor(
    private readonly decisions: Decisions,
    private readonly keys: KeyStore,
  ) {}

  /** Called when an erasure that was asked for may not be finished. */
  onPending(pending: () => void): void {
    this.pending = pending;
  }

  /**
   * Throws ErasurePending while something of a key is in the store's files, or the log does not say
   * so; a repeat goes on from there.
   */
  async erase(context: CommandContext, subject: string): Promise<Outcome<EraseRefusal>> {
    try {
      return await this.attempt(context, subject);
    } catch (error) {
      // Whatever came in between: the order may have been taken.
      this.pending();
      throw error;
    }
  }

  private async attempt(context: CommandContext, subject: string): Promise<Outcome<EraseRefusal>> {
    const { fold, unknown } = recordOf(subject);
    let inLog: readonly KeyName[] = [];
    let isDestroyed = false;
    const decide: Decide<typeof fold.initial, PersonalDataErased, EraseRefusal> = async (
      target,
    ) => {
      if (target.revision < 0) return refuse({ code: unknown });
      const keys = (await this.keys.generations(subject)).map((generation) => ({
        subject,
        generation,
      }));
      inLog = keys.filter(({ generation }) => target.state.erased.includes(generation));
      const events = keys
        .filter((key) => !inLog.includes(key))
        .map((data) => ({ type: 'PersonalDataErased', data }) as const);
      const first = async (): Promise<void> => {
        for (const key of keys) await this.keys.mark(key, context.actor);
        await this.keys.destroy(keys);
        isDestroyed = true;
      };
      return { ok: true, value: { events, first } };
    };
    const inScope = scopeOfSubject(subject);
    const outcome = await this.decisions
      .commit(context, fold, decide, inScope)
      .catch((error: unknown) => {
        throw isDestroyed && isOfLog(error)
          ? new ErasurePending('the log does not say yet that the key is destroyed', {
              cause: error,
            })
          : error;
      });
    // A repeat destroys what its first run has said to be erased (a copy of the keys may have been
    // put back), and no key made since.
    if (outcome.kind === 'committed')
      await this.settle(
        outcome.events.map(({ data }) => data),
        outcome.replayed,
      );
    if (outcome.kind !== 'refused') await this.settle(inLog, true);
    return outcome;
  }

  /**
   * What was ordered and not settled: a crash left it open, or somebody read the files. Throws
   * ErasurePending.
   */
  async finish(): Promise<void> {
    const unfinished = await this.keys.unfinished();
    await this.keys.destroy(unfinished);
    for (const erasure of unfinished) await this.record(erasure);
  }

  private async record({
    orderedBy = 'process:erasure',
    subject,
    generation,
  }: UnfinishedErasure): Promise<void> {
    const id = randomCommandId();
    const context = { commandId: id, actor: orderedBy, correlationId: id };
    await this.decisions.commit(context, recordOf(subject).fold, (target) =>
      decided<PersonalDataErased>(
        target.state.erased.includes(generation)
          ? []
          : [{ type: 'PersonalDataErased', data: { subject, generation } }],
      ),
    );
    await this.keys.settle({ subject, generation });
  }

  private async settle(keys: readonly KeyName[], mayBeThere: boolean): Promise<void> {
    if (mayBeThere) await this.keys.destroy(keys);
    for (const key of keys) await this.keys.settle(key);
  }
}

/** "Nothing was recorded" is not what a caller may hear of a key that is gone. */
const isOfLog = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof OutcomeUnknown;
