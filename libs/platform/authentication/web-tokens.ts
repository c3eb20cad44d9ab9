import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { isRole, type Principal } from './principal.js';

export interface WebTokenSettings {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** The signing keys could not be fetched: nothing is known of the token, good or bad. */
export class SigningKeysUnavailable extends Error {
  override readonly name = 'SigningKeysUnavailable';
}

/** Only signatures that the holder of the public keys cannot make himself. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** Long enough to spare the signature of a busy client, short enough for a withdrawn key to be noticed. */
const trustedForMs = 60_000;

/** Tokens of the configured issuer. */
export class WebTokens {
  private readonly verified = new LRUCache<string, { readonly principal: Principal; readonly expiresAtMs: number }>({
    max: 1000,
    ttl: trustedForMs,
  });

  constructor(
    private readonly settings: WebTokenSettings,
    private readonly signingKey: JWTVerifyGetKey = createRemoteJWKSet(new URL(settings.jwksUrl), { timeoutDuration: 5000 }),
    private readonly nowMs: () => number = Date.now,
  ) {}

  async principalOf(token: string): Promise<Principal | undefined> {
    const known = this.verified.get(token);
    if (known && this.nowMs() < known.expiresAtMs) return known.principal;
    const payload = await this.verify(token);
    const principal = payload && principalFrom(payload);
    if (payload?.exp !== undefined && principal) this.verified.set(token, { principal, expiresAtMs: payload.exp * 1000 });
    return principal;
  }

  private async verify(token: string): Promise<JWTPayload | undefined> {
    const { issuer, audience } = this.settings;
    try {
      const { payload } = await jwtVerify(token, this.signingKey, {
        issuer,
        audience,
        algorithms,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(this.nowMs()),
      });
      return payload;
    } catch (error) {
      if (isBadToken(error)) return undefined;
      throw new SigningKeysUnavailable(`the signing keys at ${this.settings.jwksUrl} cannot be had`, { cause: error });
    }
  }
}

/** What is wrong with the token itself, as against with the way to the issuer's keys. */
function isBadToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC');
}

/** Claims `roles` and `partner_ids`. A scope that cannot be read opens nothing. */
function principalFrom({ iss, sub, roles, partner_ids: partnerIds }: JWTPayload): Principal | undefined {
  if (!iss || !sub || !isStrings(roles)) return undefined;
  if (partnerIds !== undefined && !isStrings(partnerIds)) return undefined;
  return { id: `jwt:${iss}|${sub}`, roles: roles.filter(isRole), ...(partnerIds !== undefined && { partnerIds }) };
}

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
