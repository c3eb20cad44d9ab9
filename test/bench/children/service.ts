import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bodyOf, Connection } from '../load/connection.js';
import { bearer, request } from '../load/requests.js';
import { Child, type ChildOptions } from './child.js';
import type { Usage } from './usage.js';

/** A service in a separate process, on a data directory. */
export interface Service {
  readonly url: string;
  readonly tokens: { readonly operator: string; readonly orderEntry: string };
  usage(): Promise<Usage>;
  end(): Promise<void>;
}

/** Variables of the bench's environment that concern another service. */
const EMBEDDED = {
  EVENT_LOG: 'sqlite',
  READ_MODELS: 'sqlite',
  KEY_STORE: 'file',
  PROJECTION: 'here',
  CLOCK: 'system',
};

export async function startService(
  dataDir: string,
  { env = {}, nodeArgs = [] }: ChildOptions = {},
): Promise<Service> {
  const configured = { ...EMBEDDED, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error', ...env };
  const child = await Child.start<{ url: string }>(new URL('./service.child.js', import.meta.url), {
    env: configured,
    nodeArgs,
  });
  const keys = JSON.parse(readFileSync(join(dataDir, 'dev-keys.json'), 'utf8')) as Record<
    'operator' | 'order-entry',
    string
  >; // as it writes them
  return {
    url: child.ready.url,
    tokens: { operator: keys.operator, orderEntry: keys['order-entry'] },
    usage: () => child.ask('usage'),
    end: () => child.end(),
  };
}

/** The number of events that the slowest projection has yet to read. */
export async function projectionLag({ url, tokens }: Service): Promise<number> {
  const connection = await Connection.open(url);
  const answered = await connection.send(
    request('GET', '/v1/projections', bearer(tokens.operator)),
  );
  connection.close();
  const { items } = JSON.parse(bodyOf(answered)) as {
    items: readonly { lag: number; state: string }[];
  };
  return Math.max(...items.map(({ lag, state }) => (state === 'live' ? lag : Math.max(1, lag))));
}

export async function projected(
  service: Service,
  report: (lag: number) => void = () => undefined,
): Promise<void> {
  for (let lag = await projectionLag(service); lag > 0; lag = await projectionLag(service)) {
    report(lag);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
