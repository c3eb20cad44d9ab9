import { Injectable } from '@nestjs/common';
import type { Recorded } from '../../domain/shared/event.js';
import { refuse } from '../../domain/shared/result.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import { randomCommandId } from '../../event-log/identity.js';
import { KeyStore } from '../../platform/keys/key-store.js';
import type { CommandContext, Outcome } from '../decisions/context.js';
import { decided, Decisions } from '../decisions/decisions.js';
import { recordOf } from './subject.js';

export type EraseRefusal = { readonly code: 'customer-unknown' | 'partner-unknown' };
type PersonalDataErased = Recorded<'PersonalDataErased', { subject: string; generation: number }>;

/**
 * Erases personal data by destroying its key: the key is marked, `PersonalDataErased` is appended, the key is destroyed. Every hash
 * and proof over the log still verifies.
 */
@Injectable()
export class Erasures {
  constructor(
    private readonly decisions: Decisions,
    private readonly keys: KeyStore,
  ) {}

  async erase(context: CommandContext, subject: string): Promise<Outcome<EraseRefusal>> {
    const { fold, unknown } = recordOf(subject);
    let erasedBefore: readonly number[] = [];
    const outcome = await this.decisions.commit<typeof fold.initial, PersonalDataErased, EraseRefusal>(context, fold, async (home) => {
      if (home.revision < 0) return refuse({ code: unknown });
      const generations = await this.keys.generations(subject);
      const open = generations.filter((generation) => !home.state.erased.includes(generation));
      erasedBefore = generations.filter((generation) => home.state.erased.includes(generation));
      const events = open.map((generation) => ({ type: 'PersonalDataErased', data: { subject, generation } }) as const);
      const first = async (): Promise<void> => {
        for (const generation of open) await this.keys.mark(subject, generation);
      };
      return { ok: true, value: { events, first } };
    });
    // A repeat destroys what its first run has said to be erased, and no key that was made since.
    if (outcome.kind === 'committed') await this.destroy(subject, outcome.events.map(generationOf));
    if (outcome.kind === 'unchanged') await this.destroy(subject, erasedBefore);
    return outcome;
  }

  /** At start: what a crash between the marking and the destruction left open. Only marked keys are looked at. */
  async finish(): Promise<void> {
    for (const { subject, generation } of await this.keys.marked()) {
      const id = randomCommandId();
      const context = { commandId: id, actor: 'process:erasure', correlationId: id };
      await this.decisions.commit<{ readonly erased: readonly number[] }, PersonalDataErased, never>(
        context,
        recordOf(subject).fold,
        (home) =>
          decided<PersonalDataErased>(
            home.state.erased.includes(generation) ? [] : [{ type: 'PersonalDataErased', data: { subject, generation } }],
          ),
      );
      await this.destroy(subject, [generation]);
    }
  }

  private async destroy(subject: string, generations: readonly number[]): Promise<void> {
    for (const generation of generations) await this.keys.destroy(subject, generation);
  }
}

const generationOf = ({ data }: LoggedEvent): number => (data as PersonalDataErased['data']).generation; // an erasure appends nothing else
