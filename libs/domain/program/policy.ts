/**
 * The program's numbers and switches. Every one is dated data: none is a constant in code
 * (`docs/policy.md`).
 */
export interface Policy {
  readonly tenantCheckRequired: boolean;
  readonly tenantCheckMaxAgeDays: number;
  readonly customerRelationshipRequired: boolean;
  /** USD. */
  readonly trailingRevenueThreshold: string;
  readonly revenueWindow: 'rolling-12-months' | 'calendar-months';
  readonly revenueBasis: 'billed' | 'paid';
  readonly revenueAmount: 'microsoft-billed' | 'own-invoices';
  readonly excludedFamilies: readonly ('cloud' | 'perpetual-software' | 'partner-owned')[];
  readonly tenureMonths: number;
  readonly tenureGapDays: number;
  readonly supportPlans: readonly ('advanced' | 'premier')[];
  readonly assessmentValidMonths: number;
  readonly serviceRequired: boolean;
  readonly suspendAfterDays: number;
  readonly revokeAfterDays: number;
  readonly cancellationWindowDays: number;
  readonly perpetualCancellationWindowDays: number;
  readonly prorationRounding: 'truncate' | 'half-even';
  /** In units of the currency compared. */
  readonly reconciliationTolerance: string;
}
