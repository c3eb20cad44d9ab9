import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { projectRoot } from '../../libs/application/reference-data/project-root.js';
import { exitCodeOf } from './running/failure.js';
import { languageOf } from './running/language.js';
import { Terminal } from './running/terminal.js';
import { explainVerb } from './verbs/explain.verb.js';
import { exportVerb } from './verbs/export.verb.js';
import { migrateVerb } from './verbs/migrate.verb.js';
import { orderVerb } from './verbs/order.verb.js';
import { policyVerb } from './verbs/policy.verb.js';
import { projectorVerb } from './verbs/projector.verb.js';
import { rebuildVerb } from './verbs/rebuild.verb.js';
import { replayVerb } from './verbs/replay.verb.js';
import { revenueVerb } from './verbs/revenue.verb.js';
import { rulesetVerb } from './verbs/ruleset.verb.js';
import { seedVerb } from './verbs/seed.verb.js';
import { serveVerb } from './verbs/serve.verb.js';
import { shredVerb } from './verbs/shred.verb.js';
import { tickVerb } from './verbs/tick.verb.js';
import { verifyVerb } from './verbs/verify.verb.js';
import { settled, VerbFrame } from './verbs/verb.js';

/**
 * Runs the verb that the arguments name and gives its exit code: 0 fine, 1 a finding, 2 wrong
 * usage, 3 could not run, 4 the log went back in time.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // `sekisho export | head` ends the reader first: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : 3),
  );

  const terminal = new Terminal(languageOf(argv, process.env));
  const frame = new VerbFrame(terminal);
  const program = programOf(frame);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return frame.exitCode;
  } catch (error) {
    return exitCodeOf(error, terminal);
  }
}

/** In the order of the help: to run it, to use it, to prove it, to operate it. */
const verbs = [
  serveVerb,
  projectorVerb,
  seedVerb,
  orderVerb,
  revenueVerb,
  explainVerb,
  replayVerb,
  verifyVerb,
  exportVerb,
  rebuildVerb,
  tickVerb,
  rulesetVerb,
  policyVerb,
  shredVerb,
  migrateVerb,
];

function programOf(frame: VerbFrame): Command {
  const program = settled(new Command('sekisho'), frame.terminal)
    .description(
      frame.text({
        en: 'The gate in front of every Cloud Solution Provider order: nobody passes without the right papers, and it keeps a record of everyone who does.',
        ja: 'すべての CSP 注文の前に立つ関所。正しい手形のない者は通さず、通した者をすべて記録する。',
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
        en: '\nEvery verb has its own help: sekisho <command> --help\nExit codes: 0 fine, 1 a finding (a refused order, a difference), 2 wrong usage, 3 could not run, 4 the log was restored from an older copy while running.',
        ja: '\n各コマンドのヘルプ: sekisho <コマンド> --help\n終了コード: 0 正常、1 指摘あり (注文の拒否、差異)、2 使い方の誤り、3 実行できない、4 実行中にログが古いコピーから復元された。',
      }),
    );
  for (const verb of verbs) program.addCommand(verb(frame));
  return program;
}

function version(): string {
  const manifest = JSON.parse(
    readFileSync(join(projectRoot(import.meta.url), 'package.json'), 'utf8'),
  ) as { readonly version: string };
  return manifest.version;
}
