import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import { isRole, type Principal } from './principal.js';

/** Only signatures that the holder of the public keys cannot make himself. */
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
 * security events) open nothing.
 */
const types: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);

/**
 * What a token says of itself, before anybody has looked at its signature. Undefined: it is none
 * that could be accepted.
 */
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

/**
 * RFC 7519, 5.1 leaves `typ` to the issuer, and many leave it out; one that is there must be right.
 */
function isAcceptable({ alg, typ, kid }: ProtectedHeaderParameters): boolean {
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return false;
  // The type is the issuer's text, whatever jose's declaration says.
  if (kid !== undefined && typeof (kid as unknown) !== 'string') return false;
  if (typ === undefined) return true;
  return (
    typeof (typ as unknown) === 'string' &&
    types.has(typ.toLowerCase().replace(/^application\//, ''))
  );
}

/**
 * Letters, digits, signs and blanks of any script, not blanks alone: nothing that a log or a
 * terminal would not show.
 */
const printable = /^(?!\p{Zs}*$)[^\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]{1,255}$/u;

/**
 * Claims `sub`, `roles` and `partner_ids`. One that is not as it should be opens nothing: it must
 * never open more than was meant.
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
