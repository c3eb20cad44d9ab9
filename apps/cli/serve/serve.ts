import type { Configuration } from '../../../libs/platform/configuration.js';
import type { RunningService, StartOptions } from '../../api/service.js';
import { configured } from '../running/configured.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { hangupEnds } from '../running/hangup.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';
import type { ServeOptions } from '../commands/serve.command.js';

/** Promised: SIGTERM ends the service within 5 s. */
const CLOSE_WITHIN_MS = 4_800;

type Start = (configuration: Configuration, options: StartOptions) => Promise<RunningService>;

/** Runs the service until it is told to end. */
export const serve = (terminal: Terminal, options: ServeOptions): Promise<ExitCode> =>
  runUntilTold(
    terminal,
    configured(options),
    async () => (await import('../../api/service.js')).startService,
  );

/** Runs a projector until it is told to end. */
export const project = (terminal: Terminal, options: ServeOptions): Promise<ExitCode> =>
  runUntilTold(
    terminal,
    configured(options),
    async () => (await import('../../projector/projector.js')).startProjector,
  );

/**
 * Starts something that serves, and ends it when this process is told to end; told again it goes on
 * ending.
 */
async function runUntilTold(
  terminal: Terminal,
  configuration: Configuration,
  load: () => Promise<Start>,
): Promise<ExitCode> {
  const told = toldToEnd();
  let reload = (): Promise<void> => Promise.resolve();
  if (!hangupEnds()) process.on('SIGHUP', () => void reload());
  const start = await load();
  const service = await start(configuration, { announce: (line) => terminal.result(line) });
  reload = () => service.reload();
  const lost = await Promise.race([told, service.mustEnd]);
  if (lost !== undefined) terminal.note(wentBack(lost));
  const exitCode = lost === undefined ? exitCodes.fine : exitCodes.logWentBack;
  const late = setTimeout(() => {
    terminal.note({
      en: 'What was under way has not ended in time and is left.',
      ja: '処理中のものが時間内に終わらないため、残したまま終了します。',
    });
    process.exit(exitCode);
  }, CLOSE_WITHIN_MS);
  await service.close();
  clearTimeout(late);
  // Whatever still keeps the process alive has been closed: it need not be waited for.
  setTimeout(() => process.exit(), 100).unref();
  return exitCode;
}

const wentBack = (reason: string): Bilingual => ({
  en: `${reason}. It ends with exit code ${exitCodes.logWentBack}; started again, it reads the log as it is now (docs/operating.md, "Restore").`,
  ja: `実行中にログが古いコピーから復元されたため、このプロセスは終了します (終了コード ${exitCodes.logWentBack})。再起動すると現在のログを読み直します (docs/operating.md の "Restore")。\n(${reason})`,
});

/**
 * Listened to from before the start on, so that a signal in between is not lost. The listeners
 * stay: a second signal kills nothing.
 */
const toldToEnd = (): Promise<undefined> =>
  new Promise<undefined>((resolve) => {
    const signals: readonly NodeJS.Signals[] = [
      'SIGTERM',
      'SIGINT',
      ...(hangupEnds() ? (['SIGHUP'] as const) : []),
    ];
    for (const signal of signals) process.on(signal, () => resolve(undefined));
  });
