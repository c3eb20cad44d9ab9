import type { Role } from '../../../../libs/platform/authentication/principal.js';

const roles = (...allowed: readonly Role[]): readonly Role[] => allowed;

/**
 * The roles of each permission. A route names its permission with `@Allow`; a route without one
 * does not start. An operator may do everything; an auditor may read everything and command
 * nothing.
 */
export const permissions = {
  /** Health, documentation and problem pages need no credential. */
  everyone: 'everyone',
  'check eligibility': roles('order-entry', 'auditor', 'reporting', 'operator'),
  /** Orders and their changes; customers, agreements, associations, relationships. */
  'enter orders': roles('order-entry', 'operator'),
  /**
   * All other commands: partners, price lists, rates, policies, the clock, rulesets, rebuilds,
   * erasure.
   */
  operate: roles('operator'),
  'read customers and orders': roles('order-entry', 'auditor', 'reporting', 'operator'),
  'read offers': roles('order-entry', 'auditor', 'operator'),
  'read partners': roles('auditor', 'reporting', 'operator'),
  'read invoices': roles('auditor', 'reporting', 'operator'),
  'read projections': roles('auditor', 'reporting', 'operator'),
  'read reports': roles('auditor', 'reporting', 'operator'),
  /** For Prometheus, which needs no other permission. */
  'read metrics': roles('metrics', 'auditor', 'operator'),
  /**
   * The stored log, with encrypted values and their MACs, which reveal equal values. Verification
   * needs whole events, because their hashes cover all fields, so auditors and operators may read
   * them.
   */
  'read sealed values': roles('auditor', 'operator'),
  /** Audit proofs, policies. */
  'read everything': roles('auditor', 'operator'),
} as const satisfies Record<string, 'everyone' | readonly Role[]>;
export type Permission = keyof typeof permissions;

/** Whether one of the roles has the permission. `everyone` needs no role. */
export function permits(permission: Permission, held: readonly Role[]): boolean {
  const allowed: 'everyone' | readonly Role[] = permissions[permission];
  return allowed === 'everyone' || held.some((role) => allowed.includes(role));
}
