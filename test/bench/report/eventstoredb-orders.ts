import type { Pairs } from '../children/appended-pairs.child.js';
import type { EventStore } from '../children/eventstoredb.js';
import type { CallsOfOrders } from '../eventstoredb-calls.js';
import {
  type Measured,
  measured,
  type Quickness,
  quickness,
  type Slice,
} from '../load/measured-load.js';
import { type Comparison, median, type Unit } from './comparison.js';

export interface RoundOverEventStoreDb {
  readonly ours: Measured & OnServer;
  readonly pairs: Quickness & OnServer & { readonly clientMicros: number };
  readonly bare: Measured;
  readonly storeOff: Measured;
  readonly oneOrder: Quickness;
  readonly onePair: Quickness;
}
/** Processor time of the server for an order or a pair, in microseconds. */
interface OnServer {
  readonly serverMicros: number;
}

export interface OverEventStoreDb {
  readonly rounds: readonly RoundOverEventStoreDb[];
  readonly calls: CallsOfOrders;
  readonly eventStore: Pick<EventStore, 'name' | 'real'>;
  readonly readModels: string;
  readonly lag: number;
}

type PairsSlice = Pairs & OnServer & { readonly clientMicros: number };

export interface Slices {
  readonly ours: readonly (Slice & OnServer)[];
  readonly pairs: readonly PairsSlice[];
  readonly bare: readonly Slice[];
  readonly storeOff: readonly Slice[];
  readonly oneOrder: readonly Slice[];
  readonly onePair: readonly Pairs[];
}

export function roundOf({
  ours,
  pairs,
  bare,
  storeOff,
  oneOrder,
  onePair,
}: Slices): RoundOverEventStoreDb {
  return {
    ours: { ...measured(ours), serverMicros: each(ours, ({ serverMicros }) => serverMicros) },
    pairs: {
      ...quickness(pairs),
      serverMicros: each(pairs, ({ serverMicros }) => serverMicros),
      clientMicros: each(pairs, ({ clientMicros }) => clientMicros),
    },
    bare: measured(bare),
    storeOff: measured(storeOff),
    oneOrder: quickness(oneOrder),
    onePair: quickness(onePair),
  };
}

function each<Taken extends Pairs>(slices: readonly Taken[], of: (slice: Taken) => number): number {
  const done = slices.reduce((total, { latencies }) => total + latencies.length, 0);
  return slices.reduce((total, slice) => total + of(slice), 0) / done;
}

/** The rows. With the double, only the calls of an order have targets. */
export function linesOf(over: OverEventStoreDb): readonly Comparison[] {
  const { rounds, calls, eventStore } = over;
  const order = `POST /v1/orders over EventStoreDB (${eventStore.name})`;
  const many = `${order}, 64 connections`;
  // prettier-ignore
  const row = (id: string, [work, beside]: readonly [string, string], unit: Unit, of: (round: RoundOverEventStoreDb) => Pair): Comparison => ({ id, work, beside, unit, rounds: rounds.map((round) => asRound(of(round))) });
  // prettier-ignore
  const counts = (id: string, what: string, atMost: number, of: (round: CallsOfOrders['rounds'][number]) => number): Comparison => ({ id, work: `${what} on the server, counted on the double`, beside: 'orders', unit: 'count', rounds: calls.rounds.map((round) => asRound([of(round), round.orders])), target: { atMost } });
  return [
    {
      // prettier-ignore
      ...row('eventstoredb-orders-pairs', [many, "the client's own two dependent unary appends, 64 in flight"], '/s', ({ ours, pairs }) => [ours.perSecond, pairs.perSecond]),
      ...(eventStore.real ? { target: { atLeast: 0.5 } } : {}),
      notes: notesOf(over),
    },
    row(
      'eventstoredb-orders-bare-http',
      [many, 'bare node:http, same answer'],
      '/s',
      ({ ours, bare }) => [ours.perSecond, bare.perSecond],
    ),
    // prettier-ignore
    row('eventstoredb-orders-store-off', [many, 'log in memory, nothing projected'], '/s', ({ ours, storeOff }) => [ours.perSecond, storeOff.perSecond]),
    row('eventstoredb-orders-latency', ['p99 of an order', 'p50'], 'ms', ({ ours }) => [
      ours.p99Ms,
      ours.p50Ms,
    ]),
    // prettier-ignore
    row('eventstoredb-orders-one', [`${order}, one at a time: p50`, 'one pair at a time: p50'], 'ms', ({ oneOrder, onePair }) => [oneOrder.p50Ms, onePair.p50Ms]),
    {
      ...counts('eventstoredb-orders-appends', 'appends', 2, ({ appends }) => appends),
      notes: callsNote(calls),
    },
    counts('eventstoredb-orders-reads', 'reads and all else', 0.01, ({ others }) => others),
  ];
}

type Pair = readonly [ours: number, beside: number];
const asRound = ([ours, beside]: Pair) => ({ ours, beside });

function notesOf({
  rounds,
  calls,
  eventStore,
  readModels,
  lag,
}: OverEventStoreDb): readonly string[] {
  const middle = (of: (round: RoundOverEventStoreDb) => number): number => median(rounds.map(of));
  const micros = (of: (round: RoundOverEventStoreDb) => number): string => {
    const value = middle(of);
    return Number.isNaN(value) ? 'not known' : `${Math.round(value)} µs`;
  };
  const ms = (of: (round: RoundOverEventStoreDb) => number): string =>
    `${middle(of).toFixed(1)} ms`;
  const [first] = rounds;
  return [
    `the server is ${eventStore.name}; read models and keys in ${readModels}${readModels === 'SQLite' ? ' and a file' : ', filled by a projector in a process of its own'}`,
    `an order appended ${Math.round(calls.claimBytes)} + ${Math.round(calls.decisionBytes)} bytes (claim, decision), and so does a pair; its answer has ${first?.ours.sample.body.length ?? 0} bytes, its request ${first?.ours.requestBytes ?? 0}`,
    `p50 and p99: order ${ms(({ ours }) => ours.p50Ms)}, ${ms(({ ours }) => ours.p99Ms)}; pair ${ms(({ pairs }) => pairs.p50Ms)}, ${ms(({ pairs }) => pairs.p99Ms)}; one at a time: order ${ms(({ oneOrder }) => oneOrder.p50Ms)}, ${ms(({ oneOrder }) => oneOrder.p99Ms)}; pair ${ms(({ onePair }) => onePair.p50Ms)}, ${ms(({ onePair }) => onePair.p99Ms)}`,
    `processor time for an order: main thread ${micros(({ ours }) => ours.mainMicros)}, whole process ${micros(({ ours }) => ours.allMicros)}, the server ${micros(({ ours }) => ours.serverMicros)}, the generator ${micros(({ ours }) => ours.generatorMicros)}; for a pair: client ${micros(({ pairs }) => pairs.clientMicros)}, the server ${micros(({ pairs }) => pairs.serverMicros)}`,
    `after the last round the projections were ${lag} events behind`,
  ];
}

function callsNote({ rounds }: CallsOfOrders): readonly string[] {
  const last = rounds.at(-1);
  if (!last) return [];
  const calls = Object.entries(last.byName).map(([name, count]) => `${name} ${count}`);
  return [`calls of the last ${last.orders} orders: ${calls.join(', ')}`];
}
