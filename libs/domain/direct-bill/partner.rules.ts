import { fail, pass } from '../gate/case/rule.js';
import {
  activeMembership,
  activeSupportPlan,
  locationInRegion,
  signingAuthority,
} from '../gate/case/seller-conditions.js';
import { directBillRule } from './direct-bill-rule.js';

export const DIRECT_3 = directBillRule(
  'DIRECT-3',
  {
    en: 'A direct-bill partner has purchased the Microsoft Advanced or Premier Support for Partners package.',
    ja: 'Microsoft Advanced または Premier Support for Partners パッケージを購入していること。',
  },
  ({ partner, publishedPolicy, asOf }) => activeSupportPlan(partner, publishedPolicy, asOf),
);

export const DIRECT_5 = directBillRule(
  'DIRECT-5',
  {
    en: 'An active membership of the Microsoft AI Cloud Partner Program, and a PartnerID, for the location where the partner sells.',
    ja: '販売する場所の Microsoft AI Cloud パートナー プログラムと PartnerID のアクティブなメンバーシップ。',
  },
  ({ partner, presence, market, asOf }) => {
    const membership = activeMembership(partner, asOf);
    // The region is that of the market in which the partner is registered; without a market there
    // is no PartnerID in its region.
    const location = market
      ? locationInRegion(presence, market)
      : fail('seller-location-missing', 0, partner.registration?.proof);
    const failures = [membership, location].filter(({ outcome }) => outcome === 'f');
    if (failures.length > 0) return failures;

    return pass(location.facts, ...membership.evidence, ...location.evidence);
  },
);

export const DIRECT_7 = directBillRule(
  'DIRECT-7',
  {
    en: 'The partner can sign legal agreements on behalf of its organization.',
    ja: '組織を代表して法的契約に署名できること。',
  },
  ({ partner, asOf }) => signingAuthority(partner, asOf),
);
