import { holdsOn } from '../../shared/dated-fact.js';
import { fail, notApplicable, pass, rule } from '../case/rule.js';

export const RELATIONSHIP_1 = rule(
  'RELATIONSHIP-1',
  {
    en: 'The reseller manages the relationship with its own customers.',
    ja: '間接リセラーは、自社の顧客との関係を管理します。',
  },
  ({ customer, seller, order, policy, publishedPolicy, date }) => {
    if (!policy.customerRelationshipRequired || !customer.registration || !seller.registration)
      return notApplicable;

    const relationship = customer.relationships.find(
      (fact) => fact.value.partnerId === order.partnerId && holdsOn(fact, date),
    );
    if (!relationship)
      return fail(
        'customer-relationship-missing',
        { partnerId: order.partnerId },
        publishedPolicy.proof,
      );

    return pass(0, relationship.proofs);
  },
);
