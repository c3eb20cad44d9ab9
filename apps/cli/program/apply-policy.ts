import { basename } from 'node:path';
import { isDate } from '../../../libs/domain/shared/calendar.js';
import { PublishPolicy } from '../../api/dto/policy.dto.js';
import { type ExitCode, WrongUsage } from '../running/exit.js';
import { readBody } from '../running/read-body.js';
import type { Terminal } from '../running/terminal.js';
import type { GlobalOptions } from '../running/command-configuration.js';
import { changeProgram } from './change-program.js';

/** The name of a file under `policies/` is the first day on which its policy is in force. */
export async function applyPolicy(
  terminal: Terminal,
  options: GlobalOptions,
  file: string,
  from?: string,
): Promise<ExitCode> {
  const effectiveFrom = from ?? basename(file, '.json');
  if (!isDate(effectiveFrom)) {
    throw new WrongUsage(
      terminal.text({
        en: `The name of ${file} is not a date. Give the first day in force with --from.`,
        ja: `${file} の名前が日付ではありません。--from で有効になる日を指定してください。`,
      }),
    );
  }
  const changes = await readBody(terminal, file, PublishPolicy);
  return changeProgram(terminal, options, { type: 'publish-policy', effectiveFrom, changes });
}
