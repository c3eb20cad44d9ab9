import { addMonthsClamped } from '../shared/calendar.js';
import type { EventRef } from '../shared/event.js';

/** The five capabilities that a third party assesses (DIRECT-4). */
export const capabilities = [
  'billing',
  'provisioning',
  'customerSupport',
  'compliance',
  'security',
] as const;
export type Capability = (typeof capabilities)[number];
export type CapabilityResult = 'passed' | 'failed';

/** A third party's assessment as an application records it. */
export interface CapabilitiesAssessment {
  readonly results: Readonly<Record<Capability, CapabilityResult>>;
  readonly assessor: string;
  readonly on: string;
  readonly proof: EventRef;
}

/**
 * The assessment that counts on a date: the latest up to it; of several on one day, the last in the
 * log. The list must be in the log's order.
 */
export function assessmentOn(
  assessments: readonly CapabilitiesAssessment[],
  asOf: string,
): CapabilitiesAssessment | undefined {
  let latest: CapabilitiesAssessment | undefined;
  for (const assessment of assessments) {
    if (assessment.on <= asOf && assessment.on >= (latest?.on ?? '')) latest = assessment;
  }
  return latest;
}

/** The first day on which the assessment no longer counts. */
export const expiresOn = ({ on }: CapabilitiesAssessment, validMonths: number): string =>
  addMonthsClamped(on, validMonths);
