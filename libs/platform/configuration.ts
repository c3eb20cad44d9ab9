import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type LimitSettings, readLimitSettings } from './limit-settings.js';
import { isProxy, type ProxySettings } from './peer-address.js';

/**
 * Everything the service is told from outside, read once at start. The names are those of the
 * environment in docs/configuration.md.
 */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  /** Where clients reach the service, if that is not the address it listens on. */
  readonly publicUrl?: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly eventLog: EventLogSettings;
  readonly keyStore: StoreSettings<'file'>;
  readonly readModels: StoreSettings<'sqlite'>;
  /**
   * Whether this API process projects too (while no other one does), or leaves it to projectors of
   * their own.
   */
  readonly projection: 'here' | 'elsewhere';
  /** Where a projector answers for its health and figures. */
  readonly projectorPort: number;
  /** Read when a log is created; an existing log keeps the clock it was created with. */
  readonly clock: 'system' | 'manual';
  readonly authentication: AuthenticationSettings;
  /** Whom the log believes about who called. */
  readonly proxies: ProxySettings;
  readonly logLevel: LogLevel;
  readonly limits: LimitSettings;
}

export type EventLogSettings =
  | { readonly kind: 'sqlite' | 'memory' }
  /** `prefix`: of every stream's name on the server. */
  | { readonly kind: 'eventstoredb'; readonly url: string; readonly prefix: string };
/** In the data directory, or on a PostgreSQL server. */
export type StoreSettings<Local extends string> =
  { readonly kind: Local } | { readonly kind: 'postgres'; readonly url: string };

export interface AuthenticationSettings {
  readonly apiKeysFile?: string;
  readonly jwt?: { readonly jwksUrl: string; readonly issuer: string; readonly audience: string };
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Which variables are wrong, what is wrong with each, and what is allowed: all of them at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly findings: readonly string[]) {
    super(
      `The configuration is not usable:\n${findings.map((finding) => `  - ${finding}`).join('\n')}`,
    );
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function readConfiguration(environment: Environment): Configuration {
  const findings: string[] = [];
  const read = new Variables(environment, findings);
  const configuration: Configuration = {
    port: read.port('PORT', 3000),
    host: read.host('HOST', '127.0.0.1'),
    ...publicUrl(read),
    dataDir: resolve(read.text('DATA_DIR') ?? './data'),
    eventLog: eventLog(read),
    ...stores(read),
    projection: read.choice('PROJECTION', ['here', 'elsewhere'], 'here'),
    projectorPort: read.port('PROJECTOR_PORT', 3001),
    clock: read.choice('CLOCK', ['system', 'manual'], 'system'),
    authentication: authentication(read),
    proxies: proxies(read),
    logLevel: read.choice('LOG_LEVEL', logLevels, 'info'),
    limits: readLimitSettings((name, unset, range) => read.count(name, unset, range)),
  };
  if (configuration.eventLog.kind === 'memory' && configuration.readModels.kind === 'postgres') {
    read.finding(
      'READ_MODELS',
      'is "postgres" beside EVENT_LOG=memory, whose events are gone with the process',
      'sqlite',
    );
  }
  if (findings.length > 0) throw new ConfigurationError(findings);
  return configuration;
}

function publicUrl(read: Variables): Pick<Configuration, 'publicUrl'> {
  const url = read.url('PUBLIC_URL', ['https:', 'http:']);
  if (url === undefined) return {};
  const { username, password, pathname, search, hash } = new URL(url);
  if (`${username}${password}${search}${hash}` === '' && pathname === '/')
    return { publicUrl: url };
  read.finding(
    'PUBLIC_URL',
    'says more than where the service is',
    'a scheme, a host and perhaps a port, such as https://sekisho.example.com',
  );
  return {};
}

function eventLog(read: Variables): EventLogSettings {
  const kind = read.choice('EVENT_LOG', ['sqlite', 'eventstoredb', 'memory'], 'sqlite');
  const url = read.connection('EVENTSTOREDB_URL', [
    'esdb://',
    'esdb+discover://',
    'kurrentdb://',
    'kurrentdb+discover://',
  ]);
  const allowed = 'letters, digits, ".", "_" and "-", at most 64 characters';
  const prefix =
    read.pattern('EVENTSTOREDB_PREFIX', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, allowed) ?? 'sekisho.';
  if (kind !== 'eventstoredb') return { kind };
  if (url === undefined && !read.has('EVENTSTOREDB_URL')) {
    read.finding(
      'EVENTSTOREDB_URL',
      'is missing beside EVENT_LOG=eventstoredb',
      'where the server is, such as esdb://127.0.0.1:2113?tls=false',
    );
  }
  return { kind, url: url ?? '', prefix };
}

function stores(read: Variables): Pick<Configuration, 'keyStore' | 'readModels'> {
  const keyStore = read.choice('KEY_STORE', ['file', 'postgres'], 'file');
  const readModels = read.choice('READ_MODELS', ['sqlite', 'postgres'], 'sqlite');
  const url = read.url('POSTGRES_URL', ['postgres:', 'postgresql:']);
  const wanting = Object.entries({ KEY_STORE: keyStore, READ_MODELS: readModels }).filter(
    ([, kind]) => kind === 'postgres',
  );
  if (wanting.length > 0 && url === undefined && !read.has('POSTGRES_URL')) {
    const beside = wanting.map(([name]) => `${name}=postgres`).join(' and ');
    read.finding(
      'POSTGRES_URL',
      `is missing beside ${beside}`,
      'where the server is, such as postgres://sekisho@127.0.0.1:5432/sekisho',
    );
  }
  return {
    keyStore: keyStore === 'postgres' ? { kind: keyStore, url: url ?? '' } : { kind: keyStore },
    readModels:
      readModels === 'postgres' ? { kind: readModels, url: url ?? '' } : { kind: readModels },
  };
}

/**
 * Tokens are trusted only when all three are known: whose they are, whom they are for, and which
 * keys sign them.
 */
function authentication(read: Variables): AuthenticationSettings {
  const apiKeysFile = read.text('API_KEYS_FILE');
  const jwksUrl = read.url('AUTH_JWKS_URL', ['https:', 'http:']);
  const issuer = read.text('AUTH_ISSUER');
  const audience = read.text('AUTH_AUDIENCE');
  const missing = Object.entries({
    AUTH_JWKS_URL: jwksUrl,
    AUTH_ISSUER: issuer,
    AUTH_AUDIENCE: audience,
  }).filter(([, value]) => !value);
  if (missing.length > 0 && missing.length < 3) {
    for (const [name] of missing)
      read.finding(
        name,
        'is missing',
        'AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE are set together or not at all',
      );
  }
  if (jwksUrl !== undefined && `${new URL(jwksUrl).username}${new URL(jwksUrl).password}` !== '') {
    read.finding(
      'AUTH_JWKS_URL',
      'has a user or a password in it',
      'a URL without: signing keys are public',
    );
  }
  if (jwksUrl?.startsWith('http:') && !isLoopback(new URL(jwksUrl).hostname)) {
    read.finding(
      'AUTH_JWKS_URL',
      'would fetch the signing keys in clear text',
      'an https URL (http on a loopback address only)',
    );
  }
  return {
    ...(apiKeysFile ? { apiKeysFile: resolve(apiKeysFile) } : {}),
    ...(jwksUrl && issuer && audience ? { jwt: { jwksUrl, issuer, audience } } : {}),
  };
}

function proxies(read: Variables): ProxySettings {
  const trusted = (read.text('TRUST_PROXY') ?? '').split(',').flatMap((text) => text.trim() || []);
  const wrong = trusted.find((text) => !isProxy(text));
  if (wrong !== undefined) {
    const allowed =
      'with commas between: IP addresses, networks such as 10.0.0.0/8 (not of all addresses), loopback, private';
    read.finding('TRUST_PROXY', `has "${wrong}"`, allowed);
  }
  const header = read.choice(
    'TRUST_PROXY_HEADER',
    ['x-forwarded-for', 'forwarded'],
    'x-forwarded-for',
  );
  return { trusted: wrong === undefined ? trusted : [], header };
}

/** An address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (address === 'localhost' || address === '::1') return true;
  if (isIP(address) === 4) return address.startsWith('127.');
  // An IPv4 address in an IPv6 one (RFC 4291, 2.5.5.2): as people write it, or in two groups, as
  // URLs do.
  return (
    /^::ffff:(127\.\d+\.\d+\.\d+|7f[0-9a-f]{2}:[0-9a-f]{1,4})$/.test(address) && isIP(address) === 6
  );
}

class Variables {
  constructor(
    private readonly environment: Environment,
    private readonly findings: string[],
  ) {}

  finding(name: string, what: string, allowed: string): void {
    this.findings.push(`${name} ${what}. Allowed: ${allowed}.`);
  }

  /** An empty variable counts as not set: that is how shells and compose files leave one out. */
  text(name: string): string | undefined {
    return this.environment[name]?.trim() || undefined;
  }

  has(name: string): boolean {
    return this.text(name) !== undefined;
  }

  port(name: string, unset: number): number {
    const text = this.text(name);
    if (text === undefined) return unset;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    this.finding(name, `is "${text}"`, 'a whole number from 0 to 65535 (0 takes any free port)');
    return unset;
  }

  count(
    name: string,
    unset: number,
    { min, max }: { readonly min: number; readonly max: number },
  ): number {
    const text = this.text(name);
    if (text === undefined) return unset;
    if (/^\d{1,10}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    this.finding(name, `is "${text}"`, `a whole number from ${min} to ${max}`);
    return unset;
  }

  host(name: string, unset: string): string {
    return (
      this.pattern(name, /^[A-Za-z0-9.:_[\]%-]{1,255}$/, 'a host name or an IP address') ?? unset
    );
  }

  pattern(name: string, pattern: RegExp, allowed: string): string | undefined {
    const text = this.text(name);
    if (text === undefined || pattern.test(text)) return text;
    this.finding(name, `is "${text}"`, allowed);
    return undefined;
  }

  url(name: string, protocols: readonly string[]): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    // Never repeated in the message: such URLs carry passwords.
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    this.finding(
      name,
      'is not a usable URL',
      `an absolute URL beginning with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    );
    return undefined;
  }

  /**
   * Like a URL, but with several hosts it is none: whoever opens the connection reads the rest of
   * it.
   */
  connection(name: string, beginnings: readonly string[]): string | undefined {
    const text = this.text(name);
    if (
      text === undefined ||
      beginnings.some((beginning) => text.length > beginning.length && text.startsWith(beginning))
    )
      return text;
    // Never repeated in the message: it carries a password.
    this.finding(
      name,
      'is not a usable connection string',
      `one that begins with ${beginnings.join(' or ')}`,
    );
    return undefined;
  }

  choice<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    unset: NoInfer<Choice>,
  ): Choice {
    const text = this.text(name);
    if (text === undefined) return unset;
    const chosen = choices.find((choice) => choice === text);
    if (chosen !== undefined) return chosen;
    this.finding(name, `is "${text}"`, choices.join(', '));
    return unset;
  }
}
