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

/** The outcome of a command that was executed; throws the problem document of a refusal. */
export function done<R extends Refusal, E extends Recorded>(
  outcome: Outcome<R, E>,
): Committed<E> | Unchanged {
  if (outcome.kind !== 'refused') return outcome;
  throw refusalProblem(outcome.refusal, { headers: { 'log-position': String(outcome.position) } });
}

/**
 * A dated fact: 201 with its id, or 200 when it already held. The id of a fact is that of the event
 * that began it.
 */
export function factAnswer(context: RequestContext, outcome: Outcome<Refusal>): string {
  const did = done(outcome);
  if (did.kind === 'unchanged') return answer(context, { factId: did.held }, headOf(did));
  return answer(context, withErased({ factId: factIdOf(did.events) }, did), {
    ...headOf(did),
    status: 201,
  });
}

/** An end or a correction is a new event about a fact that keeps its id. */
function factIdOf([event]: readonly LoggedEvent[]): unknown {
  const data = event?.data;
  return typeof data === 'object' && data !== null && 'factId' in data ? data.factId : event?.id;
}

/** 201 for what was appended, 200 for what changes nothing. */
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

/** 204, whether or not there was something to do. */
export const emptyCommandAnswer = (
  context: RequestContext,
  outcome: Outcome<Refusal>,
): undefined => {
  const did = done(outcome);
  return emptyAnswer(context, headOf(did));
};

/**
 * Marks an answer to a repeated request whose personal data has been erased since, so that the
 * requests could not be compared.
 */
export const withErased = <Body extends object>(
  body: Body,
  did: Committed | Unchanged,
): Body | (Body & { erased: true }) =>
  did.kind === 'committed' && did.erased ? { ...body, erased: true } : body;
