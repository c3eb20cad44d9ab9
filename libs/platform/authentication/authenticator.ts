import type { AuthenticationSettings } from '../configuration.js';
import { ConfigurationError, isLoopback } from '../configuration.js';
import { ApiKeys, readKeyFile } from './api-keys.js';
import { devKeys } from './dev-keys.js';
import type { Principal } from './principal.js';
import { WebTokens } from './web-tokens.js';

/** Who stands behind an Authorization header; undefined: nobody known. A promise only where a signature must be checked. */
export abstract class Authenticator {
  abstract principalOf(authorization: string | undefined): Principal | undefined | Promise<Principal | undefined>;
}

export interface AuthenticatorOptions {
  readonly host: string;
  readonly dataDir: string;
  readonly authentication: AuthenticationSettings;
  /** Tells a person what was decided for them. */
  readonly announce: (message: string) => void;
}

/** Configured keys and tokens; with nothing configured the dev keys, on a loopback address only. */
export function createAuthenticator({ host, dataDir, authentication, announce }: AuthenticatorOptions): Authenticator {
  const { apiKeysFile, jwt } = authentication;
  if (apiKeysFile || jwt) {
    return new BearerAuthenticator(new ApiKeys(apiKeysFile ? readKeyFile(apiKeysFile) : []), jwt && new WebTokens(jwt));
  }
  if (!isLoopback(host)) {
    throw new ConfigurationError([
      `HOST is "${host}", which others can reach, and no authentication is configured. Set API_KEYS_FILE, or AUTH_JWKS_URL with AUTH_ISSUER and AUTH_AUDIENCE; without them only a loopback address is served.`,
    ]);
  }
  const { path, created, keys } = devKeys(dataDir);
  announce(`${created ? 'Wrote' : 'Using'} development keys, one a role: ${path}`);
  return new BearerAuthenticator(new ApiKeys(keys), undefined);
}

export class BearerAuthenticator extends Authenticator {
  constructor(
    private readonly keys: ApiKeys,
    private readonly tokens: Pick<WebTokens, 'principalOf'> | undefined,
    private readonly today: () => string = () => new Date().toISOString().slice(0, 10),
  ) {
    super();
  }

  principalOf(authorization: string | undefined): Principal | undefined | Promise<Principal | undefined> {
    const credential = bearer(authorization);
    if (credential === undefined) return undefined;
    const principal = this.keys.principalOf(credential, this.today);
    if (principal || !this.tokens || !looksSigned(credential)) return principal;
    return this.tokens.principalOf(credential);
  }
}

/** RFC 6750: the scheme's name without regard to case, one space or more, one credential. */
function bearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > 16_384) return undefined;
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

const looksSigned = (credential: string): boolean => credential.split('.').length === 3;
