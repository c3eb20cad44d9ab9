import { EligibilityChecks } from '../../../libs/application/orders/eligibility-check.js';
import { addMonthsClamped } from '../../../libs/domain/shared/calendar.js';
import { customerStream } from '../../../libs/domain/shared/streams.js';
import { EligibilityCheckDto } from '../../api/dto/orders.dto.js';
import { exitCodes, type ExitCode, WrongUsage } from '../running/exit.js';
import { withApplication } from '../running/opened.js';
import { readBody } from '../running/read-body.js';
import type { Terminal } from '../running/terminal.js';
import type { OrderCheckOptions } from '../commands/order.command.js';
import { reasonLines, rendered } from './decision-text.js';
import { orderRequestOf } from './order-request.js';

/** Asks the gate without placing: options come before what the body says of the time. */
export async function checkOrder(
  terminal: Terminal,
  options: OrderCheckOptions,
  file: string,
): Promise<ExitCode> {
  const body = await readBody(terminal, file, EligibilityCheckDto);
  const order = orderRequestOf(body);
  const asOf = options.asOf ?? body.asOf;

  // The effects of a day (the yearly re-check) need the read models: without a service on the log,
  // this command projects them.
  return withApplication(
    terminal,
    { ...options, mayProject: 'little' },
    async (application, { log, clock }) => {
      if (asOf !== undefined && asOf > addMonthsClamped(clock.judgementTime().date, 12))
        throw new WrongUsage(terminal.text(tooFarAhead));
      const { decision, knownAt } = await application
        .get(EligibilityChecks)
        .check(order, asOf, options.knownAt ?? body.knownAt);
      const told = await rendered(log, decision, customerStream(order.tenantId), terminal);
      if (options.json) terminal.json({ decision: told, knownAt: String(knownAt) });
      else tell();
      return decision.outcome === 'accepted' ? exitCodes.fine : exitCodes.finding;

      function tell(): void {
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
        for (const line of reasonLines(told, terminal)) terminal.result(line);
      }
    },
  );
}

const tooFarAhead = {
  en: '--as-of may be up to one year ahead.',
  ja: '--as-of は 1 年先まで指定できます。',
};
