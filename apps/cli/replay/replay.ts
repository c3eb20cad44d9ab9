import { PriceRows } from '../../../libs/application/gate/price-rows.js';
import { resolveKnownAt } from '../../../libs/application/engine/time/known-at.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { withLog } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import { rejudgeOrders, type OtherOutcome } from './rejudgement.js';
import { replayLog } from './replay-log.js';
import { replayLines, rejudgedLines } from './replay-text.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface ReplayOptions extends GlobalOptions {
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly json?: true;
}

/**
 * Verifies the log by replaying it. With a date, also judges every order on that day.
 */
export const replay = (terminal: Terminal, options: ReplayOptions): Promise<ExitCode> =>
  withLog(terminal, options, async ({ log, clock }) => {
    const upTo = await resolveKnownAt(log, options.knownAt);
    const priceRows = new PriceRows(log);
    const progress = terminal.progress({ en: 'Replaying', ja: 'リプレイ中' }, upTo + 1);
    const { states, ...replayed } = await replayLog(log, priceRows, upTo, (events) =>
      progress.advance(events),
    );
    progress.done();

    const others = options.asOf === undefined ? undefined : await again(options.asOf);
    if (options.json)
      terminal.json({
        knownAt: String(upTo),
        ...replayed,
        ...(others && { asOf: options.asOf, differing: others }),
      });
    else
      for (const line of [
        ...replayLines(replayed, upTo, terminal),
        ...(others ? rejudgedLines(others, replayed, options.asOf ?? '', terminal) : []),
      ])
        terminal.result(line);
    return replayed.findings.length > 0 || (others?.length ?? 0) > 0
      ? exitCodes.finding
      : exitCodes.fine;

    async function again(date: string): Promise<readonly OtherOutcome[]> {
      const judging = terminal.progress(
        { en: 'Judging again', ja: '再判定中' },
        replayed.accepted + replayed.refused,
      );
      const time = { instant: clock.instant(), date, latestDate: date };
      const found = await rejudgeOrders(log, priceRows, states, time, upTo, () =>
        judging.advance(),
      );
      judging.done();
      return found;
    }
  });
