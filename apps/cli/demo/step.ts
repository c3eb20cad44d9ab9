import type { Command } from '@nestjs/cqrs';
import type { CommandContext, Outcome } from '../../../libs/application/decisions/context.js';

/** One command of the demonstration. Its key makes it the same command whenever the seed is repeated. */
export interface DemoStep {
  readonly key: string;
  readonly command: (context: CommandContext) => Command<Outcome<{ readonly code: string }>>;
}

export const step = (key: string, command: DemoStep['command']): DemoStep => ({ key, command });
