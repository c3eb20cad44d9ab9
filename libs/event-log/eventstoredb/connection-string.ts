/** A server, or the seeds of a cluster, as a connection string names them. */
export interface ServerUrl {
  /** One DNS name for all nodes; else the hosts are the node or the seeds themselves. */
  readonly discover: boolean;
  readonly hosts: readonly Host[];
  readonly credentials: Credentials | undefined;
  /** By the client's option names, with the values as given. */
  readonly options: ReadonlyMap<string, string>;
}
export interface Host {
  readonly address: string;
  readonly port: number;
}
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The errors of a connection string, for a person; empty if it is valid. Never repeats it: it
 * carries a password.
 */
export const urlFindings = (url: string): readonly string[] => examined(url).findings;

/** Throws a RangeError with the findings. */
export function parseServerUrl(url: string): ServerUrl {
  const { parsed, findings } = examined(url);
  if (findings.length > 0)
    throw new RangeError(
      `the EventStoreDB connection string cannot be used: ${findings.join('; ')}`,
    );
  return parsed;
}

const SHAPE =
  /^(?:esdb|kurrentdb|kurrent|kdb)(?<discover>\+discover)?:\/\/(?:(?<user>[^:@/?]+):(?<password>[^@/?]+)@)?(?<hosts>[^/?@]+)\/?(?:\?(?<query>.*))?$/;
const DEFAULT_PORT = 2113;

/** The options of the client (compared without case, `-` and `_`) and their permitted values. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  tls: /^(true|false)$/,
  tlsVerifyCert: /^true$/,
  tlsCAFile: /./,
  userCertFile: /./,
  userKeyFile: /./,
  connectionName: /./,
  // Every read and append requires the leader; any other node would refuse it.
  nodePreference: /^leader$/i,
  maxDiscoverAttempts: /^[1-9]\d{0,3}$/,
  discoveryInterval: /^\d{1,6}$/,
  gossipTimeout: /^[1-9]\d{0,2}$/,
  keepAliveInterval: /^(-1|\d{1,9})$/,
  keepAliveTimeout: /^(-1|\d{1,9})$/,
  // Each call has a deadline of its own.
  defaultDeadline: /^[1-9]\d{0,8}$/,
  // The client would report a wrong revision on a conflict.
  throwOnAppendFailure: /^true$/,
};
const OPTION_NAMES = new Map(Object.keys(OPTIONS).map((name) => [flat(name), name]));

function examined(url: string): {
  readonly parsed: ServerUrl;
  readonly findings: readonly string[];
} {
  const findings: string[] = [];
  const { discover, user, password, hosts = '', query = '' } = SHAPE.exec(url.trim())?.groups ?? {};
  const parsed: ServerUrl = {
    discover: discover !== undefined,
    hosts: hosts === '' ? [] : hosts.split(',').map((host) => hostOf(host, findings)),
    credentials:
      user !== undefined && password !== undefined
        ? credentialsOf(user, password, findings)
        : undefined,
    options: optionsOf(query, findings),
  };
  if (parsed.hosts.length === 0) {
    findings.push('it is not of the form esdb://user:password@host:2113,host:2113?option=value');
  } else {
    findings.push(...contradictions(parsed));
  }
  return { parsed, findings };
}

function contradictions({ discover, hosts, credentials, options }: ServerUrl): readonly string[] {
  const findings: string[] = [];
  if (discover && hosts.length > 1) {
    findings.push(
      '+discover is meant for one DNS name and the client uses the first host only, so that nothing works while that node is down: ' +
        'name several nodes as esdb://a:2113,b:2113,c:2113',
    );
  }
  if (options.get('tls') !== 'false' && credentials === undefined) {
    findings.push(
      'a server with TLS needs user:password@ before the host (or tls=false, if it has none)',
    );
  }
  if (options.has('userCertFile') !== options.has('userKeyFile'))
    findings.push('userCertFile and userKeyFile must be given together');
  return findings;
}

function hostOf(text: string, findings: string[]): Host {
  const [, address = '', port] = /^([A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const host = { address, port: port === undefined ? DEFAULT_PORT : Number(port) };
  if (address === '' || host.port < 1 || host.port > 65_535)
    findings.push('a host is a name or IPv4 address, with a port if not 2113');
  return host;
}

function credentialsOf(user: string, password: string, findings: string[]): Credentials {
  try {
    return { username: decodeURIComponent(user), password: decodeURIComponent(password) };
  } catch {
    findings.push('the user name or password is not percent-encoded as it should be');
    return { username: '', password: '' };
  }
}

function optionsOf(query: string, findings: string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [key = '', value = ''] = pair.split('=', 2).map((part) => part.trim());
    const name = OPTION_NAMES.get(flat(key));
    // The key may be part of a password that was not percent-encoded: repeat it only if it looks
    // like the name of an option.
    if (name === undefined)
      findings.push(
        `it has an option that is not known${/^[A-Za-z]{1,32}$/.test(key) ? `: ${key}` : ''}`,
      );
    else if (!OPTIONS[name]?.test(value))
      findings.push(`the value of its option ${name} cannot be used`);
    else options.set(name, value);
  }
  return options;
}

function flat(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}
