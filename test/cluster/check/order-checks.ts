import type { LogEvent } from '../../support/answers.js';
import { Oracle } from '../../support/oracle.js';
import type { Evidence } from '../evidence/evidence.js';
import { GuaranteeCheck, type Verdict } from './finding.js';
import { named } from './answer-checks.js';
import { at } from './log-checks.js';
import { reasonsOf, type Recorded } from './recorded.js';

const isDecision = ({ type }: LogEvent): boolean =>
  type === 'OrderPlaced' || type === 'OrderRefused';

/** No event, place in a command, decision, void or effect of a command occurs more than once. */
export function nothingTwice({ log, asked }: Evidence, recorded: Recorded): Verdict {
  const check = new GuaranteeCheck('nothing twice');
  const seen = new Map<string, LogEvent>();
  const once = (event: LogEvent, what: string): void => {
    const before = seen.get(what);
    check.that(before === undefined, () => `${at(event)} has the same ${what} as ${at(before!)}`);
    seen.set(what, event);
  };
  for (const event of log) {
    once(event, `id ${event.id}`);
    once(
      event,
      `place in a command ${String(event.metadata['commandId'])} ${String(event.metadata['index'])}`,
    );
    if (isDecision(event)) once(event, `order ${String(event.data['orderId'])}`);
    if (event.type === 'OrderVoided') once(event, `order to void ${String(event.data['orderId'])}`);
    if (event.type === 'OrderCancelled')
      once(event, `order to cancel ${String(event.data['orderId'])}`);
  }
  for (const { command } of asked) {
    const own = recorded.effects(command);
    check.that(
      own.length <= 1,
      () => `${named(command)} was done ${own.length} times: ${own.map(at).join(', ')}`,
    );
  }
  return check.verdict;
}

/**
 * An oracle that shares no code with the product checks each order: the events before it allow it,
 * or the order is voided for exactly those reasons.
 */
export function everyOrderStands({ log }: Evidence, recorded: Recorded): Verdict {
  const check = new GuaranteeCheck('every order is confirmed or voided');
  for (const { event, expected } of new Oracle().read(log).orders) {
    if (event.type !== 'OrderPlaced') continue;
    const voided = recorded.voided(event);
    const reasons = voided ? reasonsOf(voided) : [];
    check.that(
      reasons.join() === expected.join(),
      () =>
        `${at(event)}: what precedes it forbids it for [${expected.join()}], it was voided for [${reasons.join()}]`,
    );
  }
  const decided = new Set(
    log.filter(({ type }) => type === 'OrderPlaced').map(({ data }) => data['orderId']),
  );
  for (const event of log)
    if (event.type === 'OrderVoided')
      check.that(
        decided.has(event.data['orderId']),
        () => `${at(event)} voids what was not placed`,
      );
  return check.verdict;
}

export function noneVoidedAfterA201({ asked }: Evidence, recorded: Recorded): Verdict {
  const check = new GuaranteeCheck('a 201 is never voided');
  for (const { command, tries } of asked) {
    const [own] = command.kind === 'order' ? recorded.effects(command) : [];
    if (!own) continue;
    const isTold = tries.some(({ answer }) => answer?.status === 201);
    check.that(
      !(isTold && recorded.voided(own)),
      () =>
        `${named(command)} was answered 201, and ${at(recorded.voided(own)!)} follows ${at(own)}`,
    );
  }
  return check.verdict;
}

/** Each recorded decision is reproduced from exactly the revisions that it names. */
export function decisionsDerive({ log }: Evidence, recorded: Recorded): Verdict {
  const check = new GuaranteeCheck('decisions can be reproduced');
  const imports = log.filter(({ stream }) => stream.startsWith('import-'));
  for (const order of log.filter(isDecision)) {
    const { reads } = order.data['decision'] as {
      readonly reads: readonly (readonly [string, number])[];
    }; // as the log stores it
    const seen = [...reads, [order.stream, order.revision - 1] as const].flatMap(
      ([stream, revision]) =>
        recorded
          .ofStream(stream)
          .filter((event) => event.revision <= revision && !isDecision(event)),
    );
    const inOrder = [...seen, ...imports].sort((a, b) => Number(a.position) - Number(b.position));
    const [judged] = new Oracle().read([...inOrder, order]).orders;
    const isSame =
      judged?.expected.join() === judged?.recorded.join() &&
      (judged?.expected.length === 0) === (order.type === 'OrderPlaced');
    check.that(
      isSame,
      () =>
        `${at(order)}: what it names gives [${judged?.expected.join()}], recorded is [${judged?.recorded.join()}]`,
    );
  }
  return check.verdict;
}

/**
 * After a 201 the order is found: as placed when the request named the position, otherwise at least
 * as not yet validated.
 */
export function ordersReadAsAnswered({ reads }: Evidence): Verdict {
  const check = new GuaranteeCheck('read your writes');
  for (const { process, orderId, withPosition, httpStatus, orderStatus = '', text } of reads) {
    if (httpStatus === 503) continue;
    const allowed = ['placed', 'cancelled', ...(withPosition ? [] : ['pending'])];
    check.that(
      httpStatus === 200 && allowed.includes(orderStatus),
      () =>
        // prettier-ignore
        `${process} shows the order ${orderId}, which was answered 201, ${withPosition ? 'with' : 'without'} its position as ${httpStatus} ${orderStatus}${text ?? ''}`,
    );
  }
  return check.verdict;
}
