import { fail, notApplicable, pass } from '../gate/case/rule.js';
import type { PartnerModel } from '../partner/partner.js';
import { directBillRule, type DirectBillOccasion } from './direct-bill-rule.js';
import { tenureEvidence } from '../qualification/tenure-evidence.js';
import { tenureOf } from '../qualification/tenure.js';
import { trailingRevenue } from '../qualification/trailing-revenue.js';

const countedModels: Readonly<Record<DirectBillOccasion, readonly PartnerModel[]>> = {
  entry: ['indirect-reseller'],
  yearly: ['indirect-reseller', 'direct-bill'],
};

export const DIRECT_1 = directBillRule(
  'DIRECT-1',
  {
    en: 'At least USD 300,000 of CSP program revenue as an indirect reseller in the preceding 12 months; only cloud revenue counts.',
    ja: '過去 12 か月間に、間接リセラーとして CSP プログラムで 30 万米ドル以上の収益があること。クラウドの収益のみが対象です。',
  },
  ({ revenue, asOf, occasion, publishedPolicy: { policy, proof } }) => {
    const figures = trailingRevenue({
      amounts: revenue,
      asOf,
      policy,
      countedModels: countedModels[occasion],
    });
    const { total, threshold, shortfall, window, meetsThreshold } = figures;
    const facts = {
      total: total.amount,
      threshold: threshold.amount,
      currency: total.currency,
      from: window.from,
      to: window.to,
    };
    if (!meetsThreshold)
      return fail(
        'trailing-revenue-below-threshold',
        { ...facts, shortfall: shortfall.amount },
        proof,
      );

    return pass(facts, proof);
  },
);

export const DIRECT_2 = directBillRule(
  'DIRECT-2',
  {
    en: 'Tenure as an indirect reseller in the CSP program, confirmed together with the revenue.',
    ja: 'CSP プログラムの間接リセラーとしての継続期間。収益とあわせて確認されます。',
  },
  ({ partner, providers, asOf, occasion, publishedPolicy: { policy, proof } }) => {
    if (occasion === 'yearly') return notApplicable;

    const { status, months, since, satisfiedOn, interruptedOn } = tenureOf(partner, providers, {
      asOf,
      policy,
    });
    const evidence = [...tenureEvidence(partner, providers, { since, asOf }), proof];
    const required = { status, months, requiredMonths: policy.tenureMonths };
    if (status === 'satisfied')
      return pass({ ...required, ...(since !== undefined && { since }) }, ...evidence);

    const dates = {
      ...(satisfiedOn !== undefined && { satisfiedOn }),
      ...(interruptedOn !== undefined && { interruptedOn }),
    };
    return fail(
      'tenure-too-short',
      { ...required, ...(since !== undefined && { since }), ...dates },
      ...evidence,
    );
  },
);
