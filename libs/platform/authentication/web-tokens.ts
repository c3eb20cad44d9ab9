import { errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Principal } from './principal.js';
import { type KeySet, SigningKeys } from './signing-keys.js';
import { algorithms, claimsOf, principalFrom } from './token-claims.js';

export interface WebTokenSettings {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

interface Verified {
  readonly principal: Principal;
  readonly expiresAtMs: number;
  /** The keys that verified the token. With other keys it is verified again. */
  readonly keys: KeySet;
}

/** Verifies tokens of the configured issuer. */
export class WebTokens {
  /** Cached, so that a busy client's signature is not verified on every request. */
  private readonly verified = new LRUCache<string, Verified>({ max: 1000 });

  constructor(
    private readonly settings: WebTokenSettings,
    private readonly signingKeys: Pick<SigningKeys, 'current' | 'newest'> = new SigningKeys(
      settings.jwksUrl,
    ),
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** Throws SigningKeysUnavailable when the token cannot be verified. */
  async principalOf(token: string): Promise<Principal | undefined> {
    const known = this.verified.get(token);
    // A token that no key could verify does not cause a fetch.
    if (!known && !this.isPlausible(token)) return undefined;
    const keys = await this.signingKeys.current();
    if (known?.keys === keys) return this.nowMs() < known.expiresAtMs ? known.principal : undefined;
    this.verified.delete(token);
    return this.verify(token, keys);
  }

  private async verify(token: string, keys: KeySet): Promise<Principal | undefined> {
    const found = await this.payloadOf(token, keys);
    if (found === 'no-such-key') {
      const newest = await this.signingKeys.newest();
      return newest === keys ? undefined : this.verify(token, newest);
    }
    const principal = found && principalFrom(found);
    if (principal && found.exp !== undefined)
      this.verified.set(token, { principal, expiresAtMs: found.exp * 1000, keys });
    return principal;
  }

  private async payloadOf(
    token: string,
    { keyOf }: KeySet,
  ): Promise<JWTPayload | 'no-such-key' | undefined> {
    const { issuer, audience } = this.settings;
    const currentDate = new Date(this.nowMs());
    try {
      return (
        await jwtVerify(token, keyOf, {
          issuer,
          audience,
          algorithms,
          requiredClaims: ['exp', 'sub'],
          currentDate,
        })
      ).payload;
    } catch (error) {
      return error instanceof errors.JWKSNoMatchingKey ? 'no-such-key' : undefined;
    }
  }

  private isPlausible(token: string): boolean {
    const claims = claimsOf(token);
    if (!claims || !principalFrom(claims.payload)) return false;
    const { iss, aud, exp } = claims.payload;
    const { issuer, audience } = this.settings;
    return (
      iss === issuer &&
      [aud].flat().includes(audience) &&
      typeof exp === 'number' &&
      this.nowMs() < exp * 1000
    );
  }
}
