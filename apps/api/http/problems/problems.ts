import { billingProblems } from './billing.problems.js';
import { directBillProblems } from './direct-bill.problems.js';
import { documentProblems } from './document.problems.js';
import type { ProblemKind } from './problem-kind.js';
import { paymentProblems } from './payment.problems.js';
import { commandReasonProblems, reasonProblems } from './reason.problems.js';
import { refusalProblems } from './refusal.problems.js';
import { reconciliationProblems } from './reconciliation.problems.js';
import { requestProblems } from './request.problems.js';
import { subscriptionProblems } from './subscription.problems.js';
import { serviceProblems } from './service.problems.js';

/**
 * All problems of this API by their code: the one table of statuses and texts. The page of a
 * problem is `/problems/<code>`.
 */
export const problems = {
  ...requestProblems,
  ...serviceProblems,
  ...refusalProblems,
  ...directBillProblems,
  ...billingProblems,
  ...documentProblems,
  ...paymentProblems,
  ...reconciliationProblems,
  ...subscriptionProblems,
  ...reasonProblems,
  ...commandReasonProblems,
  // Commands are refused for it, too.
  'exchange-rate-missing': refusalProblems['exchange-rate-missing'],
};
export type ProblemCode = keyof typeof problems;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems, code);
export const problemKind = (code: ProblemCode): ProblemKind => problems[code];
export const problemType = (code: ProblemCode): string => `/problems/${code}`;
