import {
  datesFault,
  type DatedFact,
  type Dates,
  factToCorrect,
  factToEnd,
  existingFact,
} from '../shared/dated-fact.js';
import type { PartnerId } from '../shared/ids.js';
import { accept, refuse } from '../shared/result.js';
import type {
  CustomerCommand,
  CustomerDecision,
  CustomerDecisionFacts,
} from './customer.decide.js';
import type { Customer } from './customer.js';
import type { RecordedBy } from './scope-grant.js';

type Command<Type extends CustomerCommand['type']> = Extract<CustomerCommand, { type: Type }>;
type Relationship = { readonly partnerId: PartnerId } & Dates;
type Limit = Pick<CustomerDecisionFacts, 'scope'>;

/**
 * The relationship on record that states the same. A repeated statement changes nothing and is
 * answered with its id.
 */
export const existingRelationship = (
  value: Relationship,
  customer: Customer,
): DatedFact<object> | undefined => existingFact(customer.relationships, value);

/**
 * A relationship that a scoped key recorded grants no scope. An unscoped key that states it again
 * confirms it.
 */
export function startRelationship(
  { value }: Command<'start-relationship'>,
  customer: Customer,
  limit: Limit,
): CustomerDecision {
  const fault = datesFault(value);
  if (fault) return refuse(fault);
  const recordedBy = recorderOf(limit);
  const existing = existingFact(customer.relationships, value);
  if (!existing)
    return accept([{ type: 'CustomerPartnerRelationshipStarted', data: { ...value, recordedBy } }]);
  if (!isConfirmation(customer, existing, limit)) return accept([]);
  const confirmed = { factId: existing.factId, reason: CONFIRMED, value, recordedBy };
  return accept([{ type: 'CustomerPartnerRelationshipCorrected', data: confirmed }]);
}

/** A scoped key sees only the relationships of its own partners. */
export function endRelationship(
  { partnerId, factId, on, reason }: Command<'end-relationship'>,
  { relationships }: Customer,
  { scope }: Limit,
): CustomerDecision {
  const candidates = relationships.filter(
    ({ value }) =>
      (partnerId === undefined || value.partnerId === partnerId) &&
      (scope === undefined || scope.includes(value.partnerId)),
  );
  const ending = factToEnd(candidates, { on, factId });
  return ending.ok
    ? accept([
        { type: 'CustomerPartnerRelationshipEnded', data: { factId: ending.value, on, reason } },
      ])
    : ending;
}

export function correctRelationship(
  { factId, reason, value }: Command<'correct-relationship'>,
  customer: Customer,
  limit: Limit,
): CustomerDecision {
  const correction = factToCorrect(customer.relationships, factId, value);
  if (!correction.ok) return correction;
  const fact = customer.relationships.find((candidate) => candidate.factId === factId);
  const changes =
    correction.value === 'changes' || (fact !== undefined && isConfirmation(customer, fact, limit));
  const data = { factId, reason, value, recordedBy: recorderOf(limit) };
  return accept(changes ? [{ type: 'CustomerPartnerRelationshipCorrected', data }] : []);
}

export function retractRelationship(
  { factId, reason }: Command<'retract-relationship'>,
  customer: Customer,
): CustomerDecision {
  const retraction = factToCorrect(customer.relationships, factId, 'retracted');
  if (!retraction.ok) return retraction;
  return accept(
    retraction.value === 'changes'
      ? [
          {
            type: 'CustomerPartnerRelationshipCorrected',
            data: { factId, reason, retracted: true },
          },
        ]
      : [],
  );
}

const CONFIRMED = 'confirmed by a key without a partner scope';

const recorderOf = ({ scope }: Limit): RecordedBy =>
  scope === undefined ? 'unscoped-key' : 'scoped-key';

/** An unscoped key states a recorded relationship that grants less scope than its dates. */
function isConfirmation(
  { scopeGrants }: Customer,
  fact: Customer['relationships'][number],
  { scope }: Limit,
): boolean {
  if (scope !== undefined) return false;
  const granted = scopeGrants.find((grant) => grant.factId === fact.factId);
  return (
    granted?.partnerId !== fact.value.partnerId ||
    granted.from !== fact.from ||
    granted.to !== fact.to
  );
}
