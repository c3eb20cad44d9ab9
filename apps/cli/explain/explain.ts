import { orderHistory } from '../../../libs/application/gate/order-history.js';
import type { OrderDecidedEvent } from '../../../libs/application/gate/order-judgement.js';
import { validatedThrough } from '../../../libs/application/gate/validation-checkpoint.js';
import type { Infrastructure } from '../../../libs/application/infrastructure.js';
import type { OrderStatus } from '../../../libs/domain/order/order.js';
import { exitCodes, type ExitCode, CouldNotRun } from '../running/exit.js';
import { withLog } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import { findOrder } from '../orders/find-order.js';
import { explanation } from './explanation.js';
import { explanationLines } from './explanation-text.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface ExplainOptions extends GlobalOptions {
  readonly json?: true;
}

/** Explains the decision on an order rule by rule, from the log alone. */
export const explain = (
  terminal: Terminal,
  options: ExplainOptions,
  orderId: string,
): Promise<ExitCode> =>
  withLog(terminal, options, async (infrastructure) => {
    const order = await findOrder(infrastructure, orderId);
    if (!order)
      throw new CouldNotRun(
        terminal.text({
          en: `There is no order ${orderId} in this log.`,
          ja: `このログに注文 ${orderId} はありません。`,
        }),
      );

    const status = await statusOf(infrastructure, order);
    const explained = await explanation(infrastructure.log, order, status, terminal);
    if (options.json) terminal.json(explained);
    else for (const line of explanationLines(explained, terminal)) terminal.result(line);
    return exitCodes.fine;
  });

/**
 * On a log without guards, an order is placed when it has been validated. If it was voided, the
 * void is in its stream by then.
 */
async function statusOf(
  { log, processCheckpoints }: Infrastructure,
  order: OrderDecidedEvent,
): Promise<OrderStatus> {
  const through =
    log.capabilities.guards === 'atomic' ? Infinity : await validatedThrough(processCheckpoints);
  const { status } = await orderHistory(log, order.stream, order.data.orderId, order.revision);
  return status === 'placed' && order.position > through ? 'pending' : status;
}
