import type { CustomerCommand } from '../../../libs/domain/customer/customer.decide.js';
import type { Qualification } from '../../../libs/domain/customer/customer.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import type { RegisterCustomer } from '../dto/customers.dto.js';
import { malformed } from '../http/problems/problem.js';
import { canonicalDomainName } from '../http/validation/domain-name.js';

/**
 * The body of PUT as a command of the domain. `segment` is short for one qualification; the two
 * must not contradict each other.
 */
export function registerCommand(
  body: RegisterCustomer,
): Extract<CustomerCommand, { type: 'register-customer' }> {
  const { segment, qualifications, partnerId, ...details } = body;
  const stated = statedQualifications(segment, qualifications);
  return {
    type: 'register-customer',
    ...details,
    ...(typeof body.domain === 'string' && {
      domain: canonicalDomainName(body.domain) ?? body.domain,
    }),
    ...(stated === undefined ? {} : { qualifications: stated }),
    ...(partnerId === undefined ? {} : { relationshipWith: asPartnerId(partnerId) }),
  };
}

function statedQualifications(
  segment: RegisterCustomer['segment'],
  qualifications: RegisterCustomer['qualifications'],
): readonly Qualification[] | undefined {
  if (segment === undefined)
    return qualifications === undefined ? undefined : (qualifications ?? []);
  if (qualifications === undefined || qualifications === null)
    return segment === null ? [] : qualificationsOf(segment);
  if (!fits(segment ?? 'commercial', qualifications)) {
    const expected = segments.filter((one) => fits(one, qualifications)).join(', ');
    throw malformed({ path: '/segment', code: 'enum', expected });
  }
  return qualifications;
}

const fits = (
  segment: Parameters<typeof qualificationsOf>[0],
  qualifications: readonly Qualification[],
): boolean =>
  segment === 'commercial'
    ? !qualifications.some((one) => one !== 'stateOwnedEntity')
    : qualificationsOf(segment).every((one) => qualifications.includes(one));

const special = ['gcc', 'education', 'nonprofit'] as const;
export const segments = [...special, 'commercial'] as const;

/**
 * The segment that the qualifications correspond to: a customer without qualifications is
 * commercial.
 */
export const segmentOf = (
  qualifications: readonly Qualification[],
): 'commercial' | (typeof special)[number] =>
  special.find((segment) => qualifications.includes(segment)) ?? 'commercial';

/** `segment: "education"` is short for `qualifications: ["education"]`. */
export const qualificationsOf = (
  segment: 'commercial' | (typeof special)[number],
): readonly Qualification[] => (segment === 'commercial' ? [] : [segment]);
