import type { EventRef } from '../../shared/event.js';
import type { Case } from './case.js';
import type { Reason, ReasonOf, RuleId } from '../../order/reasons.js';
import type { FactValue } from '../../order/stored-decision.js';

/** A sentence in both languages of the product. */
export interface Bilingual {
  readonly en: string;
  readonly ja: string;
}

/** One finding of a rule: about the order, or about one of its lines. */
export interface Finding<R extends string = Reason> {
  readonly outcome: 'p' | 'f' | 'n';
  readonly reason: R | 0;
  /** −1: the order as a whole. */
  readonly lineIndex: number;
  readonly facts: FindingFacts | 0;
  readonly evidence: Evidence;
}
export type FindingFacts = Readonly<Record<string, FactValue>>;
/** The events that a finding is based on; `undefined` for an optional one that is absent. */
export type Evidence = readonly (EventRef | readonly EventRef[] | undefined)[];

type Findings<R extends Reason> = Finding<R> | readonly Finding<R>[];

export interface Rule {
  readonly id: RuleId;
  /** The sentence of the program that this rule enforces. */
  readonly source: Bilingual;
  /** Never an empty list. */
  judge(gateCase: Case): Findings<Reason>;
}

/**
 * A rule is its id, its sentence and its judgement, which can fail only for the reasons that the
 * rulebook gives it.
 */
export const rule = <Id extends RuleId>(
  id: Id,
  source: Bilingual,
  judge: (gateCase: Case) => Findings<ReasonOf<Id>>,
): Rule => ({
  id,
  source,
  judge,
});

const NONE: Evidence = [];

export const notApplicable: Finding<never> = {
  outcome: 'n',
  reason: 0,
  lineIndex: -1,
  facts: 0,
  evidence: NONE,
};

export const pass = (facts: FindingFacts | 0 = 0, ...evidence: Evidence): Finding<never> => ({
  outcome: 'p',
  reason: 0,
  lineIndex: -1,
  facts,
  evidence,
});

export const fail = <R extends string>(
  reason: R,
  facts: FindingFacts | 0 = 0,
  ...evidence: Evidence
): Finding<R> => ({
  outcome: 'f',
  reason,
  lineIndex: -1,
  facts,
  evidence,
});

export const failLine = <R extends Reason>(
  reason: R,
  lineIndex: number,
  facts: FindingFacts,
  ...evidence: Evidence
): Finding<R> => ({
  outcome: 'f',
  reason,
  lineIndex,
  facts,
  evidence,
});
