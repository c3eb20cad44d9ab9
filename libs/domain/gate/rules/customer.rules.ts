import { fail, pass, rule } from '../case/rule.js';

export const CUSTOMER_1 = rule(
  'CUSTOMER-1',
  {
    en: 'A CSP order is placed on behalf of a customer whose relationship the partner manages.',
    ja: 'パートナーは、自社の顧客との関係を管理し、その顧客の代わりに CSP プランを注文します。',
  },
  ({ customer: { registration, closed }, order, date }) => {
    if (!registration) return fail('customer-unknown', { tenantId: order.tenantId });
    if (closed && closed.on <= date)
      return fail('customer-closed', { on: closed.on }, closed.proof);

    return pass(0, registration.proofs);
  },
);
