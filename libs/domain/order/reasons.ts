/**
 * The rules of the order gate, in the order in which their reasons are reported, each with the
 * reasons for which it can fail.
 */
export const reasonsOfRule = {
  'SELLER-1': ['seller-unknown', 'seller-membership-inactive'],
  'SELLER-2': ['seller-location-missing'],
  'SELLER-3': ['seller-signing-authority-missing'],
  'SELLER-4': ['provider-relationship-missing', 'provider-not-authorized', 'provider-ambiguous'],
  'SELLER-5': [
    'direct-bill-not-authorized',
    'direct-bill-restricted',
    'direct-bill-suspended',
    'direct-bill-revoked',
    'support-plan-inactive',
  ],
  'SELLER-6': ['seller-is-provider'],
  'MARKET-1': ['market-unknown', 'market-outside-region'],
  'MARKET-2': ['currency-not-allowed'],
  'CUSTOMER-1': ['customer-unknown', 'customer-closed'],
  'AGREEMENT-1': [
    'agreement-missing',
    'agreement-not-yet-effective',
    'agreement-withdrawn',
    'agreement-version-superseded',
    'agreement-wrong-market',
    'agreement-not-offered-in-market',
  ],
  'TENANT-1': ['tenant-csp-associated'],
  'TENANT-2': ['tenant-association-unverified'],
  'RELATIONSHIP-1': ['customer-relationship-missing'],
  'OFFER-1': ['price-list-missing', 'offer-not-on-price-list'],
  'OFFER-2': ['offer-term-not-available', 'offer-quantity-out-of-range', 'order-amount-too-large'],
  'OFFER-3': ['offer-segment-not-eligible'],
  'CREDIT-1': ['credit-limit-exceeded', 'exchange-rate-missing'],
} as const;

export type RuleId = keyof typeof reasonsOfRule;
export type ReasonOf<Id extends RuleId> = (typeof reasonsOfRule)[Id][number];
/** The reason codes of the order gate. */
export type Reason = ReasonOf<RuleId>;

// The keys of the literal above are exactly the rules, which the type of `Object.keys` does not say.
export const ruleIds = Object.keys(reasonsOfRule) as readonly RuleId[];
/** In rulebook order. */
export const reasons: readonly Reason[] = Object.values(reasonsOfRule).flat();
