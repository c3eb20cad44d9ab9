import { daysBetween } from '../../shared/calendar.js';
import { fail, notApplicable, pass, rule } from '../case/rule.js';

export const TENANT_1 = rule(
  'TENANT-1',
  {
    en: 'A partner may not sell online services to another CSP partner’s CSP tenant. A CSP partner that buys CSP services must use a tenant that is not associated with CSP.',
    ja: 'パートナーは、CSP パートナー テナントを使用して他の CSP パートナーにオンライン サービスを販売することはできません。CSP サービスを CSP パートナーに販売するには、購入パートナーが CSP に関連付けられていないテナントを使用する必要があります。',
  },
  ({ customer: { registrations }, observation, date }) => {
    const registered = registrations.find(({ endedOn }) => endedOn === undefined || endedOn > date);
    if (registered)
      return fail('tenant-csp-associated', { partnerId: registered.partnerId }, registered.proof);
    if (observation?.associated)
      return fail(
        'tenant-csp-associated',
        { observedOn: observation.observedOn },
        observation.proof,
      );

    return pass(0, observation?.proof);
  },
);

export const TENANT_2 = rule(
  'TENANT-2',
  {
    en: 'The buyer’s tenant must not be associated with CSP: that can hold only for a tenant whose association was looked up.',
    ja: '購入側は CSP に関連付けられていないテナントを使用する必要があるため、テナントの関連付けが確認されていなければなりません。',
  },
  ({ observation, policy, publishedPolicy, date }) => {
    if (!policy.tenantCheckRequired) return notApplicable;

    const maxAgeDays = policy.tenantCheckMaxAgeDays;
    if (!observation) return fail('tenant-association-unverified', { maxAgeDays });

    const ageDays = daysBetween(observation.observedOn, date);
    const { observedOn } = observation;
    if (ageDays > maxAgeDays) {
      return fail(
        'tenant-association-unverified',
        { observedOn, ageDays, maxAgeDays },
        observation.proof,
        publishedPolicy.proof,
      );
    }

    return pass({ ageDays, maxAgeDays }, observation.proof);
  },
);
