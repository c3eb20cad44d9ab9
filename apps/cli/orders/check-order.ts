import { EligibilityChecks } from '../../../libs/application/orders/eligibility-check.js';
import { addMonthsClamped } from '../../../libs/domain/shared/calendar.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { EligibilityCheckDto } from '../../api/dto/orders.dto.js';
import { exitCodes, type ExitCode, WrongUsage } from '../running/exit.js';
import { withApplication } from '../running/log-session.js';
import { readBody } from '../running/read-body.js';
import type { Terminal } from '../running/terminal.js';
import { reasonLines, rendered } from './decision-text.js';
import { orderRequestOf } from './order-request.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface OrderCheckOptions extends GlobalOptions {
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly json?: true;
}

/** Judges an order without placing it. The options replace the times in the body. */
export async function checkOrder(
  terminal: Terminal,
  options: OrderCheckOptions,
  file: string,
): Promise<ExitCode> {
  const body = await readBody(terminal, file, EligibilityCheckDto);
  const order = orderRequestOf(body);
  const asOf = options.asOf ?? body.asOf;

  // The effects of a day (the yearly re-check) need the read models. If no service works on the
  // log, this command updates them.
  return withApplication(
    terminal,
    { ...options, mayProject: 'little' },
    async (application, { log, clock }) => {
      if (asOf !== undefined && asOf > addMonthsClamped(clock.judgementTime().date, 12))
        throw new WrongUsage(terminal.text(tooFarAhead));
      const { decision, knownAt } = await application
        .get(EligibilityChecks)
        .check(order, asOf, options.knownAt ?? body.knownAt);
      const shown = await rendered(log, decision, customerStream(order.tenantId), terminal);
      if (options.json) terminal.json({ decision: shown, knownAt: String(knownAt) });
      else report();
      return decision.outcome === 'accepted' ? exitCodes.fine : exitCodes.finding;

      function report(): void {
        const when = terminal.text({
          en: `on ${decision.date}, as known at position ${knownAt}`,
          ja: `${decision.date} 時点、ログ位置 ${knownAt} まで`,
        });
        const verdict =
          decision.outcome === 'accepted'
            ? { en: 'would be accepted', ja: '承認される' }
            : { en: 'would be refused', ja: '拒否される' };
        terminal.result(
          terminal.language === 'ja'
            ? `この注文は${verdict.ja} (${when})`
            : `This order ${verdict.en} (${when}).`,
        );
        for (const line of reasonLines(shown, terminal)) terminal.result(line);
      }
    },
  );
}

const tooFarAhead = {
  en: '--as-of may be up to one year ahead.',
  ja: '--as-of は 1 年先まで指定できます。',
};
