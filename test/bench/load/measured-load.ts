import type { Child } from '../children/child.js';
import type { Usage } from '../children/usage.js';
import { quantile } from '../report/comparison.js';
import type { Load, Loaded } from './load.child.js';
import { alternate } from './alternation.js';

/** A server under load: the service, a part of it, or bare node:http. */
export interface Server {
  readonly url: string;
  readonly token: string;
  readonly usage: () => Promise<Usage>;
}

/** The latencies of repeated work. */
export interface Quickness {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The results of a server in one round. */
export interface Measured extends Quickness {
  /**
   * Processor time for a request in microseconds: the server with all its threads, its main thread,
   * and the generator.
   */
  readonly allMicros: number;
  readonly mainMicros: number;
  readonly generatorMicros: number;
  readonly sample: Loaded['sample'];
  readonly requestBytes: number;
}

export interface LoadOptions {
  readonly connections: number;
  readonly customers: number;
}

export class LoadGenerator {
  constructor(
    private readonly child: Child,
    private readonly options: LoadOptions,
  ) {}

  /** One round: loads every server for this time. */
  async round<Name extends string>(
    servers: Readonly<Record<Name, Server>>,
    forMs: number,
    sliceMs = 500,
  ): Promise<Readonly<Record<Name, Measured>>> {
    // Object.entries and Object.fromEntries lose the type of the names.
    const entries = Object.entries(servers) as [Name, Server][];
    const works = Object.fromEntries(
      entries.map(([name, server]) => [name, (ms: number) => this.slice(server, ms)]),
    );
    const slices = Object.entries(await alternate(works, { forMs, sliceMs }));
    return Object.fromEntries(slices.map(([name, taken]) => [name, measured(taken)])) as Record<
      Name,
      Measured
    >;
  }

  /** Orders once for every customer: the measurement is of a server in use. */
  async warmUp(server: Server): Promise<Loaded['sample']> {
    return (await this.orders(server, this.options.customers)).sample;
  }

  slice(server: Server, forMs: number): Promise<Slice> {
    return this.load(server, { forMs, orders: Infinity });
  }

  orders(server: Server, orders: number): Promise<Slice> {
    return this.load(server, { forMs: Infinity, orders });
  }

  private async load(
    { url, token, usage }: Server,
    until: Pick<Load, 'forMs' | 'orders'>,
  ): Promise<Slice> {
    const before = await usage();
    const loaded = await this.child.ask<Loaded>('load', {
      url,
      token,
      ...until,
      ...this.options,
    } satisfies Load);
    const after = await usage();
    return {
      ...loaded,
      allMicros: after.allMicros - before.allMicros,
      mainMicros: after.mainMicros - before.mainMicros,
    };
  }
}

export interface Slice extends Loaded {
  readonly allMicros: number;
  readonly mainMicros: number;
}

export function measured(slices: readonly Slice[]): Measured {
  const answered = slices.reduce((total, { latencies }) => total + latencies.length, 0);
  const each = (of: (slice: Slice) => number): number =>
    slices.reduce((total, slice) => total + of(slice), 0) / answered;
  const [first] = slices;
  if (!first) throw new Error('a round without a slice');
  return {
    ...quickness(slices),
    allMicros: each(({ allMicros }) => allMicros),
    mainMicros: each(({ mainMicros }) => mainMicros),
    generatorMicros: each((slice) => slice.generatorMicros * slice.latencies.length),
    sample: first.sample,
    requestBytes: first.requestBytes,
  };
}

/** `latencies`: each duration in milliseconds. */
export function quickness(slices: readonly Pick<Loaded, 'ms' | 'latencies'>[]): Quickness {
  const latencies = Float64Array.from(slices.flatMap((slice) => [...slice.latencies])).sort();
  const ms = slices.reduce((total, slice) => total + slice.ms, 0);
  return {
    perSecond: (latencies.length * 1000) / ms,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}
