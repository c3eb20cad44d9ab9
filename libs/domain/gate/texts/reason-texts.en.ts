import type { ReasonTexts } from './reason-text.js';

export const english: ReasonTexts = {
  'seller-unknown': {
    title: 'The seller is not registered',
    message:
      'No partner[ {partnerId}] is registered. Check the partnerId, or have an operator register the partner.',
  },
  'seller-membership-inactive': {
    title: 'The seller’s membership is not active',
    message:
      'The seller has no active membership of the Microsoft AI Cloud Partner Program[ on {date}]. Renew it and record the membership.',
  },
  'seller-location-missing': {
    title: 'The seller has no location in the customer’s region',
    message:
      'The seller has no PartnerID for a location in the region of the customer’s market[ ({market}, region {regionGroup})]. Register a location there, or sell through a partner that has one.',
  },
  'seller-signing-authority-missing': {
    title: 'Nobody may sign for the seller',
    message:
      'Nobody with authority to sign for the seller is on record[ on {date}]. Record who may sign its legal agreements.',
  },
  'provider-relationship-missing': {
    title: 'No relationship with an indirect provider',
    message:
      'The indirect reseller has no active relationship with an indirect provider[ {providerId}] in the customer’s region. Record the relationship, or name a provider that it has one with.',
  },
  'provider-not-authorized': {
    title: 'The indirect provider is not authorized',
    message:
      'The seller’s indirect provider[ ({providerIds})] is not authorized by Microsoft on the order’s date. Have its authorization recorded, or buy through another provider.',
  },
  'provider-ambiguous': {
    title: 'Several indirect providers are possible',
    message:
      'The seller has several authorized indirect providers[: {providerIds}]. Name one of them in providerId.',
  },
  'direct-bill-not-authorized': {
    title: 'The seller is not authorized for direct billing',
    message:
      'The seller has no direct-bill authorization[ on {date}]. Apply for one, or have an operator record the authorization that Microsoft has given.',
  },
  'direct-bill-restricted': {
    title: 'The direct-bill authorization is restricted',
    message:
      'The seller’s direct-bill authorization has been restricted[ since {since}]: no new purchases. Meet the program’s requirements again and have it restored.',
  },
  'direct-bill-suspended': {
    title: 'The direct-bill authorization is suspended',
    message:
      'The seller’s direct-bill authorization has been suspended[ since {since}]. Meet the program’s requirements again and have it restored.',
  },
  'direct-bill-revoked': {
    title: 'The direct-bill authorization is revoked',
    message:
      'The seller’s direct-bill authorization has been revoked[ since {since}]. Sell as an indirect reseller, or apply for a new authorization.',
  },
  'support-plan-inactive': {
    title: 'No active support plan',
    message:
      'The seller has no active support plan that the program accepts[ ({plans})][ on {date}]. Buy or renew one and have it recorded.',
  },
  'seller-is-provider': {
    title: 'An indirect provider cannot be the seller',
    message:
      'The seller[ {partnerId}] is an indirect provider, which is never the seller of record. Put the reseller in partnerId and the provider in providerId.',
  },
  'market-unknown': {
    title: 'The customer’s country is not a CSP market',
    message:
      'CSP offers are not sold in the customer’s country[ ({country})]. Check the customer’s country and market code.',
  },
  'market-outside-region': {
    title: 'The customer’s market is outside the seller’s region',
    message:
      'The customer’s market[ {market}] is in a region[ ({regionGroup})] in which the seller is not established. Sell through a partner of that region.',
  },
  'currency-not-allowed': {
    title: 'The currency is not allowed',
    message:
      'The order’s currency[ {currency}] is neither the currency of a location of the seller nor that of the customer’s market. Order in an allowed currency[: {allowed}].',
  },
  'customer-unknown': {
    title: 'The customer is not registered',
    message:
      'No customer is registered for the tenant[ {tenantId}]. Check the tenantId, or register the customer first.',
  },
  'customer-closed': {
    title: 'The customer’s account is closed',
    message:
      'The customer’s account is closed[ since {on}]. Nothing can be ordered for it any more.',
  },
  'agreement-missing': {
    title: 'The Microsoft Customer Agreement is missing',
    message:
      'The customer has not accepted the Microsoft Customer Agreement[ for {country}]. Have it signed and record it before you order again.',
  },
  'agreement-not-yet-effective': {
    title: 'The agreement is not yet effective',
    message:
      'The customer’s agreement is signed for a later date[ ({signedOn})] than the order’s. Order again from that day on.',
  },
  'agreement-withdrawn': {
    title: 'The agreement has been withdrawn',
    message:
      'The customer’s acceptance of the Microsoft Customer Agreement has been withdrawn[, as of {withdrawnOn}]. Have the agreement signed again and record it.',
  },
  'agreement-version-superseded': {
    title: 'The agreement’s version is not accepted',
    message:
      'The customer has accepted a version of the agreement[ ({version})] that was not in force when it was signed, or is no longer accepted[; it came into force on {from}, after it was signed on {signedOn}][; its last day was {acceptedUntil}]. Have the current version signed and record it.',
  },
  'agreement-wrong-market': {
    title: 'The agreement is for another market',
    message:
      'The customer’s agreement[ (for {agreementCountry}, in {language})] is not the one for its country[ {country}] in a language offered there. Have the agreement for its present country signed and record it.',
  },
  'agreement-not-offered-in-market': {
    title: 'No agreement is offered in the customer’s market',
    message:
      'The Microsoft Customer Agreement has no template for the customer’s market[ ({country})]: nothing can be ordered for customers there. Check the customer’s country and market code.',
  },
  'tenant-csp-associated': {
    title: 'The tenant is associated with CSP',
    message:
      'The tenant is associated with CSP[: it is a CSP tenant of partner {partnerId}][, as observed on {observedOn}]. Online services may not be sold to it: the buyer must use a tenant that is not associated with CSP.',
  },
  'tenant-association-unverified': {
    title: 'The tenant’s association has not been checked',
    message:
      'Whether the tenant is associated with CSP has not been checked recently enough[: the last check, of {observedOn}, is {ageDays} days old][; at most {maxAgeDays} days are allowed]. Look it up and record what you see.',
  },
  'customer-relationship-missing': {
    title: 'No relationship between seller and customer',
    message:
      'The seller[ {partnerId}] has no active relationship with the customer. Record the relationship before you order again.',
  },
  'price-list-missing': {
    title: 'The month’s price list is not published',
    message:
      'No price list is published for the customer’s market[ {market}] in the order’s month[ {month}]. Have an operator publish it, then order again.',
  },
  'offer-not-on-price-list': {
    title: 'The offer is not on the price list',
    message:
      'The offer[ {offerId}] is not on the month’s price list in the order’s currency[ ({currency})][ on {date}]. Choose an offer of that list, or another currency.',
  },
  'offer-term-not-available': {
    title: 'The term or billing plan is not available',
    message:
      'The offer[ {offerId}] is not sold in this term and billing plan[ ({term}, {billingPlan})]. Choose a combination that the price list has.',
  },
  'offer-quantity-out-of-range': {
    title: 'The quantity is outside the offer’s limits',
    message:
      'The quantity[ {quantity}] is outside what the price list allows for the offer[ {offerId}][; at least {min}][, at most {max}]. Change the quantity.',
  },
  'order-amount-too-large': {
    title: 'The amount of the order is too large',
    message:
      'The amount of the order[ in {currency}][: {quantity} of the offer {offerId} at {unitPrice}] has more than 15 digits before the point, which is more than can be recorded. Order a smaller quantity, or split the order.',
  },
  'offer-segment-not-eligible': {
    title: 'The offer is for another segment',
    message:
      'The customer may not buy the offer[ {offerId}]: it is sold to another segment[ ({segments}); this customer may buy {mayBuy}]. Choose an offer of its segment, or have its qualification recorded.',
  },
  'credit-limit-exceeded': {
    title: 'The credit limit would be exceeded',
    message:
      'The order is not within the customer’s credit limit[ of {limit}][: with it the customer would owe {exposure}][: the amount cannot be computed ({unknown})]. Have invoices paid, raise the limit, or order less; publish a missing price or tax rate.',
  },
  'exchange-rate-missing': {
    title: 'No exchange rate is published for that month',
    message:
      'The customer owes amounts in several currencies, and no exchange rate[ of {currency}] is published for the month[ {month}], so its credit limit cannot be judged. Publish the rate, then order again.',
  },
};
