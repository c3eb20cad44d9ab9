import { CommandBus } from '@nestjs/cqrs';
import { ChangeProgram } from '../../../libs/application/program/program.commands.js';
import type { ProgramCommand } from '../../../libs/domain/program/program.decide.js';
import { commandContext } from '../running/command-context.js';
import type { ExitCode } from '../running/exit.js';
import { withApplication } from '../running/log-session.js';
import { reportOutcome } from '../running/outcome.js';
import type { Terminal } from '../running/terminal.js';
import type { GlobalOptions } from '../running/command-configuration.js';

/** Sends one command to the stream `program` and reports the outcome. */
export const changeProgram = (
  terminal: Terminal,
  options: GlobalOptions,
  change: ProgramCommand,
): Promise<ExitCode> =>
  withApplication(terminal, options, async (application) =>
    reportOutcome(
      terminal,
      await application.get(CommandBus).execute(new ChangeProgram(commandContext(), change)),
    ),
  );
