import { firstDate } from '../shared/calendar.js';
import type { Policy } from './policy.js';

/**
 * The default policy and the agreement version `default` are in force on every day of the calendar.
 */
export const POLICY_FROM_THE_BEGINNING = firstDate;

/**
 * The program's terms in a new log (docs/policy.md). The terms of 2025-10-01 ship as
 * `policies/2025-10-01.json`.
 */
export const defaultPolicy: Policy = {
  tenantCheckRequired: true,
  tenantCheckMaxAgeDays: 365,
  customerRelationshipRequired: false,
  trailingRevenueThreshold: '300000.00',
  revenueWindow: 'rolling-12-months',
  revenueBasis: 'billed',
  revenueAmount: 'microsoft-billed',
  excludedFamilies: ['perpetual-software'],
  tenureMonths: 12,
  tenureGapDays: 0,
  supportPlans: ['advanced', 'premier'],
  assessmentValidMonths: 12,
  serviceRequired: true,
  suspendAfterDays: 30,
  revokeAfterDays: 60,
  cancellationWindowDays: 7,
  perpetualCancellationWindowDays: 30,
  prorationRounding: 'truncate',
  reconciliationTolerance: '0.01',
};

export const defaultAgreementVersion = {
  version: 'default',
  from: POLICY_FROM_THE_BEGINNING,
} as const;
