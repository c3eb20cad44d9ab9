import { fieldMessage } from '../../api/http/validation/field-messages.js';
import type {
  RecordToTakeOver,
  RefusedLine,
} from '../../../libs/application/take-over/record-to-take-over.js';
import { TakeOver } from '../../../libs/application/take-over/take-over.js';
import { commandIdFrom } from '../../../libs/event-log/identity.js';
import type { GlobalOptions } from '../running/command-configuration.js';
import { actor } from '../running/command-context.js';
import { type ExitCode, exitCodes, WrongUsage } from '../running/exit.js';
import { refusalText } from '../running/failure-text.js';
import { fileSize } from '../running/file-size.js';
import { withApplication } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import { type LineFault, readTakeOverFile } from './take-over-file.js';

export interface ImportOptions extends GlobalOptions {
  readonly json?: true;
}

const KIB = 1024;
const LISTED_AT_MOST = 1_000;

/**
 * Takes over the records of a file. A service may run on the same data directory. No line is
 * imported if one of them is wrong or refused.
 */
export async function takeOver(
  terminal: Terminal,
  options: ImportOptions,
  file: string,
): Promise<ExitCode> {
  const progress = terminal.progress(
    { en: 'Reading KiB', ja: '読み取り中 (KiB)' },
    Math.ceil((await fileSize(terminal, file)) / KIB),
  );
  const { records, faults, digest } = await readTakeOverFile(file, (bytes) =>
    progress.advance(bytes / KIB),
  );
  progress.done();
  const wrong = faults.map(({ line, problems }) => ({
    line,
    reasons: reasonsOf(problems, terminal),
  }));
  if (wrong.length > 0) return rejected(terminal, wrong, options);
  if (records.length === 0) throw new WrongUsage(terminal.text(empty(file)));

  return withApplication(terminal, { ...options, mayProject: 'much' }, async (application) => {
    const takingOver = application.get(TakeOver);
    const judging = terminal.progress({ en: 'Checking lines', ja: '検査中 (行)' }, records.length);
    const refused = await takingOver.judge(records, () => judging.advance());
    judging.done();
    if (refused.length > 0) return rejected(terminal, asWrong(refused, terminal), options);

    const importing = terminal.progress(
      { en: 'Importing lines', ja: '取り込み中 (行)' },
      records.length,
    );
    let changed = 0;
    const late = await takingOver.apply(
      records,
      (line, step) => {
        const commandId = commandIdFrom(actor, `import ${digest} ${line} ${step}`);
        return { commandId, actor, correlationId: commandIdFrom(actor, `import ${digest}`) };
      },
      (hasChanged) => {
        changed += hasChanged ? 1 : 0;
        importing.advance();
      },
    );
    importing.done();
    return imported(terminal, records, changed, asWrong(late, terminal), options);
  });
}

interface WrongLine {
  readonly line: number;
  readonly reasons: readonly string[];
}

const asWrong = (refused: readonly RefusedLine[], terminal: Terminal): readonly WrongLine[] =>
  refused.map(({ line, refusal }) => ({ line, reasons: [reasonOf(refusal, terminal)] }));

function reasonOf(
  { code, path = '', rule = 'range', ...fault }: RefusedLine['refusal'],
  { language }: Terminal,
): string {
  if (code === 'malformed')
    return `${path}  ${fieldMessage({ path, code: rule, ...fault }, language)}`;
  const at = path === '' ? '' : `${path}  `;
  return Object.hasOwn(refusals, code)
    ? `${at}${code}  ${refusals[code as keyof typeof refusals][language]}`
    : `${at}${code}  ${refusalText(code, language)}`;
}

/** Refusals that no request of the API has. */
const refusals = {
  'provider-unknown': {
    en: 'The provider is not registered. Add its line to the file, or register it first.',
    ja: 'プロバイダーが登録されていません。ファイルに行を追加するか、先に登録してください。',
  },
  'provider-missing': {
    en: 'A reseller has a price only if the line names the provider that bills it.',
    ja: 'リセラー価格を指定できるのは、請求元のプロバイダーを指定した行だけです。',
  },
  'subscription-exists': {
    en: 'The log has another subscription of this id. Remove the line, or give it an id of its own.',
    ja: 'この ID を持つ別のサブスクリプションがログにあります。行を削除するか、固有の ID を指定してください。',
  },
  'subscription-repeated': {
    en: 'An earlier line is the same subscription. Give one of them a subscriptionId.',
    ja: '前の行と同じサブスクリプションです。どちらかに subscriptionId を指定してください。',
  },
} as const;

function reasonsOf(problems: LineFault['problems'], { language }: Terminal): readonly string[] {
  if (typeof problems === 'string') return [faults[problems][language]];
  return problems.map(
    (problem) => `${problem.path || '/'}  ${problem.code}  ${fieldMessage(problem, language)}`,
  );
}

const faults = {
  json: {
    en: 'The line is not a JSON object in UTF-8, or it has a name twice.',
    ja: '行が UTF-8 の JSON オブジェクトでないか、同じ名前が重複しています。',
  },
  kind: {
    en: '/kind must be "partner", "customer" or "subscription".',
    ja: '/kind は "partner"、"customer"、"subscription" のいずれかです。',
  },
  'too-long': {
    en: 'The line is longer than 64 KiB.',
    ja: '行が 64 KiB を超えています。',
  },
} as const;

function rejected(
  terminal: Terminal,
  wrong: readonly WrongLine[],
  { json }: ImportOptions,
): ExitCode {
  if (json)
    terminal.json({
      imported: 0,
      rejected: wrong.slice(0, LISTED_AT_MOST),
      rejectedCount: wrong.length,
    });
  else {
    list(terminal, wrong);
    terminal.note({
      en: `Nothing was imported: ${terminal.number(wrong.length)} lines are wrong. Correct them and import the file again.`,
      ja: `何も取り込まれていません。誤りのある行が ${terminal.number(wrong.length)} 行あります。修正してから再度取り込んでください。`,
    });
  }
  return exitCodes.finding;
}

function list(terminal: Terminal, wrong: readonly WrongLine[]): void {
  for (const { line, reasons } of wrong.slice(0, LISTED_AT_MOST))
    for (const reason of reasons)
      terminal.result(
        terminal.text({ en: `line ${line}  ${reason}`, ja: `${line} 行目  ${reason}` }),
      );
}

function imported(
  terminal: Terminal,
  records: readonly RecordToTakeOver[],
  changed: number,
  late: readonly WrongLine[],
  { json }: ImportOptions,
): ExitCode {
  const count = (kind: RecordToTakeOver['kind']): number =>
    records.filter((record) => record.kind === kind).length;
  const counts = {
    partners: count('partner'),
    customers: count('customer'),
    subscriptions: count('subscription'),
  };
  const unchanged = records.length - changed - late.length;
  if (json)
    terminal.json({
      imported: changed,
      unchanged,
      ...counts,
      rejected: late,
      rejectedCount: late.length,
    });
  else {
    list(terminal, late);
    const { partners, customers, subscriptions } = counts;
    terminal.result(
      terminal.text({
        en: `${terminal.number(partners)} partners, ${terminal.number(customers)} customers and ${terminal.number(subscriptions)} subscriptions: ${terminal.number(changed)} lines imported, ${terminal.number(unchanged)} already in the log.`,
        ja: `パートナー ${terminal.number(partners)} 件、顧客 ${terminal.number(customers)} 件、サブスクリプション ${terminal.number(subscriptions)} 件: 取り込み ${terminal.number(changed)} 行、既存 ${terminal.number(unchanged)} 行。`,
      }),
    );
    if (late.length > 0)
      terminal.note({
        en: 'The log changed while the file was imported: the lines above were refused, all others are imported. Correct them and import the file again.',
        ja: '取り込み中にログが変更され、上記の行は拒否されました。ほかの行は取り込まれています。修正してから再度取り込んでください。',
      });
  }
  return late.length > 0 ? exitCodes.finding : exitCodes.fine;
}

const empty = (file: string) => ({
  en: `${file} has no lines.`,
  ja: `${file} に行がありません。`,
});
