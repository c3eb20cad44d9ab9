import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ProjectionStatus,
  RebuildStatus,
} from '../../../libs/read-models/projection-status.js';
import type { ReadModels } from '../../../libs/read-models/read-models.js';
import type { OperationReport } from '../../../libs/application/open-infrastructure.js';
import { CouldNotRun, exitCodes, type ExitCode } from '../running/exit.js';
import { withLog } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import type { GlobalOptions } from '../running/command-configuration.js';

const POLL_EVERY_MS = 50;
/** If there is no progress for this long, no process is working on it. */
const GIVE_UP_AFTER_MS = 60_000;

/**
 * Requests a rebuild from the process that has the projector's lease. This process tries to get the
 * lease too, so one process always does the work.
 */
export const rebuild = (
  terminal: Terminal,
  options: GlobalOptions,
  name: string,
): Promise<ExitCode> =>
  withLog(
    terminal,
    { ...options, mayProject: 'much', report: failuresTo(terminal) },
    async ({ log, readModels }) => {
      const head = await log.head();
      await readModels.rebuild(name);
      const progress = terminal.progress(
        { en: `Rebuilding ${name}`, ja: `${name} を作り直しています` },
        head + 1,
      );
      const status = await finished(
        readModels,
        name,
        (events) => progress.advance(events),
        terminal,
      );
      progress.done();
      return report(name, status, terminal);
    },
  );

async function finished(
  readModels: ReadModels,
  name: string,
  advanced: (events: number) => void,
  terminal: Terminal,
): Promise<RebuildStatus> {
  let position = -1;
  let movedAtMs = Date.now();
  for (;;) {
    const status = statusOf(await readModels.projections(), name);
    if (status?.finished) return status;
    if (status && status.position > position) {
      advanced(status.position - position);
      position = status.position;
      movedAtMs = Date.now();
    }
    if (Date.now() - movedAtMs > GIVE_UP_AFTER_MS) throw new CouldNotRun(terminal.text(noProgress));
    await sleep(POLL_EVERY_MS);
  }
}

const statusOf = (all: readonly ProjectionStatus[], name: string): RebuildStatus | undefined =>
  all.find((one) => one.name === name)?.rebuild;

function report(
  name: string,
  { position, comparedRows, difference, error }: RebuildStatus,
  terminal: Terminal,
): ExitCode {
  if (error !== undefined)
    throw new CouldNotRun(
      terminal.text({
        en: `${name} was not rebuilt; its tables stay as they were: ${error}`,
        ja: `${name} は作り直されず、表は元のままです: ${error}`,
      }),
    );
  const rows =
    comparedRows === undefined
      ? ''
      : terminal.text({
          en: `, ${terminal.number(comparedRows)} rows compared`,
          ja: `、比較した行 ${terminal.number(comparedRows)}`,
        });
  terminal.result(
    terminal.text({
      en: `${name} is rebuilt up to position ${position}${rows}.`,
      ja: `${name} を位置 ${position} まで作り直しました${rows}。`,
    }),
  );
  if (!difference) return exitCodes.fine;

  const { table, key, before, after } = difference;
  terminal.result(
    terminal.text({
      en: `The old rows differed from the log, first in ${table} ${key}:`,
      ja: `古い行はログと異なっていました。最初の差異は ${table} ${key}:`,
    }),
  );
  terminal.result(`  - ${before ?? ''}`);
  terminal.result(`  + ${after ?? ''}`);
  return exitCodes.finding;
}

const failuresTo =
  (terminal: Terminal) =>
  (report: OperationReport): void => {
    if (report.kind === 'projector-failed' || report.kind === 'worker-given-up')
      terminal.note(`${report.kind}: ${report.reason}`);
    if (report.kind === 'projection-stopped')
      terminal.note(
        `${report.kind}: ${report.projection} @ ${report.poison.position}: ${report.poison.reason}`,
      );
  };

const noProgress = {
  en: 'The rebuild has made no progress for a minute. Check GET /v1/projections of the running service, or stop the service and run this again.',
  ja: '1 分間、作り直しが進んでいません。動いているサービスの GET /v1/projections を確認するか、サービスを止めて再実行してください。',
};
