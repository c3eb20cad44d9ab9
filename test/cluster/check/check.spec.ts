import { describe, expect, it } from '@jest/globals';
import type { LogEvent } from '../../support/answers.js';
import type { Evidence } from '../evidence/evidence.js';
import type { Asked, CommandAnswer } from '../load/command.js';
import { check } from './check.js';
import type { Guarantee } from './finding.js';
import { smallRun } from './small-run.js';

/** A run with mutable parts, to tamper with. */
type Open<Of> = {
  -readonly [Field in keyof Of]: Of[Field] extends readonly (infer Item)[]
    ? Open<Item>[]
    : Open<Of[Field]>;
};
type Run = Open<Evidence>;

const foundIn = (run: Evidence): readonly Guarantee[] =>
  check(run).flatMap(({ guarantee, findings }) => (findings.length > 0 ? [guarantee] : []));
const answer = (run: Run, number: number, turn = 0): Open<CommandAnswer> =>
  run.asked[number]!.tries[turn]!.answer!;
const event = (run: Run, type: string, orderId?: string): Open<LogEvent> =>
  run.log.find(
    (one) => one.type === type && (orderId === undefined || one.data['orderId'] === orderId),
  )!;

/**
 * Removes an event from the log and from every copy of it, and closes the gap. Only the recorded
 * answers still show it.
 */
function lose(run: Run, lost: Open<LogEvent>): void {
  const keep = (log: Open<LogEvent>[]): Open<LogEvent>[] =>
    log
      .filter(({ id }) => id !== lost.id)
      .map((one) => ({
        ...one,
        revision:
          one.revision - (one.stream === lost.stream && one.revision > lost.revision ? 1 : 0),
      }))
      .map((one, position) => ({ ...one, position: String(position) }));
  run.log = keep(run.log);
  for (const service of run.services) service.log = keep(service.log);
  delete run.index;
}

/** Adds an event at the end of the log and of every copy of it. */
function add(run: Run, like: Open<LogEvent>, differing: Partial<LogEvent>): void {
  const revision = run.log.filter(({ stream }) => stream === like.stream).length;
  const added = {
    ...structuredClone(like),
    position: String(run.log.length),
    revision,
    ...differing,
  } as Open<LogEvent>;
  run.log.push(added);
  for (const service of run.services) service.log = structuredClone(run.log);
  delete run.index;
}

describe('the check of a run', () => {
  it('finds nothing in a correct run, and has checked something for every guarantee', () => {
    const verdicts = check(smallRun());
    expect(verdicts.flatMap(({ findings }) => findings)).toEqual([]);
    expect(verdicts.filter(({ looked }) => looked === 0)).toEqual([]);
  });

  it.each<[what: string, tamper: (run: Run) => void, guarantee: Guarantee]>([
    ['a position is skipped', (run) => (run.log[3]!.position = '4'), 'dense log'],
    ['a revision is repeated', (run) => (run.log[9]!.revision = 3), 'dense log'],
    [
      'a process shows an event at another place',
      (run) => run.services[1]!.log.reverse(),
      'one log everywhere',
    ],
    [
      'a process shows other data',
      (run) => (run.services[0]!.log[1]!.data['x'] = 1),
      'one log everywhere',
    ],
    ['a process lacks the last event', (run) => run.services[1]!.log.pop(), 'one log everywhere'],
    [
      'the index has another revision',
      (run) => (run.index![5]!.revision = 7),
      'one log everywhere',
    ],
    ['the index lacks a row', (run) => run.index!.pop(), 'one log everywhere'],
    [
      'the event of a 201 is missing',
      (run) => lose(run, event(run, 'OrderPlaced', 'order-1')),
      'nothing acknowledged lost',
    ],
    [
      'the event of a recorded refusal is missing',
      (run) => lose(run, event(run, 'OrderRefused')),
      'nothing acknowledged lost',
    ],
    [
      'the existing fact of a 200 is missing',
      (run) => (run.asked[4]!.command.effect.data['signedOn'] = '2021-01-01'),
      'nothing acknowledged lost',
    ],
    [
      'an answer has the position of another event',
      (run) => (answer(run, 0).position = 2),
      'answers as recorded',
    ],
    [
      'an answer has the revision of another event',
      (run) => (answer(run, 3).revision = 2),
      'answers as recorded',
    ],
    [
      'the answer to a repeat names another order',
      (run) => (answer(run, 0, 1).orderId = 'order-9'),
      'answers as recorded',
    ],
    [
      'the answer to a repeat has another status',
      (run) => (answer(run, 2, 2).status = 201),
      'answers as recorded',
    ],
    [
      'an answer has other reasons than the log',
      (run) => (answer(run, 1).reasons = ['customer-closed']),
      'answers as recorded',
    ],
    [
      'two answers are marked as the first',
      (run) => (answer(run, 0, 1).replayed = false),
      'answers as recorded',
    ],
    [
      'a command is refused after it was executed',
      (run) =>
        Object.assign(answer(run, 3), { status: 422, problem: 'agreement-missing', position: 12 }),
      'answers as recorded',
    ],
    [
      'an answer has a position after the end of the log',
      (run) => (answer(run, 4).position = 99),
      'answers as recorded',
    ],
    [
      'a command is done twice',
      (run) =>
        add(run, event(run, 'OrderPlaced', 'order-1'), {
          id: 'event-x',
          metadata: { commandId: 'x', index: 0, correlationId: 'order-1' },
        }),
      'nothing twice',
    ],
    [
      'an event is there twice',
      (run) =>
        add(run, event(run, 'CustomerAgreementSigned'), { metadata: { commandId: 'x', index: 0 } }),
      'nothing twice',
    ],
    [
      'a command has two events at one place',
      (run) => add(run, event(run, 'CustomerAgreementSigned'), { id: 'event-x' }),
      'nothing twice',
    ],
    [
      'an order is voided twice',
      (run) =>
        add(run, event(run, 'OrderVoided'), {
          id: 'event-x',
          metadata: { commandId: 'x', index: 0 },
        }),
      'nothing twice',
    ],
    [
      'an accepted order is forbidden by the events before it',
      (run) => lose(run, event(run, 'OrderVoided')),
      'every order is confirmed or voided',
    ],
    [
      'an order is voided that nothing forbids',
      (run) => (event(run, 'OrderVoided').data['orderId'] = 'order-1'),
      'every order is confirmed or voided',
    ],
    [
      'an order is voided for another reason',
      (run) =>
        ((event(run, 'OrderVoided').data['decision'] as { checks: unknown }).checks = [
          ['X', 'f', 'x'],
        ]),
      'every order is confirmed or voided',
    ],
    [
      'what was never placed is voided',
      (run) =>
        add(run, event(run, 'OrderVoided'), {
          id: 'event-x',
          data: { ...event(run, 'OrderVoided').data, orderId: 'order-9' },
          metadata: { commandId: 'x', index: 0 },
        }),
      'every order is confirmed or voided',
    ],
    [
      'a 201 is voided',
      (run) => Object.assign(answer(run, 1), { status: 201 }),
      'a 201 is never voided',
    ],
    [
      'an order is refused for what it did not see',
      (run) =>
        ((event(run, 'OrderRefused').data['decision'] as { reads: unknown[][] }).reads[1] = [
          'partner-seller',
          4,
        ]),
      'decisions can be reproduced',
    ],
    [
      'an order is placed against what it saw',
      (run) =>
        ((
          event(run, 'OrderPlaced', 'order-2').data['decision'] as { reads: unknown[][] }
        ).reads[1] = ['partner-seller', 5]),
      'decisions can be reproduced',
    ],
    [
      'a decision names too little',
      (run) =>
        (event(run, 'OrderPlaced', 'order-1').data['decision'] as { reads: unknown[] }).reads.pop(),
      'decisions can be reproduced',
    ],
    [
      'a 503 is never settled',
      (run) => (run.asked[2]!.tries as unknown[]).splice(1),
      'every outcome is known',
    ],
    [
      'the outcome of a command is unknown',
      (run) => (run.asked[0]!.unsettled = true),
      'every outcome is known',
    ],
    [
      'a process answers 500',
      (run) => Object.assign(answer(run, 2), { status: 500, problem: 'internal-error' }),
      'only expected answers',
    ],
    [
      'a request is called malformed',
      (run) => Object.assign(answer(run, 5), { status: 400, problem: 'malformed-request' }),
      'only expected answers',
    ],
    [
      'a list has another status',
      (run) => (run.services[0]!.orders[0]!['status'] = 'voided'),
      'read models equal the log',
    ],
    ['a list lacks a row', (run) => run.services[1]!.partners.pop(), 'read models equal the log'],
    [
      'a list has a fact that has ended',
      (run) => (run.services[1]!.partners[1]!['membershipActive'] = true),
      'read models equal the log',
    ],
    [
      'a projection has not reached the end',
      (run) => (run.services[0]!.projections[0]!['position'] = '3'),
      'read models equal the log',
    ],
    [
      'an order that was answered 201 reads as pending with its position',
      (run) => (run.reads[0]!.orderStatus = 'pending'),
      'read your writes',
    ],
    [
      'an order that was answered 201 reads as voided',
      (run) => (run.reads[1]!.orderStatus = 'voided'),
      'read your writes',
    ],
    [
      'an order that was answered 201 is not found',
      (run) => (run.reads[1]!.httpStatus = 404),
      'read your writes',
    ],
    [
      'a process serves a millisecond too late',
      (run) => (run.servedAgain[0]!.afterMs['api-1'] = 30_001),
      'recovery without a restart',
    ],
    [
      'a process never serves again',
      (run) => (run.servedAgain[0]!.afterMs['api-2'] = undefined),
      'recovery without a restart',
    ],
    [
      'a process ends by itself',
      (run) => run.unexpectedEnds.push({ member: 'api-1', code: 1, signal: null, atMs: 0 }),
      'no process ends by itself',
    ],
    [
      'the load had to give up',
      (run) => run.failures.push('no answer'),
      'the load was not interrupted',
    ],
  ])('finds that %s', (_what, tamper, guarantee) => {
    const run = smallRun() as Run;
    tamper(run);
    expect(foundIn(run as Evidence)).toContain(guarantee);
  });

  it('allows a refusal that was decided before another request used the same key', () => {
    const run = smallRun() as Run;
    const asked = run.asked[3] as Asked;
    asked.tries.unshift({
      process: 'api-2',
      life: 1,
      sentAtMs: 0,
      endedAtMs: 1,
      answer: { status: 422, problem: 'agreement-missing', position: 10, replayed: false },
    });
    expect(foundIn(run as Evidence)).toEqual([]);
  });
});
