import type { Committed, Outcome } from '../../../libs/application/engine/commands/decision.js';
import type { Recorded } from '../../../libs/domain/shared/event.js';
import type { LoggedEvent } from '../../../libs/event-log/event-log.js';
import { answer, type AnswerHead, emptyAnswer } from '../http/response/answer.js';
import type { RequestContext } from '../http/request/request-context.js';
import { type Refusal, refusalProblem } from '../http/problems/refusals.js';

type Unchanged = Extract<Outcome<never>, { kind: 'unchanged' }>;

/** The headers of an answer to a command. */
export const headOf = (outcome: Committed | Unchanged): AnswerHead => ({
  position: outcome.position,
  revision: outcome.revision,
  ...(outcome.kind === 'committed' && outcome.replayed ? { replayed: true } : {}),
});

/** Returns the outcome of an executed command. For a refusal, throws its problem document. */
export function done<R extends Refusal, E extends Recorded>(
  outcome: Outcome<R, E>,
): Committed<E> | Unchanged {
  if (outcome.kind !== 'refused') return outcome;
  throw refusalProblem(outcome.refusal, { headers: { 'log-position': String(outcome.position) } });
}

/**
 * The answer to a new dated fact: 201 with its id, or 200 if it was already recorded. The id of a
 * fact is the id of the event that started it.
 */
export function factAnswer(context: RequestContext, outcome: Outcome<Refusal>): string {
  const did = done(outcome);
  if (did.kind === 'unchanged') return answer(context, { factId: did.held }, headOf(did));
  return answer(context, withErased({ factId: factIdOf(did.events) }, did), {
    ...headOf(did),
    status: 201,
  });
}

/**
 * The answer to an end or a correction. It is a new event about a fact whose id does not change.
 */
function factIdOf([event]: readonly LoggedEvent[]): unknown {
  const data = event?.data;
  return typeof data === 'object' && data !== null && 'factId' in data ? data.factId : event?.id;
}

/** 201 if an event was appended, 200 if nothing changed. */
export function commandAnswer<E extends Recorded>(
  context: RequestContext,
  outcome: Outcome<Refusal, E>,
  body: (did: Committed<E> | Unchanged) => object,
): string {
  const did = done(outcome);
  return answer(context, withErased(body(did), did), {
    ...headOf(did),
    status: did.kind === 'committed' ? 201 : 200,
  });
}

/** The answer to a PUT of a record: 201 if the command created it, else 200. */
export function recordAnswer<E extends Recorded>(
  context: RequestContext,
  did: Committed<E> | Unchanged,
  creation: E['type'],
  body: object,
): string {
  const isCreated = did.kind === 'committed' && did.events.some(({ type }) => type === creation);
  return answer(context, withErased(body, did), {
    ...headOf(did),
    status: isCreated ? 201 : 200,
  });
}

/** 204, whether an event was appended or not. */
export const emptyCommandAnswer = (
  context: RequestContext,
  outcome: Outcome<Refusal>,
): undefined => {
  const did = done(outcome);
  return emptyAnswer(context, headOf(did));
};

/**
 * Marks the answer to a repeated request that could not be compared with the first one, because its
 * personal data has been erased.
 */
export const withErased = <Body extends object>(
  body: Body,
  did: Committed | Unchanged,
): Body | (Body & { erased: true }) =>
  did.kind === 'committed' && did.erased ? { ...body, erased: true } : body;
