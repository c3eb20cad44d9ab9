import type { Child } from '../children/child.js';
import type { Usage } from '../children/usage.js';
import { quantile } from '../report/comparison.js';
import type { Load, Loaded } from './load.child.js';

/** A server under load: the service, a part of it, or bare node:http. */
export interface Server {
  readonly url: string;
  readonly token: string;
  readonly usage: () => Promise<Usage>;
}

/** What a server did in one round. */
export interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Processor time for a request, in microseconds: the server with all its threads, its main thread, and the generator. */
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

  /**
   * One round: every server is loaded for so long, in slices by turns, forwards and backwards, so that what else the machine does
   * meets all of them alike.
   */
  async round<Name extends string>(
    servers: Readonly<Record<Name, Server>>,
    forMs: number,
    sliceMs = 500,
  ): Promise<Readonly<Record<Name, Measured>>> {
    // Object.entries forgets which names there are.
    const names = Object.keys(servers) as Name[];
    const slices = Object.fromEntries(names.map((name) => [name, [] as Slice[]])) as unknown as Record<Name, Slice[]>;
    for (let slice = 0; slice < forMs / sliceMs; slice++) {
      for (const name of slice % 2 ? names.toReversed() : names)
        slices[name].push(await this.slice(servers[name], { forMs: sliceMs, orders: Infinity }));
    }
    return Object.fromEntries(names.map((name) => [name, measured(slices[name])])) as unknown as Record<Name, Measured>;
  }

  /** Until every customer has been met once: what is measured afterwards is a server in use. */
  async warmUp(server: Server): Promise<Loaded['sample']> {
    return (await this.slice(server, { forMs: Infinity, orders: this.options.customers })).sample;
  }

  private async slice({ url, token, usage }: Server, until: Pick<Load, 'forMs' | 'orders'>): Promise<Slice> {
    const before = await usage();
    const loaded = await this.child.ask<Loaded>('load', { url, token, ...until, ...this.options } satisfies Load);
    const after = await usage();
    return { ...loaded, allMicros: after.allMicros - before.allMicros, mainMicros: after.mainMicros - before.mainMicros };
  }
}

interface Slice extends Loaded {
  readonly allMicros: number;
  readonly mainMicros: number;
}

function measured(slices: readonly Slice[]): Measured {
  const latencies = Float64Array.from(slices.flatMap((slice) => [...slice.latencies])).sort();
  const answered = latencies.length;
  const sum = (of: (slice: Slice) => number): number => slices.reduce((total, slice) => total + of(slice), 0);
  const [first] = slices;
  if (!first) throw new Error('a round without a slice');
  return {
    perSecond: (answered * 1000) / sum(({ ms }) => ms),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    allMicros: sum(({ allMicros }) => allMicros) / answered,
    mainMicros: sum(({ mainMicros }) => mainMicros) / answered,
    generatorMicros: sum((slice) => slice.generatorMicros * slice.latencies.length) / answered,
    sample: first.sample,
    requestBytes: first.requestBytes,
  };
}
