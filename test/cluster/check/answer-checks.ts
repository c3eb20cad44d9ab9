import type { LogEvent } from '../../support/answers.js';
import type { Evidence } from '../evidence/evidence.js';
import { type Command, isFinal, type CommandAnswer, type Try } from '../load/command.js';
import { GuaranteeCheck, type Verdict } from './finding.js';
import { at } from './log-checks.js';
import { reasonsOf, type Recorded } from './recorded.js';

/**
 * Every acknowledgement has its event in the log: each 201, each refused order, and the existing
 * fact of each 200.
 */
export function nothingLost({ asked }: Evidence, recorded: Recorded): Verdict {
  const check = new GuaranteeCheck('nothing acknowledged lost');
  for (const { command, tries } of asked) {
    const own = recorded.effects(command);
    for (const one of tries) {
      if (!one.answer) continue;
      const { status, problem, position = -1 } = one.answer;
      if (status === 201 || problem === 'order-refused')
        check.that(
          own.length > 0 || recorded.hasEarlierStep(command),
          () => `${said(command, one)}, and there is no event of it`,
        );
      else if (status === 200)
        check.that(
          own.length > 0 || recorded.holdsAt(command.effect, position),
          () => `${said(command, one)}, and nothing of the kind is in the log`,
        );
    }
  }
  return check.verdict;
}

/**
 * Position, revision, id and reasons of the first answer and of every repeat are those of the
 * events.
 */
export function asRecorded({ asked }: Evidence, recorded: Recorded): Verdict {
  const check = new GuaranteeCheck('answers as recorded');
  for (const { command, tries } of asked) {
    const own = recorded.effects(command)[0];
    for (const one of tries) {
      if (!one.answer || !isFinal(one.answer) || one.answer.status >= 500) continue;
      const expected = own ? expectedOf(own, command, one.answer, recorded) : undefined;
      if (own && expected && isOfOwn(one.answer, own)) {
        const differences = differencesOf(one.answer, expected);
        check.that(
          differences.length === 0,
          () => `${said(command, one)}, but ${at(own)}: ${differences.join(', ')}`,
        );
      } else if (one.answer.status < 300)
        check.that(
          one.answer.position !== undefined && one.answer.position < recorded.log.length,
          () => `${said(command, one)}: a position that the log does not have`,
        );
    }
    const first = tries.filter(
      ({ answer }) => answer && own && isOfOwn(answer, own) && !answer.replayed && isFinal(answer),
    );
    check.that(
      first.length <= 1,
      () => `${first.length} answers to ${named(command)} say that they are the first`,
    );
  }
  return check.verdict;
}

/**
 * An answer that comes from the command's own event. An answer that appended nothing binds no key.
 */
const isOfOwn = ({ status, problem, position }: CommandAnswer, own: LogEvent): boolean =>
  status === 201 ||
  problem === 'order-refused' ||
  (position !== undefined && position >= Number(own.position));

interface Expected {
  readonly status: readonly number[];
  readonly position: number;
  /** Absent if the command appended nothing to the ETag's stream. */
  readonly revision?: number | undefined;
  readonly orderId?: unknown;
  readonly reasons?: readonly string[];
}

function expectedOf(
  own: LogEvent,
  command: Command,
  answer: CommandAnswer,
  recorded: Recorded,
): Expected {
  const voided = own.type === 'OrderPlaced' ? recorded.voided(own) : undefined;
  const last = voided ?? recorded.lastOfAppend(own) ?? own;
  const place = { position: Number(last.position), ...etag(last, command, recorded) };
  if (own.type === 'OrderPlaced' && !voided)
    return { status: [201], ...place, orderId: own.data['orderId'] };
  if (own.type === 'OrderPlaced' || own.type === 'OrderRefused')
    return {
      status: [422],
      ...place,
      orderId: own.data['orderId'],
      reasons: reasonsOf(voided ?? own),
    };
  return {
    status: [200, 201],
    ...place,
    ...(answer.factId === undefined ? {} : { factId: own.id }),
  };
}

function etag(last: LogEvent, command: Command, recorded: Recorded): Pick<Expected, 'revision'> {
  const { etagOf = last.stream } = command.effect;
  return {
    revision:
      etagOf === last.stream
        ? last.revision
        : recorded.ofCommand(command).findLast(({ stream }) => stream === etagOf)?.revision,
  };
}

function differencesOf(
  answer: CommandAnswer,
  { status, position, revision, orderId, reasons }: Expected,
): readonly string[] {
  return [
    ...(status.includes(answer.status) ? [] : [`the status should be ${status.join(' or ')}`]),
    ...(answer.position === position
      ? []
      : [`the position in the answer is ${answer.position}, not ${position}`]),
    ...(revision === undefined || answer.revision === revision
      ? []
      : [`the revision in the answer is ${answer.revision}, not ${revision}`]),
    ...(orderId === undefined || answer.orderId === orderId
      ? []
      : [`the order in the answer is ${answer.orderId}, not ${String(orderId)}`]),
    ...(reasons === undefined || reasons.join() === answer.reasons?.join()
      ? []
      : [`the reasons in the answer are ${answer.reasons?.join()}, not ${reasons.join()}`]),
  ];
}

/** Every command got a final answer, after as many repeats as it needed. */
export function everyOutcomeSettled({ asked }: Evidence): Verdict {
  const check = new GuaranteeCheck('every outcome is known');
  for (const { command, tries, unsettled } of asked) {
    const isSettled = !unsettled && tries.some(({ answer }) => answer && isFinal(answer));
    check.that(
      isSettled,
      () => `${named(command)} was never settled; last: ${outcomeOf(tries.at(-1))}`,
    );
  }
  return check.verdict;
}

/**
 * The answers that the load may get: its requests are well-formed, permitted, and about existing
 * resources.
 */
const refusedWithoutEvent = new Set([
  'fact-not-open',
  'fact-ambiguous',
  'agreement-missing',
  'csp-tenant-not-registered',
  'order-not-placed',
  'customer-closed',
]);
const passing = new Set(['request-in-flight', 'contention']);
const unavailable = new Set([
  'log-unavailable',
  'outcome-unknown',
  'store-unavailable',
  'read-models-unavailable',
  'shutting-down',
  'not-ready',
]);
/** A cancellation looks up its order in the read model. */
const isReadModelBehind = ({ kind }: Command, problem: string): boolean =>
  kind === 'cancel' && problem === 'read-model-behind';

export function asExpected({ asked }: Evidence): Verdict {
  const check = new GuaranteeCheck('only expected answers');
  for (const { command, tries } of asked) {
    for (const one of tries) {
      if (!one.answer) continue;
      const { status, problem = '' } = one.answer;
      const isExpected =
        status === 200 ||
        status === 201 ||
        problem === 'order-refused' ||
        refusedWithoutEvent.has(problem) ||
        // prettier-ignore
        (status === 409 && passing.has(problem)) ||
        (status === 503 && (unavailable.has(problem) || isReadModelBehind(command, problem)));
      check.that(isExpected, () => `${said(command, one)}: ${one.answer?.text ?? ''}`);
    }
  }
  return check.verdict;
}

export const named = ({ number, kind, method, path }: Command): string =>
  `command ${number} (${kind}, ${method} ${path})`;
const said = (command: Command, one: Try): string =>
  `${one.process} answered ${named(command)} with ${outcomeOf(one)}`;

function outcomeOf(one: Try | undefined): string {
  if (!one?.answer) return one?.broken ?? 'nothing';
  const { status, problem, position, replayed } = one.answer;
  return `${status}${problem === undefined ? '' : ` ${problem}`} at position ${position}${replayed ? ' (replayed)' : ''}`;
}
