/** The roles of keys and tokens. The routes declare which roles may call them. */
export const roles = ['order-entry', 'auditor', 'reporting', 'operator', 'metrics'] as const;
export type Role = (typeof roles)[number];
export const isRole = (text: unknown): text is Role => roles.some((role) => role === text);

/**
 * The authenticated caller. The id is stable across restarts, instances and rotations of a secret.
 */
export interface Principal {
  /** `key:<configured id>` or `jwt:<iss>|<sub>`. */
  readonly id: string;
  readonly roles: readonly Role[];
  /** The partners to which the principal is limited; absent if there is no limit. */
  readonly partnerIds?: readonly string[];
}

/** A caller without a credential: for health, documentation and problem pages. */
export const anonymous: Principal = { id: 'anonymous', roles: [] };

/** Whether the principal may act for this partner. */
export const inScope = (principal: Principal, partnerId: string): boolean =>
  principal.partnerIds?.includes(partnerId) ?? true;
