import type { Reason } from '../order/reasons.js';

/**
 * Microsoft's own error code for a reason, where Partner Center has one that means the same
 * (reference-data/partner-center-error-codes.csv). There is none for TENANT-1: Partner Center does
 * not say why such an order fails.
 */
export const partnerCenterCodes: Readonly<Partial<Record<Reason, string>>> = {
  'seller-unknown': '800015',
  'seller-membership-inactive': '900149',
  'seller-location-missing': '2030',
  'seller-is-provider': '2072',
  'market-unknown': '800070',
  'market-outside-region': '2030',
  'currency-not-allowed': '900169',
  'customer-unknown': '60003',
  'customer-closed': '900416',
  'agreement-missing': '13605',
  'customer-relationship-missing': '20002',
  'offer-not-on-price-list': '400019',
  'offer-term-not-available': '900268',
  'offer-quantity-out-of-range': '900275',
  'offer-segment-not-eligible': '800086',
  'credit-limit-exceeded': '900121',
};
