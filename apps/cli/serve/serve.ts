import { configured } from '../running/configured.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import type { Terminal } from '../running/terminal.js';
import type { ServeOptions } from '../verbs/serve.verb.js';

/** Promised: SIGTERM ends the service within 5 s. */
const CLOSE_WITHIN_MS = 4_800;

/** Runs the service until it is told to end; told again it goes on ending. */
export async function serve(terminal: Terminal, options: ServeOptions): Promise<ExitCode> {
  const configuration = configured(options);
  const told = toldToEnd();
  const { startService } = await import('../../api/service.js');
  const service = await startService(configuration, { announce: (line) => terminal.result(line) });
  await told;
  const late = setTimeout(() => {
    terminal.note({
      en: 'What was under way has not ended in time and is left.',
      ja: '処理中のものが時間内に終わらないため、残したまま終了します。',
    });
    process.exit(exitCodes.fine);
  }, CLOSE_WITHIN_MS);
  await service.close();
  clearTimeout(late);
  // Whatever still keeps the process alive has been closed: it need not be waited for.
  setTimeout(() => process.exit(), 100).unref();
  return exitCodes.fine;
}

/** Listened to from before the start on, so that a signal in between is not lost. The listeners stay: a second signal kills nothing. */
const toldToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
