import type { Qualification } from '../../../libs/domain/customer/customer.js';

const special = ['gcc', 'education', 'nonprofit'] as const;
export const segments = [...special, 'commercial'] as const;

/** The segment is short for the qualifications: without a special one a customer is commercial. */
export const segmentOf = (
  qualifications: readonly Qualification[],
): 'commercial' | (typeof special)[number] =>
  special.find((segment) => qualifications.includes(segment)) ?? 'commercial';

/** `segment: "education"` is short for `qualifications: ["education"]`. */
export const qualificationsOf = (
  segment: 'commercial' | (typeof special)[number],
): readonly Qualification[] => (segment === 'commercial' ? [] : [segment]);
