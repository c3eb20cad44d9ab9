import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import { isRole, type Principal } from './principal.js';

/** Asymmetric algorithms only: a holder of the public keys cannot create such a signature. */
export const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/**
 * RFC 7519 and RFC 9068. Other tokens that an issuer signs with the same keys (logout, DPoP,
 * security events) are refused.
 */
const types: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);

/** The unverified claims of a token; undefined if no signature could make the token acceptable. */
export function claimsOf(
  token: string,
): { readonly header: ProtectedHeaderParameters; readonly payload: JWTPayload } | undefined {
  try {
    const header = decodeProtectedHeader(token);
    return isAcceptable(header) ? { header, payload: decodeJwt(token) } : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 7519, 5.1: `typ` is optional. If present, it must be an accepted type. */
function isAcceptable({ alg, typ, kid }: ProtectedHeaderParameters): boolean {
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return false;
  // The header is the issuer's text: its values may have other types than jose declares.
  if (kid !== undefined && typeof (kid as unknown) !== 'string') return false;
  if (typ === undefined) return true;
  return (
    typeof (typ as unknown) === 'string' &&
    types.has(typ.toLowerCase().replace(/^application\//, ''))
  );
}

/**
 * Letters, digits, signs and spaces of any script, but not only spaces: visible in logs and
 * terminals.
 */
const printable = /^(?!\p{Zs}*$)[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]{1,255}$/u;

/**
 * The principal of the claims `sub`, `roles` and `partner_ids`. A malformed claim gives no
 * principal, so that it cannot grant more than intended.
 */
export function principalFrom({
  iss,
  sub,
  roles,
  partner_ids: partnerIds,
}: JWTPayload): Principal | undefined {
  if (typeof iss !== 'string' || typeof sub !== 'string' || !printable.test(sub)) return undefined;
  if (!isStrings(roles)) return undefined;
  if (partnerIds !== undefined && !isStrings(partnerIds)) return undefined;
  return {
    id: `jwt:${iss}|${sub}`,
    roles: roles.filter(isRole),
    ...(partnerIds !== undefined && { partnerIds }),
  };
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
