import { notApplicable, rule } from '../case/rule.js';

/**
 * Never applicable in this ruleset: what a customer owes is known from its invoices, and none are
 * issued yet.
 */
export const CREDIT_1 = rule(
  'CREDIT-1',
  {
    en: 'The partner bills its customers itself, and bears the risk of what they owe.',
    ja: 'パートナーは顧客に対する請求を自律的に行い、その与信を管理します。',
  },
  () => notApplicable,
);
