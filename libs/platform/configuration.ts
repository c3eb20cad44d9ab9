import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { type Environment, EnvironmentReader } from './environment.js';
import { type LimitSettings, readLimitSettings } from './limit-settings.js';
import { isProxy, type ProxySettings } from './peer-address.js';

/**
 * The service's configuration, read once at start from the environment. docs/configuration.md lists
 * the variables.
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
  /** Whether this API process may project, or leaves that to separate projector processes. */
  readonly projection: 'here' | 'elsewhere';
  /** Where a projector serves its health and metrics. */
  readonly projectorPort: number;
  /** Read when a log is created; an existing log keeps the clock it was created with. */
  readonly clock: 'system' | 'manual';
  readonly authentication: AuthenticationSettings;
  /** The proxies whose statement of the caller's address is trusted. */
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

/** All invalid variables at once: each with what is wrong and what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly findings: readonly string[]) {
    super(
      `The configuration is not usable:\n${findings.map((finding) => `  - ${finding}`).join('\n')}`,
    );
  }
}

export function readConfiguration(environment: Environment): Configuration {
  const findings: string[] = [];
  const read = new EnvironmentReader(environment, findings);
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
      'is "postgres" with EVENT_LOG=memory, whose events are lost when the process ends',
      'sqlite',
    );
  }
  if (findings.length > 0) throw new ConfigurationError(findings);
  return configuration;
}

function publicUrl(read: EnvironmentReader): Pick<Configuration, 'publicUrl'> {
  const url = read.url('PUBLIC_URL', ['https:', 'http:']);
  if (url === undefined) return {};
  const { username, password, pathname, search, hash } = new URL(url);
  if (`${username}${password}${search}${hash}` === '' && pathname === '/')
    return { publicUrl: url };
  read.finding(
    'PUBLIC_URL',
    'contains more than a scheme, a host and a port',
    'a scheme, a host and an optional port, such as https://sekisho.example.com',
  );
  return {};
}

function eventLog(read: EnvironmentReader): EventLogSettings {
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
      'is missing, and EVENT_LOG=eventstoredb needs it',
      'a connection string, such as esdb://127.0.0.1:2113?tls=false',
    );
  }
  return { kind, url: url ?? '', prefix };
}

function stores(read: EnvironmentReader): Pick<Configuration, 'keyStore' | 'readModels'> {
  const keyStore = read.choice('KEY_STORE', ['file', 'postgres'], 'file');
  const readModels = read.choice('READ_MODELS', ['sqlite', 'postgres'], 'sqlite');
  const url = read.url('POSTGRES_URL', ['postgres:', 'postgresql:']);
  const wanting = Object.entries({ KEY_STORE: keyStore, READ_MODELS: readModels }).filter(
    ([, kind]) => kind === 'postgres',
  );
  if (wanting.length > 0 && url === undefined && !read.has('POSTGRES_URL')) {
    const dependents = wanting.map(([name]) => `${name}=postgres`).join(' and ');
    read.finding(
      'POSTGRES_URL',
      `is missing, and ${dependents} ${wanting.length === 1 ? 'needs' : 'need'} it`,
      'a URL, such as postgres://sekisho@127.0.0.1:5432/sekisho',
    );
  }
  return {
    keyStore: keyStore === 'postgres' ? { kind: keyStore, url: url ?? '' } : { kind: keyStore },
    readModels:
      readModels === 'postgres' ? { kind: readModels, url: url ?? '' } : { kind: readModels },
  };
}

/** Tokens are trusted only when their issuer, their audience and the signing keys are all known. */
function authentication(read: EnvironmentReader): AuthenticationSettings {
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
      'a URL without them: signing keys are public',
    );
  }
  if (jwksUrl?.startsWith('http:') && !isLoopback(new URL(jwksUrl).hostname)) {
    read.finding(
      'AUTH_JWKS_URL',
      'would fetch the signing keys without encryption',
      'an https URL (http on a loopback address only)',
    );
  }
  return {
    ...(apiKeysFile ? { apiKeysFile: resolve(apiKeysFile) } : {}),
    ...(jwksUrl && issuer && audience ? { jwt: { jwksUrl, issuer, audience } } : {}),
  };
}

function proxies(read: EnvironmentReader): ProxySettings {
  const trusted = (read.text('TRUST_PROXY') ?? '').split(',').flatMap((text) => text.trim() || []);
  const wrong = trusted.find((text) => !isProxy(text));
  if (wrong !== undefined) {
    const allowed =
      'a comma-separated list of IP addresses, networks such as 10.0.0.0/8 (a network of all addresses is not allowed), loopback, private';
    read.finding('TRUST_PROXY', `contains "${wrong}"`, allowed);
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
  // An IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2): in dotted form, or in two groups as URLs have
  // it.
  return (
    /^::ffff:(127\.\d+\.\d+\.\d+|7f[0-9a-f]{2}:[0-9a-f]{1,4})$/.test(address) && isIP(address) === 6
  );
}
