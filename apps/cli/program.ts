import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { projectRoot } from '../../libs/application/reference-data/project-root.js';
import { exitCodeOf } from './running/failure.js';
import { languageOf } from './running/language.js';
import { Terminal } from './running/terminal.js';
import { billingCommand } from './commands/billing.command.js';
import { explainCommand } from './commands/explain.command.js';
import { exportCommand } from './commands/export.command.js';
import { importCommand } from './commands/import.command.js';
import { migrateCommand } from './commands/migrate.command.js';
import { orderCommand } from './commands/order.command.js';
import { policyCommand } from './commands/policy.command.js';
import { projectorCommand } from './commands/projector.command.js';
import { rebuildCommand } from './commands/rebuild.command.js';
import { replayCommand } from './commands/replay.command.js';
import { revenueCommand } from './commands/revenue.command.js';
import { rulesetCommand } from './commands/ruleset.command.js';
import { seedCommand } from './commands/seed.command.js';
import { serveCommand } from './commands/serve.command.js';
import { shredCommand } from './commands/shred.command.js';
import { tickCommand } from './commands/tick.command.js';
import { verifyCommand } from './commands/verify.command.js';
import { settled, CommandFrame } from './commands/command-frame.js';

/**
 * Runs the command that the arguments name. Returns its exit code: 0 success, 1 a finding, 2 wrong
 * usage, 3 could not run, 4 the log went back in time.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // `sekisho export | head` closes the pipe early; this is not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 3),
  );

  const terminal = new Terminal(languageOf(argv, process.env));
  const frame = new CommandFrame(terminal);
  const program = programOf(frame);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return frame.exitCode;
  } catch (error) {
    return exitCodeOf(error, terminal);
  }
}

/** In the order of the help: running, using, verifying, operating. */
const commands = [
  serveCommand,
  projectorCommand,
  seedCommand,
  orderCommand,
  revenueCommand,
  billingCommand,
  importCommand,
  explainCommand,
  replayCommand,
  verifyCommand,
  exportCommand,
  rebuildCommand,
  tickCommand,
  rulesetCommand,
  policyCommand,
  shredCommand,
  migrateCommand,
];

function programOf(frame: CommandFrame): Command {
  const program = settled(new Command('sekisho'), frame.terminal)
    .description(
      frame.text({
        en: 'Decides whether a Cloud Solution Provider order may be placed, and keeps the evidence of every decision.',
        ja: 'CSP の注文を受け付けてよいかを判定し、すべての判定の証拠を記録する。',
      }),
    )
    .version(
      version(),
      '-V, --version',
      frame.text({ en: 'show the version', ja: 'バージョンを表示する' }),
    )
    .option(
      '--data <dir>',
      frame.text({
        en: 'data directory (DATA_DIR, default ./data)',
        ja: 'データディレクトリ (DATA_DIR、既定 ./data)',
      }),
    )
    .addOption(
      new Option(
        '--lang <language>',
        frame.text({ en: 'language of texts (default: LANG)', ja: '表示言語 (既定: LANG)' }),
      ).choices(['en', 'ja']),
    )
    .addHelpText(
      'after',
      frame.text({
        en: '\nEvery command has its own help: sekisho <command> --help\nExit codes: 0 success, 1 a finding (a refused order, a difference), 2 wrong usage, 3 could not run, 4 the log was restored from an older copy during the run.',
        ja: '\n各コマンドのヘルプ: sekisho <コマンド> --help\n終了コード: 0 正常、1 指摘あり (注文の拒否、差異)、2 使い方の誤り、3 実行できない、4 実行中にログが古いコピーから復元された。',
      }),
    );
  for (const command of commands) program.addCommand(command(frame));
  return program;
}

function version(): string {
  const manifest = JSON.parse(
    readFileSync(join(projectRoot(import.meta.url), 'package.json'), 'utf8'),
  ) as { readonly version: string };
  return manifest.version;
}
