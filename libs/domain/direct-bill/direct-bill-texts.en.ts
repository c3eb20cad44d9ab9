import { english as gate } from '../gate/texts/reason-texts.en.js';
import type { DirectBillTexts } from './direct-bill-reasons.js';

/** In rulebook order. Conditions that the order gate shares have the gate's texts. */
export const english: DirectBillTexts = {
  'trailing-revenue-below-threshold': {
    title: 'The trailing revenue is below the threshold',
    message:
      'The partner’s trailing revenue[ from {from} to {to}] is[ {currency} {total}, {shortfall}] below the program’s threshold[ of {currency} {threshold}]. Record revenue that is missing, or wait until the threshold is reached.',
  },
  'tenure-too-short': {
    title: 'The tenure as an indirect reseller is too short',
    message:
      'The partner has not been an indirect reseller for long enough[: {months} of {requiredMonths} whole months][; interrupted from {interruptedOn} on][; long enough from {satisfiedOn} on]. Wait until the tenure is long enough, or record missing memberships and provider relationships.',
  },
  'support-plan-inactive': gate['support-plan-inactive'],
  'capability-not-assessed': {
    title: 'Capabilities have not been assessed',
    message:
      'No valid third-party assessment covers these capabilities of the partner[: {capabilities}][ (assessed on {assessedOn}, expired on {expiredOn})]. Have them assessed and record the result with an application.',
  },
  'capability-failed': {
    title: 'Capabilities have failed the assessment',
    message:
      'Capabilities of the partner[ ({capabilities})] have failed the third-party assessment[ of {assessedOn} by {assessor}]. Improve them, have them assessed again and record the result with a new application.',
  },
  'seller-membership-inactive': gate['seller-membership-inactive'],
  'seller-location-missing': {
    title: 'The partner has no location in its region',
    message:
      'The partner has no PartnerID for a location in the region of the market in which it is registered[ ({market}, region {regionGroup})]. Register a location there and have it recorded.',
  },
  'service-missing': {
    title: 'No service of the partner is on record',
    message:
      'No managed service, IP service or customer solution application of the partner is on record[ on {date}]. Record at least one of them.',
  },
  'seller-signing-authority-missing': gate['seller-signing-authority-missing'],
};
