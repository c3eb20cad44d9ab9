import type { Random } from '../../support/random.js';
import type { Topology } from '../options.js';
import { type Disturbance, disturbances } from '../deployment/double-server.js';

export type FaultKind =
  | 'kill-leader'
  | 'kill-follower'
  | 'pause-leader'
  | 'pause-follower'
  | 'stop-leader'
  | 'kill-all-nodes'
  | 'pause-all-nodes'
  | 'kill-majority'
  | 'kill-leader-and-api'
  | 'pause-leader-kill-api'
  | 'kill-api'
  | 'pause-api'
  | 'stop-api'
  | 'kill-all-apis'
  | 'kill-projector'
  | 'pause-projector'
  | 'kill-all-projectors'
  | 'crash-postgres'
  | Disturbance;

export interface PlannedFault {
  readonly kind: FaultKind;
  /** How long the target stays down or paused. */
  readonly holdMs: number;
  /** The quiet time before it. */
  readonly calmMs: number;
  /** Which of several targets. */
  readonly choice: number;
}

const ofServices: readonly FaultKind[] = [
  'kill-api', 'pause-api', 'stop-api', 'kill-all-apis', 'kill-projector', 'pause-projector', 'kill-all-projectors',
]; // prettier-ignore
/** With one node, the leader is that node. */
const ofServers: readonly FaultKind[] = [
  'kill-leader',
  'pause-leader',
  'stop-leader',
  'kill-leader-and-api',
  'pause-leader-kill-api',
];
const ofThree: readonly FaultKind[] = [
  'kill-follower',
  'pause-follower',
  'kill-all-nodes',
  'pause-all-nodes',
  'kill-majority',
];

const serverFaults: Readonly<Record<Topology, readonly FaultKind[]>> = {
  embedded: [],
  // The double keeps its data in memory, so it is never killed.
  double: ['pause-leader', 'pause-leader-kill-api', ...disturbances],
  'one-node': ofServers,
  'three-nodes': [...ofServers, ...ofThree],
};

/** The faults of a run: every kind once before one repeats, in an order that the seed decides. */
export function plan(
  topology: Topology,
  count: number,
  random: Random,
  { canCrashPostgres }: { readonly canCrashPostgres: boolean },
): readonly PlannedFault[] {
  const kinds = [
    ...ofServices,
    ...serverFaults[topology],
    ...(canCrashPostgres ? (['crash-postgres'] as const) : []),
  ];
  const faults: PlannedFault[] = [];
  let deck: FaultKind[] = [];
  while (faults.length < count) {
    if (deck.length === 0) deck = [...kinds];
    const [kind] = deck.splice(random.below(deck.length), 1);
    const holdMs = kind!.startsWith('pause')
      ? 5_000 + random.below(15_001)
      : 300 + random.below(5_000);
    faults.push({
      kind: kind!,
      holdMs,
      calmMs: 1_000 + random.below(3_000),
      choice: random.below(1_000),
    });
  }
  return faults;
}
