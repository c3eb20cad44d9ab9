import type { Command } from '@nestjs/cqrs';
import type { CommandContext } from '../../../libs/application/engine/commands/command-context.js';
import type { Outcome } from '../../../libs/application/engine/commands/decision.js';
import type { CommandId } from '../../../libs/domain/shared/ids.js';
import { commandIdFrom } from '../../../libs/event-log/identity.js';

export type DemoOutcome = Outcome<{ readonly code: string }>;

/**
 * One command of the demonstration. Its key determines the command id, so a repeat is the same
 * command.
 */
export interface DemoStep {
  readonly key: string;
  readonly command: (
    context: CommandContext,
  ) => Command<DemoOutcome | { readonly outcome: DemoOutcome }>;
}

export const step = (key: string, command: DemoStep['command']): DemoStep => ({ key, command });

/** The same for every user, so that the demonstration is recorded once. */
export const demoCommandId = (key: string): CommandId =>
  commandIdFrom('process:demonstration', key);
