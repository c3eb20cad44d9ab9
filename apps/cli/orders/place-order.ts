import { CommandBus } from '@nestjs/cqrs';
import { plainFingerprint } from '../../../libs/application/engine/commands/request-fingerprints.js';
import { PlaceOrder } from '../../../libs/application/orders/order.commands.js';
import type { OrderDecided } from '../../../libs/domain/customer/customer.js';
import { reasonsOf } from '../../../libs/domain/gate/rulebook.js';
import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { PlaceOrderDto } from '../../api/dto/orders.dto.js';
import { commandContext } from '../running/command-context.js';
import { exitCodes, type ExitCode } from '../running/exit.js';
import { withApplication } from '../running/log-session.js';
import { readBody } from '../running/read-body.js';
import type { Terminal } from '../running/terminal.js';
import { reasonLines, rendered } from './decision-text.js';
import { orderRequestOf } from './order-request.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface OrderPlaceOptions extends GlobalOptions {
  readonly key?: string;
  readonly json?: true;
}

type Decided = LoggedEvent & { readonly data: OrderDecided };

/**
 * Places an order. Other processes may have the log open, because the append checks the expected
 * revisions.
 */
export async function placeOrder(
  terminal: Terminal,
  options: OrderPlaceOptions,
  file: string,
): Promise<ExitCode> {
  const body = await readBody(terminal, file, PlaceOrderDto);
  const { key } = options;
  const context = commandContext(
    key === undefined
      ? undefined
      : { key, fingerprint: plainFingerprint('POST', '/v1/orders', body) },
  );

  // The effects of a day (the yearly re-check) need the read models. If no service works on the
  // log, this command updates them.
  return withApplication(
    terminal,
    { ...options, mayProject: 'little' },
    async (application, { log }) => {
      const outcome = await application
        .get(CommandBus)
        .execute(new PlaceOrder(context, orderRequestOf(body)));
      if (outcome.kind !== 'committed') throw new Error(`placing an order was ${outcome.kind}`);
      // The first event is the decision on the order. On a log without guards, an `OrderVoided` may
      // follow.
      const [order] = outcome.events as readonly Decided[];
      const last = outcome.events.at(-1) as Decided | undefined;
      if (!order || !last) throw new Error('an order without its event');

      const { orderId, total } = order.data;
      const { decision } = last.data;
      const shown = await rendered(log, decision, order.stream, terminal);
      const accepted = decision.outcome === 'accepted';
      if (options.json) {
        const status = accepted ? 'placed' : 'refused';
        terminal.json({
          orderId,
          status,
          ...(total ? { total } : {}),
          ...(accepted ? {} : { reasons: reasonsOf(decision) }),
          decision: shown,
          position: String(last.position),
        });
      } else {
        const what = accepted ? { en: 'placed', ja: '成立' } : { en: 'refused', ja: '拒否' };
        const replayed = outcome.replayed
          ? terminal.text({
              en: ' (by an earlier run with this key)',
              ja: ' (このキーの以前の実行による)',
            })
          : '';
        terminal.result(
          `${terminal.text(what)}  ${orderId}${accepted && total ? `  ${total.amount} ${total.currency}` : ''}${replayed}`,
        );
        for (const line of reasonLines(shown, terminal)) terminal.result(line);
      }
      return accepted ? exitCodes.fine : exitCodes.finding;
    },
  );
}
