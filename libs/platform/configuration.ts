import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** Everything the service is told from outside, read once at start. The names are those of the environment in docs/configuration.md. */
export interface Configuration {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly eventLog: 'sqlite' | 'memory';
  readonly keyStore: 'file';
  readonly readModels: 'sqlite';
  /** Read when a log is created; an existing log keeps the clock it was created with. */
  readonly clock: 'system' | 'manual';
  readonly authentication: AuthenticationSettings;
  readonly logLevel: LogLevel;
}

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
    super(`The configuration is not usable:\n${findings.map((finding) => `  - ${finding}`).join('\n')}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function readConfiguration(environment: Environment): Configuration {
  const findings: string[] = [];
  const read = new Variables(environment, findings);
  const configuration: Configuration = {
    port: read.port('PORT', 3000),
    host: read.host('HOST', '127.0.0.1'),
    dataDir: resolve(read.text('DATA_DIR') ?? './data'),
    eventLog: read.choice('EVENT_LOG', ['sqlite', 'memory'], 'sqlite', ['eventstoredb']),
    keyStore: read.choice('KEY_STORE', ['file'], 'file', ['postgres']),
    readModels: read.choice('READ_MODELS', ['sqlite'], 'sqlite', ['postgres']),
    clock: read.choice('CLOCK', ['system', 'manual'], 'system'),
    authentication: authentication(read),
    logLevel: read.choice('LOG_LEVEL', logLevels, 'info'),
  };
  read.url('EVENTSTOREDB_URL', ['esdb:', 'esdb+discover:', 'kurrentdb:', 'kurrentdb+discover:']);
  read.url('POSTGRES_URL', ['postgres:', 'postgresql:']);
  read.pattern('EVENTSTOREDB_PREFIX', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, ".", "_" and "-", at most 64 characters');
  if (findings.length > 0) throw new ConfigurationError(findings);
  return configuration;
}

/** Tokens are trusted only when all three are known: whose they are, whom they are for, and which keys sign them. */
function authentication(read: Variables): AuthenticationSettings {
  const apiKeysFile = read.text('API_KEYS_FILE');
  const jwksUrl = read.url('AUTH_JWKS_URL', ['https:', 'http:']);
  const issuer = read.text('AUTH_ISSUER');
  const audience = read.text('AUTH_AUDIENCE');
  const missing = Object.entries({ AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience }).filter(([, value]) => !value);
  if (missing.length > 0 && missing.length < 3) {
    for (const [name] of missing)
      read.finding(name, 'is missing', 'AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE are set together or not at all');
  }
  if (jwksUrl?.startsWith('http:') && !isLoopback(new URL(jwksUrl).hostname)) {
    read.finding('AUTH_JWKS_URL', 'would fetch the signing keys in clear text', 'an https URL (http on a loopback address only)');
  }
  return {
    ...(apiKeysFile ? { apiKeysFile: resolve(apiKeysFile) } : {}),
    ...(jwksUrl && issuer && audience ? { jwt: { jwksUrl, issuer, audience } } : {}),
  };
}

/** An address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (address === 'localhost' || address === '::1') return true;
  return isIP(address) === 4 && address.startsWith('127.');
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

  port(name: string, unset: number): number {
    const text = this.text(name);
    if (text === undefined) return unset;
    if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
    this.finding(name, `is "${text}"`, 'a whole number from 0 to 65535 (0 takes any free port)');
    return unset;
  }

  host(name: string, unset: string): string {
    return this.pattern(name, /^[A-Za-z0-9.:_[\]%-]{1,255}$/, 'a host name or an IP address') ?? unset;
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

  choice<Choice extends string>(
    name: string,
    choices: readonly Choice[],
    unset: NoInfer<Choice>,
    elsewhere: readonly string[] = [],
  ): Choice {
    const text = this.text(name);
    if (text === undefined) return unset;
    const chosen = choices.find((choice) => choice === text);
    if (chosen !== undefined) return chosen;
    const what = elsewhere.includes(text) ? `is "${text}", which this build does not have` : `is "${text}"`;
    this.finding(name, what, choices.join(', '));
    return unset;
  }
}
