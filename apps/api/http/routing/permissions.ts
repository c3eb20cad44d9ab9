import type { Role } from '../../../../libs/platform/authentication/principal.js';

const roles = (...allowed: readonly Role[]): readonly Role[] => allowed;

/**
 * Who may do what: the one table. A route names its line with `@Allow`; a route that names none
 * does not start. An operator may do everything; an auditor may read everything and command
 * nothing.
 */
export const permissions = {
  /** Health, documentation, problem pages: nobody is asked who they are. */
  everyone: 'everyone',
  'check eligibility': roles('order-entry', 'auditor', 'reporting', 'operator'),
  /** Orders and their changes; customers, agreements, associations, relationships. */
  'enter orders': roles('order-entry', 'operator'),
  /** Partners, price lists, rates, policies, clock, rulesets, rebuilds, erasure: all else. */
  operate: roles('operator'),
  'read customers and orders': roles('order-entry', 'auditor', 'reporting', 'operator'),
  'read offers': roles('order-entry', 'auditor', 'operator'),
  'read partners': roles('auditor', 'reporting', 'operator'),
  'read projections': roles('auditor', 'reporting', 'operator'),
  'read reports': roles('auditor', 'reporting', 'operator'),
  /** For Prometheus, which needs nothing else. */
  'read metrics': roles('metrics', 'auditor', 'operator'),
  /**
   * The log as it is stored, sealed values with their MACs in it: equal values can be told from it.
   * Whoever verifies the log needs all of an event (its hash covers it), and so does whoever
   * operates it; nobody else does.
   */
  'read sealed values': roles('auditor', 'operator'),
  /** Audit proofs, policies. */
  'read everything': roles('auditor', 'operator'),
} as const satisfies Record<string, 'everyone' | readonly Role[]>;
export type Permission = keyof typeof permissions;

/** Whether the roles open the line; `everyone` is open without any. */
export function permits(permission: Permission, held: readonly Role[]): boolean {
  const allowed: 'everyone' | readonly Role[] = permissions[permission];
  return allowed === 'everyone' || held.some((role) => allowed.includes(role));
}
