import type { Program } from '../program/program.js';
import { firstDate } from '../shared/calendar.js';
import {
  datesFault,
  type DatedFact,
  type Dates,
  existingFact,
  factToCorrect,
  factToEnd,
} from '../shared/dated-fact.js';
import type { Proposed } from '../shared/event.js';
import { accept, refuse } from '../shared/result.js';
import { modelOn, type Partner, type PartnerEvent } from './partner.js';
import type {
  PartnerCommand,
  PartnerDecision,
  PartnerDecisionFacts,
  PartnerRefusal,
} from './partner.decide.js';
import { partnerFactNames, type PartnerFactKind, type PartnerFactValues } from './partner-facts.js';
import { placeFault } from './place.js';

/** A dated fact that a client states: its kind, its fields and its dates. */
export type StatedFact = {
  [Kind in PartnerFactKind]: {
    readonly kind: Kind;
    readonly value: PartnerFactValues[Kind] & Dates;
  };
}[PartnerFactKind];

type Command<Type extends PartnerCommand['type']> = Extract<PartnerCommand, { type: Type }>;

/**
 * The fact on record that states the same. A repeated statement changes nothing and is answered
 * with its id.
 */
export const existingPartnerFact = (
  { kind, value }: StatedFact,
  partner: Partner,
): DatedFact<object> | undefined => existingFact<object>(partner.facts[kind], value);

export function startFact(
  fact: StatedFact,
  partner: Partner,
  { program }: PartnerDecisionFacts,
): PartnerDecision {
  const fault = datesFault(fact.value) ?? valueFault(fact, program) ?? modelFault(fact, partner);
  if (fault) return refuse(fault);
  return accept(
    existingPartnerFact(fact, partner) ? [] : [factEvent(fact.kind, 'Started', fact.value)],
  );
}

export function endFact(
  { kind, on, reason, factId, providerId }: Command<'end-fact'>,
  partner: Partner,
): PartnerDecision {
  const candidates =
    kind === 'providerRelationship' && providerId !== undefined
      ? partner.facts.providerRelationship.filter(({ value }) => value.providerId === providerId)
      : partner.facts[kind];
  const ending = factToEnd(candidates, { on, factId });
  return ending.ok
    ? accept([factEvent(kind, 'Ended', { factId: ending.value, on, reason })])
    : ending;
}

export function correctFact(
  { factId, reason, fact }: Command<'correct-fact'>,
  partner: Partner,
  { program }: PartnerDecisionFacts,
): PartnerDecision {
  const correction = factToCorrect<object>(partner.facts[fact.kind], factId, fact.value);
  if (!correction.ok) return correction;
  const fault = valueFault(fact, program, '/value') ?? modelFault(fact, partner);
  if (fault) return refuse(fault);
  return accept(
    correction.value === 'changes'
      ? [factEvent(fact.kind, 'Corrected', { factId, reason, value: fact.value })]
      : [],
  );
}

export function retractFact(
  { factId, reason, kind }: Command<'retract-fact'>,
  partner: Partner,
): PartnerDecision {
  const retraction = factToCorrect<object>(partner.facts[kind], factId, 'retracted');
  if (!retraction.ok) return retraction;
  return accept(
    retraction.value === 'changes'
      ? [factEvent(kind, 'Corrected', { factId, reason, retracted: true })]
      : [],
  );
}

const valueFault = (fact: StatedFact, program: Program, path = ''): PartnerRefusal | undefined =>
  fact.kind === 'location' ? placeFault(program, fact.value, path) : undefined;

/**
 * A partner can be authorized as an indirect provider only from a day on which that is its model.
 */
const modelFault = ({ kind, value }: StatedFact, partner: Partner): PartnerRefusal | undefined =>
  kind === 'providerAuthorization' &&
  modelOn(partner, value.from ?? firstDate) !== 'indirect-provider'
    ? { code: 'not-an-indirect-provider' }
    : undefined;

// `kind` and `data` come from one stated fact, whose type ties them together; the compiler does not
// follow that through a computed name. The catalogue's test checks every event proposed here
// against its schema.
const factEvent = (
  kind: PartnerFactKind,
  step: 'Started' | 'Ended' | 'Corrected',
  data: object,
): Proposed<PartnerEvent> =>
  ({ type: `${partnerFactNames[kind]}${step}`, data }) as Proposed<PartnerEvent>;
