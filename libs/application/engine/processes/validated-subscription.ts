import type { EventLog, LoggedEvent, Page, Subscribe } from '../../../event-log/event-log.js';
import type { Validator } from '../commands/decision-log.js';

/** How long to wait for a verdict. Most are known; an older one is read from the event's stream. */
const VERDICT_WITHIN_MS = 15_000;

/**
 * The log as processes with effects (activation, billing, notifications) must read it: only up to
 * the last validated position, and without voided events. An `OrderPlaced` from here is never
 * voided. Without a validator this is the log's plain subscription.
 */
export async function* followValidated(
  log: EventLog,
  validator: Validator | undefined,
  options: Subscribe,
): AsyncGenerator<Page, void, undefined> {
  for await (const page of log.subscribe(options)) {
    if (!validator) {
      yield page;
      continue;
    }
    if (!(await validator.passed(page.through, options.signal))) return;
    yield { events: await confirmedOnly(page.events, validator), through: page.through };
  }
}

async function confirmedOnly(
  events: readonly LoggedEvent[],
  validator: Validator,
): Promise<readonly LoggedEvent[]> {
  const confirmed: LoggedEvent[] = [];
  for (const event of events) {
    const voided = validator.validates(event)
      ? await validator.verdictOn(event, VERDICT_WITHIN_MS)
      : undefined;
    if (!voided) confirmed.push(event);
  }
  return confirmed;
}
