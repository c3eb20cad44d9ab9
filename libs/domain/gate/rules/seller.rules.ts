import type { Case } from '../case/case.js';
import { latestOn } from '../../partner/partner.js';
import { fail, type Finding, notApplicable, pass, rule } from '../case/rule.js';
import {
  activeMembership,
  activeSupportPlan,
  locationInRegion,
  signingAuthority,
} from '../case/seller-conditions.js';

export const SELLER_1 = rule(
  'SELLER-1',
  {
    en: 'An active membership of the Microsoft AI Cloud Partner Program, and a PartnerID, for the location where the partner sells.',
    ja: '販売する場所の Microsoft AI Cloud パートナー プログラムと PartnerID のアクティブなメンバーシップ。',
  },
  ({ seller, order, date }) => {
    if (!seller.registration) return fail('seller-unknown', { partnerId: order.partnerId });

    const membership = activeMembership(seller, date);
    return membership.outcome === 'f'
      ? membership
      : pass(0, seller.registration.proof, ...membership.evidence);
  },
);

export const SELLER_2 = rule(
  'SELLER-2',
  {
    en: 'A PartnerID for the location where the partner sells. The partner’s location decides its market.',
    ja: '販売する場所の PartnerID。貴社の所在地によって、市場が決まります。',
  },
  ({ seller, sellerPresence, market }) => {
    if (!seller.registration || !market) return notApplicable;

    return locationInRegion(sellerPresence, market);
  },
);

export const SELLER_3 = rule(
  'SELLER-3',
  {
    en: 'The partner can sign legal agreements on behalf of its organization.',
    ja: '組織を代表して法的契約に署名できること。',
  },
  ({ seller, date }) => (seller.registration ? signingAuthority(seller, date) : notApplicable),
);

export const SELLER_5 = rule(
  'SELLER-5',
  {
    en: 'A direct-bill partner buys from Microsoft and sells to its customers itself, with the Advanced or Premier Support for Partners package.',
    ja: '直接請求モデルでは、パートナーが Microsoft から直接購入して顧客に直接販売し、Microsoft Advanced または Premier Support for Partners パッケージを購入します。',
  },
  (gateCase) => {
    if (gateCase.sellerModel?.model !== 'direct-bill') return notApplicable;

    const authorization = directBillAuthorization(gateCase);
    const support = activeSupportPlan(gateCase.seller, gateCase.publishedPolicy, gateCase.date);
    const failures = [authorization, support].filter(({ outcome }) => outcome === 'f');
    if (failures.length > 0) return failures;

    return pass(support.facts, ...authorization.evidence, ...support.evidence);
  },
);

export const SELLER_6 = rule(
  'SELLER-6',
  {
    en: 'In the indirect model an indirect provider is whom resellers buy from; it is never the seller of record.',
    ja: '間接モデルでは、間接プロバイダーは購入先であり、販売元のパートナーにはなりません。',
  },
  ({ sellerModel, order }) => {
    if (!sellerModel) return notApplicable;
    if (sellerModel.model === 'indirect-provider')
      return fail('seller-is-provider', { partnerId: order.partnerId }, sellerModel.proof);

    return pass({ model: sellerModel.model }, sellerModel.proof);
  },
);

type AuthorizationReason =
  | 'direct-bill-not-authorized'
  | 'direct-bill-restricted'
  | 'direct-bill-suspended'
  | 'direct-bill-revoked';

/** A restricted partner makes no new purchase, but changes the seats of what exists. */
function directBillAuthorization({ seller, date, order }: Case): Finding<AuthorizationReason> {
  const decided = latestOn(seller.directBill, date);
  if (!decided) return fail('direct-bill-not-authorized', { date }, seller.directBill[0]?.proof);
  const isSeatChange = order.subscriptionId !== undefined && decided.status === 'restricted';
  if (decided.status !== 'authorized' && !isSeatChange)
    return fail(`direct-bill-${decided.status}`, { since: decided.from }, decided.proof);

  return pass(0, decided.proof);
}
