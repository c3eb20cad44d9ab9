import { type AuthenticationSettings, ConfigurationError, isLoopback } from '../configuration.js';
import { ApiKeys, type KeyRing } from './api-keys.js';
import { devKeys } from './dev-keys.js';
import type { Principal } from './principal.js';
import { type KeyFileReport, WatchedKeyFile } from './watched-key-file.js';
import { WebTokens } from './web-tokens.js';

/**
 * Finds the principal of an Authorization header; undefined if the credential is unknown. Returns a
 * promise only where a signature must be verified.
 */
export abstract class Authenticator {
  abstract principalOf(
    authorization: string | undefined,
  ): Principal | undefined | Promise<Principal | undefined>;

  /** The id of the key if the header is refused only because the key has expired; for the log. */
  expiredKeyOf(_authorization: string | undefined): string | undefined {
    return undefined;
  }
}

export interface AuthenticatorOptions {
  readonly host: string;
  readonly dataDir: string;
  readonly authentication: AuthenticationSettings;
  /** Prints a message for the person who starts the service. */
  readonly announce: (message: string) => void;
  readonly report?: (report: KeyFileReport) => void;
}

export interface Authentication {
  readonly authenticator: Authenticator;
  /** Present if a key file is configured. It is read again when it changes. */
  readonly keyFile?: WatchedKeyFile;
}

/** Opens the configured keys and tokens, or, on a loopback address only, the development keys. */
export function openAuthentication(options: AuthenticatorOptions): Authentication {
  const { host, dataDir, authentication, announce, report = () => undefined } = options;
  const { apiKeysFile, jwt } = authentication;
  if (apiKeysFile || jwt) {
    const keyFile = apiKeysFile ? new WatchedKeyFile(apiKeysFile, { report }) : undefined;
    const authenticator = new BearerAuthenticator(
      keyFile ?? new ApiKeys([]),
      jwt && new WebTokens(jwt),
    );
    return { authenticator, ...(keyFile && { keyFile }) };
  }
  if (!isLoopback(host)) {
    throw new ConfigurationError([
      `HOST is "${host}", which other machines can reach, and no authentication is configured. Set API_KEYS_FILE, or AUTH_JWKS_URL with AUTH_ISSUER and AUTH_AUDIENCE; without them only a loopback address is served.`,
    ]);
  }
  const { path, created, keys } = devKeys(dataDir);
  announce(`${created ? 'Wrote' : 'Using'} development keys, one per role: ${path}`);
  return { authenticator: new BearerAuthenticator(new ApiKeys(keys), undefined) };
}

export class BearerAuthenticator extends Authenticator {
  constructor(
    private readonly keys: KeyRing,
    private readonly tokens: Pick<WebTokens, 'principalOf'> | undefined,
    private readonly today: () => string = () => new Date().toISOString().slice(0, 10),
  ) {
    super();
  }

  principalOf(
    authorization: string | undefined,
  ): Principal | undefined | Promise<Principal | undefined> {
    const credential = bearer(authorization);
    if (credential === undefined) return undefined;
    const principal = this.keys.principalOf(credential, this.today);
    if (principal || !this.tokens || !looksSigned(credential)) return principal;
    return this.tokens.principalOf(credential);
  }

  override expiredKeyOf(authorization: string | undefined): string | undefined {
    const credential = bearer(authorization);
    return credential === undefined ? undefined : this.keys.expiredId(credential, this.today);
  }
}

/** RFC 6750: the scheme in any case, one or more spaces, one credential. */
function bearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > 16_384) return undefined;
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

const looksSigned = (credential: string): boolean => credential.split('.').length === 3;
