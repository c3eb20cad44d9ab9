import { fail, type Finding, notApplicable, pass } from '../gate/case/rule.js';
import { holdsOn } from '../shared/dated-fact.js';
import { assessmentOn, capabilities, expiresOn } from './assessment.js';
import { directBillRule } from './direct-bill-rule.js';

export const DIRECT_4 = directBillRule(
  'DIRECT-4',
  {
    en: 'Billing, provisioning, customer support, compliance and security capabilities, as a third-party assessment has reviewed them.',
    ja: '請求、プロビジョニング、カスタマー サポート、コンプライアンス、セキュリティの能力が、第三者による評価で確認されていること。',
  },
  ({ assessments, asOf, publishedPolicy: { policy, proof } }) => {
    const assessment = assessmentOn(assessments, asOf);
    if (!assessment) return fail('capability-not-assessed', { capabilities });

    const expires = expiresOn(assessment, policy.assessmentValidMonths);
    if (asOf >= expires) {
      return fail(
        'capability-not-assessed',
        { capabilities, assessedOn: assessment.on, expiredOn: expires },
        assessment.proof,
        proof,
      );
    }
    const facts = { assessor: assessment.assessor, assessedOn: assessment.on };
    const failed = capabilities.filter((capability) => assessment.results[capability] === 'failed');
    if (failed.length > 0)
      return fail('capability-failed', { ...facts, capabilities: failed }, assessment.proof);

    return pass({ ...facts, expiresOn: expires }, assessment.proof, proof);
  },
);

export const DIRECT_6 = directBillRule(
  'DIRECT-6',
  {
    en: 'At least one managed service, IP service or customer solution application.',
    ja: '少なくとも一つのマネージド サービス、IP サービス、または顧客向けソリューション アプリケーションを提供していること。',
  },
  ({ partner, asOf, publishedPolicy: { policy, proof } }): Finding<'service-missing'> => {
    if (!policy.serviceRequired) return notApplicable;

    const { service: services } = partner.facts;
    const service = services.find((fact) => holdsOn(fact, asOf));
    if (!service) return fail('service-missing', { date: asOf }, services.at(-1)?.proofs, proof);

    return pass({ kind: service.value.kind, name: service.value.name }, service.proofs);
  },
);
