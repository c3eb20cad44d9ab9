import type { CustomerCommand } from '../../../libs/domain/customer/customer.decide.js';
import type { Qualification } from '../../../libs/domain/customer/customer.js';
import { partnerId as asPartnerId } from '../../../libs/domain/shared/ids.js';
import type { RegisterCustomer } from '../dto/customers.dto.js';
import { malformed } from '../http/problems/problem.js';
import { canonicalDomainName } from '../http/validation/domain-name.js';
import { qualificationsOf } from './segment.js';

/** The body of PUT as the domain's command: `segment` is short for qualifications, and the two must not say different things. */
export function registerCommand(body: RegisterCustomer): Extract<CustomerCommand, { type: 'register-customer' }> {
  const { segment, qualifications, partnerId, ...details } = body;
  const stated = statedQualifications(segment, qualifications);
  return {
    type: 'register-customer',
    ...details,
    ...(typeof body.domain === 'string' && { domain: canonicalDomainName(body.domain) ?? body.domain }),
    ...(stated === undefined ? {} : { qualifications: stated }),
    ...(partnerId === undefined ? {} : { relationshipWith: asPartnerId(partnerId) }),
  };
}

function statedQualifications(
  segment: RegisterCustomer['segment'],
  qualifications: RegisterCustomer['qualifications'],
): readonly Qualification[] | undefined {
  if (segment === undefined) return qualifications === undefined ? undefined : (qualifications ?? []);
  const implied = segment === null ? [] : qualificationsOf(segment);
  if (qualifications === undefined || qualifications === null) return implied;
  const fits =
    implied.length === 0 ? !qualifications.some((one) => one !== 'stateOwnedEntity') : implied.every((one) => qualifications.includes(one));
  if (!fits) throw malformed({ path: '/segment', code: 'enum' });
  return qualifications;
}
