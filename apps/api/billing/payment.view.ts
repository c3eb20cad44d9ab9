import {
  type Account,
  creditOf,
  isSameSource,
  type ReceivedPayment,
} from '../../../libs/domain/billing/receivables/account.js';
import type { Payer } from '../../../libs/domain/billing/parties/billing-profile.js';
import type { BillingEntityId } from '../../../libs/domain/shared/ids.js';

/** A payment as the API shows it. `account` has at least the changes of this payment. */
export function paymentView(
  place: { readonly entityId: BillingEntityId; readonly payer: Payer },
  payment: ReceivedPayment,
  account: Account,
) {
  const { currency } = account;
  const money = (amount: string) => ({ amount, currency });
  const source = { paymentId: payment.paymentId };
  return {
    paymentId: payment.paymentId,
    entityId: place.entityId,
    payer: place.payer,
    amount: money(payment.amount),
    receivedOn: payment.receivedOn,
    reference: payment.reference,
    allocations: account.allocations
      .filter((allocation) => isSameSource(allocation.source, source))
      .map(({ invoiceId, amount, on }) => ({ invoiceId, amount: money(amount), on })),
    creditBalance: money(creditOf(account, source)),
    reversed: money(payment.reversed),
    refunded: money(payment.refunded),
  };
}

const yen = (amount: string) => ({ amount, currency: 'JPY' });
const invoiceId = '5e1c8a0e-6a55-5d18-9a33-9d6f6f3c9b10';

export const paymentExample = {
  paymentId: '0c1d4a52-7f0e-5b7d-8a21-3b1c9f0e6d44',
  entityId: 'kansai-billing',
  payer: 'customer:8d1f6a52-53a1-4b0f-8c83-2f6a0f3f7c42',
  amount: yen('120000'),
  receivedOn: '2026-12-18',
  reference: 'MUFG 2026-12-18/0042',
  allocations: [{ invoiceId, amount: yen('110000'), on: '2026-12-18' }],
  creditBalance: yen('10000'),
  reversed: yen('0'),
  refunded: yen('0'),
};
