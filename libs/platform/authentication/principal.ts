/** What a key or token may do; `apps/api/http/access/access.ts` says which routes each opens. */
export const roles = ['order-entry', 'auditor', 'reporting', 'operator', 'metrics'] as const;
export type Role = (typeof roles)[number];
export const isRole = (text: unknown): text is Role => roles.some((role) => role === text);

/** Who gives a command: the same across restarts, rotations of the secret, and instances. */
export interface Principal {
  /** `key:<configured id>` or `jwt:<iss>|<sub>`. */
  readonly id: string;
  readonly roles: readonly Role[];
  /** The partners it is limited to; absent: no limit. */
  readonly partnerIds?: readonly string[];
}

/** Nobody has shown anything: health, documentation, problem pages. */
export const anonymous: Principal = { id: 'anonymous', roles: [] };

/** Whether a partner lies in the principal's scope. */
export const inScope = (principal: Principal, partnerId: string): boolean =>
  principal.partnerIds?.includes(partnerId) ?? true;
