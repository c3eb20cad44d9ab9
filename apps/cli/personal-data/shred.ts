import { Erasures } from '../../../libs/application/personal-data/erasures.js';
import { commandContext } from '../running/command-context.js';
import { exitCodes, type ExitCode, WrongUsage } from '../running/exit.js';
import { withApplication } from '../running/log-session.js';
import { reportOutcome } from '../running/outcome.js';
import type { Terminal } from '../running/terminal.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface ShredOptions extends GlobalOptions {
  readonly partner?: string;
}

/**
 * Returns when the key is verified to be gone. Fails with exit code 3 while another process reads
 * the files of the key store.
 */
export async function shred(
  terminal: Terminal,
  { partner, ...options }: ShredOptions,
  tenant: string | undefined,
): Promise<ExitCode> {
  if ((partner === undefined) === (tenant === undefined))
    throw new WrongUsage(terminal.text(oneOfBoth));
  const subject = partner === undefined ? `customer:${tenant}` : `partner:${partner}`;
  return withApplication(terminal, options, async (application) => {
    const outcome = await application.get(Erasures).erase(commandContext(), subject);
    if (outcome.kind !== 'unchanged') return reportOutcome(terminal, outcome);
    terminal.note(nothingLeft);
    return exitCodes.fine;
  });
}

const oneOfBoth = {
  en: 'Give either a tenant id or --partner.',
  ja: 'テナント ID と --partner のどちらか一方を指定してください。',
};

const nothingLeft = {
  en: 'No personal data to erase: none was recorded, or it is erased already.',
  ja: '消去する個人データはありません (もともと無いか、すでに消去されています)。',
};
