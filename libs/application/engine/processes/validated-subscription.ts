import type { EventLog, LoggedEvent, Page, Subscribe } from '../../../event-log/event-log.js';
import type { OrderValidator } from '../../gate/order-validator.js';

/**
 * A void is looked for in the order's stream: seldom needed, so it may take the command's own time.
 */
const VERDICT_WITHIN_MS = 15_000;

/**
 * The log as processes with effects must read it (activation, billing, notifications), and the only
 * way for them: up to where every order has been judged, and without the orders that do not stand.
 * So whoever acts on an `OrderPlaced` acts on one that is never voided. On a log with atomic guards
 * every order stands at commit, and this is its plain subscription.
 */
export async function* followValidated(
  log: EventLog,
  standing: OrderValidator | undefined,
  options: Subscribe,
): AsyncGenerator<Page, void, undefined> {
  for await (const page of log.subscribe(options)) {
    if (!standing) {
      yield page;
      continue;
    }
    if (!(await standing.passed(page.through, options.signal))) return;
    yield { events: await standingOnly(page.events, standing), through: page.through };
  }
}

async function standingOnly(
  events: readonly LoggedEvent[],
  standing: OrderValidator,
): Promise<readonly LoggedEvent[]> {
  const kept: LoggedEvent[] = [];
  for (const event of events) {
    const voided =
      event.type === 'OrderPlaced' ? await standing.verdictOn(event, VERDICT_WITHIN_MS) : undefined;
    if (!voided) kept.push(event);
  }
  return kept;
}
