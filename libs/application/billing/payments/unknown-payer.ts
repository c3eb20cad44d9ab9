import { partnerId, tenantId } from '../../../domain/shared/ids.js';
import type { Payer } from '../../../domain/billing/parties/billing-profile.js';
import type { View } from '../../engine/states/view.js';
import { customerFold, partnerFold } from '../../records/folds.js';

/** Undefined: the payer is registered. */
export async function unknownPayer(
  payer: Payer,
  states: View,
): Promise<{ readonly code: 'customer-unknown' | 'partner-unknown' } | undefined> {
  const id = payer.slice(payer.indexOf(':') + 1);
  const isCustomer = payer.startsWith('customer:');
  const { state } = isCustomer
    ? await states.load(customerFold(tenantId(id)))
    : await states.load(partnerFold(partnerId(id)));
  if (state.registration) return undefined;
  return { code: isCustomer ? 'customer-unknown' : 'partner-unknown' };
}
