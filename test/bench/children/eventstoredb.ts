import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { parseServerUrl } from '../../../libs/event-log/eventstoredb/connection-string.js';
import type { Circumstances } from '../chapters/chapter.js';
import { Child } from './child.js';
import type { Usage } from './usage.js';

/** A server of the EventStoreDB protocol. */
export interface EventStore {
  readonly url: string;
  /** Its name for the table. */
  readonly name: string;
  /** Whether a target applies: with the double, only our own cost is measured. */
  readonly real: boolean;
  /** Undefined for a server that the bench did not start. */
  readonly usage?: () => Promise<Usage>;
  end(): Promise<void>;
}

/**
 * The server of EVENTSTOREDB_URL, otherwise a node started by EVENTSTOREDB_SERVER with its data on
 * the project's disk, otherwise the double.
 */
export async function openEventStore({
  directory,
}: Pick<Circumstances, 'directory'>): Promise<EventStore> {
  const given = process.env['EVENTSTOREDB_URL'];
  if (given)
    return {
      url: given,
      name: `the server of EVENTSTOREDB_URL${await versionOf(given)}`,
      real: true,
      end: () => Promise.resolve(),
    };
  return process.env['EVENTSTOREDB_SERVER'] ? startNode(directory) : startDouble();
}

async function startNode(directory: string): Promise<EventStore> {
  const data = mkdtempSync(join(directory, 'eventstoredb-'));
  const script = new URL('./eventstoredb-node.child.js', import.meta.url);
  const node = await Child.start<{ url: string }>(script, { env: { BENCH_DIRECTORY: data } });
  const { url } = node.ready;
  const name = `one real node on disk${await versionOf(url)}`;
  return { url, name, real: true, usage: () => node.ask('usage'), end: () => node.end() };
}

/** The version that the first host reports; a server with its own certificates may refuse. */
async function versionOf(url: string): Promise<string> {
  const { hosts, options } = parseServerUrl(url);
  const [host] = hosts;
  if (!host) return '';
  const scheme = options.get('tls') === 'false' ? 'http' : 'https';
  try {
    const response = await fetch(`${scheme}://${host.address}:${host.port}/info`, {
      signal: AbortSignal.timeout(10_000),
    });
    // as a server says it
    const { esVersion = '' } = (await response.json()) as { readonly esVersion?: string };
    const [version] = /^\d+(\.\d+){0,2}/.exec(esVersion) ?? [];
    return version === undefined ? '' : `, ${version}`;
  } catch {
    return '';
  }
}

export interface Double extends EventStore {
  /** The number of each call since this was last asked. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** The median size of the events of a type. */
  bytesOf(type: string): Promise<number>;
}

export async function startDouble(): Promise<Double> {
  const double = await Child.start<{ url: string }>(
    new URL('./eventstoredb-double.child.js', import.meta.url),
  );
  return {
    url: double.ready.url,
    name: 'a protocol double in memory, no real server',
    real: false,
    usage: () => double.ask('usage'),
    calls: () => double.ask('calls'),
    bytesOf: (type) => double.ask('bytesOf', type),
    end: () => double.end(),
  };
}
