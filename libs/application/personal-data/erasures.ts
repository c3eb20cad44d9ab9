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
 * Erases personal data by destroying its key. The key is marked, destroyed, and verified to be
 * gone; only then is `PersonalDataErased` appended, so no record says "erased" too early. Hashes
 * and proofs over the log remain valid.
 */
@Injectable()
export class Erasures {
  private pending: () => void = () => undefined;

  constructor(
    private readonly decisions: Decisions,
    private readonly keys: KeyStore,
  ) {}

  /** Registers a function to call when a requested erasure may be unfinished. */
  onPending(pending: () => void): void {
    this.pending = pending;
  }

  /**
   * Throws ErasurePending while parts of a key are still in the store's files, or the log has no
   * `PersonalDataErased` yet. A repeat resumes there.
   */
  async erase(context: CommandContext, subject: string): Promise<Outcome<EraseRefusal>> {
    try {
      return await this.attempt(context, subject);
    } catch (error) {
      // After any error: the key may already be marked.
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
          ? new ErasurePending('the key is destroyed, but the log does not record it yet', {
              cause: error,
            })
          : error;
      });
    // A repeat destroys the keys that its first run erased, in case a backup of the keys was
    // restored. It destroys no key that was created later.
    if (outcome.kind === 'committed')
      await this.settle(
        outcome.events.map(({ data }) => data),
        outcome.replayed,
      );
    if (outcome.kind !== 'refused') await this.settle(inLog, true);
    return outcome;
  }

  /**
   * Finishes erasures that were marked but not settled, after a crash or because another process
   * was reading the files. Throws ErasurePending.
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

/** These errors say that nothing was recorded. That would be wrong once the key is destroyed. */
const isOfLog = (error: unknown): boolean =>
  error instanceof LogUnavailable || error instanceof OutcomeUnknown;
