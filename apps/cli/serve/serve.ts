import { isatty } from 'node:tty';
import type { Configuration } from '../../../libs/platform/configuration.js';
import type { RunningService, StartOptions } from '../../api/service.js';
import { configured } from '../running/command-configuration.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface ServeOptions extends GlobalOptions {
  readonly port?: string;
  readonly host?: string;
  readonly projectorPort?: string;
}

/**
 * For a process with a terminal, SIGHUP means that the terminal is gone, and ends the process.
 * Otherwise it makes a service read its key file again, as is usual for background processes. The
 * launcher passes the signal on only in that case.
 */
const hangupEnds = (): boolean => process.channel === undefined && (isatty(0) || isatty(1));

/** SIGTERM must end the service within 5 s. */
const CLOSE_WITHIN_MS = 4_800;

type Start = (configuration: Configuration, options: StartOptions) => Promise<RunningService>;

/** Runs the service until a signal ends it. */
export const serve = (terminal: Terminal, options: ServeOptions): Promise<ExitCode> =>
  runUntilSignal(
    terminal,
    configured(options),
    async () => (await import('../../api/service.js')).startService,
  );

/** Runs a projector until a signal ends it. */
export const project = (terminal: Terminal, options: ServeOptions): Promise<ExitCode> =>
  runUntilSignal(
    terminal,
    configured(options),
    async () => (await import('../../projector/projector.js')).startProjector,
  );

/** Starts a server and closes it after the first signal. Later signals have no effect. */
async function runUntilSignal(
  terminal: Terminal,
  configuration: Configuration,
  load: () => Promise<Start>,
): Promise<ExitCode> {
  const signal = endSignal();
  let reload = (): Promise<void> => Promise.resolve();
  if (!hangupEnds()) process.on('SIGHUP', () => void reload());
  const start = await load();
  const service = await start(configuration, { announce: (line) => terminal.result(line) });
  reload = () => service.reload();
  const lost = await Promise.race([signal, service.mustEnd]);
  if (lost !== undefined) terminal.note(wentBack(lost));
  const exitCode = lost === undefined ? exitCodes.fine : exitCodes.logWentBack;
  const late = setTimeout(() => {
    terminal.note({
      en: 'Some work did not finish within 4.8 s and was abandoned.',
      ja: '4.8 秒以内に終わらなかった処理を中断して終了します。',
    });
    process.exit(exitCode);
  }, CLOSE_WITHIN_MS);
  await service.close();
  clearTimeout(late);
  // All resources are closed, so the process must not wait for other open handles.
  setTimeout(() => process.exit(), 100).unref();
  return exitCode;
}

const wentBack = (reason: string): Bilingual => ({
  en: `${reason}. The process ends with exit code ${exitCodes.logWentBack}. Start it again to read the log as it is now (docs/operating.md, "Restore").`,
  ja: `実行中にログが古いコピーから復元されたため、このプロセスは終了します (終了コード ${exitCodes.logWentBack})。再起動すると現在のログを読み直します (docs/operating.md の "Restore")。\n(${reason})`,
});

/**
 * The listeners are added before the start, so that no signal is lost. They stay, so that a second
 * signal does not kill the process.
 */
const endSignal = (): Promise<undefined> =>
  new Promise<undefined>((resolve) => {
    const signals: readonly NodeJS.Signals[] = [
      'SIGTERM',
      'SIGINT',
      ...(hangupEnds() ? (['SIGHUP'] as const) : []),
    ];
    for (const signal of signals) process.on(signal, () => resolve(undefined));
  });
