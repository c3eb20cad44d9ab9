import { parseArgs } from 'node:util';

/**
 * The log of a run: one node of EventStoreDB, three nodes, the protocol double of this test tree,
 * or SQLite.
 */
export type Topology = 'one-node' | 'three-nodes' | 'double' | 'embedded';
export const needsServer = (topology: Topology): boolean =>
  topology === 'one-node' || topology === 'three-nodes';

export interface Options {
  readonly topologies: readonly Topology[];
  /** The number of faults for each topology. */
  readonly faults: number;
  /** For each topology: no fault begins after this time. */
  readonly minutes: number;
  readonly seed: number;
  readonly apis: number;
  readonly projectors: number;
  readonly withContract: boolean;
  /**
   * Keeps the folder with the servers' data, all output and the evidence, even without a finding.
   */
  readonly keep: boolean;
}

export const usage = `npm run test:cluster [-- [--one-node] [--three-nodes] [--double] [--embedded] [--faults N] [--minutes N] [--seed N]]

Starts a log server, PostgreSQL, API processes and projectors on 127.0.0.1; kills, pauses and restarts them under a
seeded load; and compares every answer with the log. Needs EVENTSTOREDB_SERVER, the command that starts a node of
EventStoreDB (for example "dotnet /opt/eventstore/EventStore.ClusterNode.dll"); without it only --double and
--embedded run.

  --one-node, --three-nodes, --double, --embedded
                  the topologies to run (default: one node, then three nodes). --double uses the protocol double of
                  the tests, with protocol faults; --embedded uses the default product on SQLite, to try the suite
  --faults N      the number of faults for each topology (12)
  --minutes N     no fault begins after this many minutes (30)
  --seed N        the seed of load and faults (SEKISHO_SEED, otherwise from the clock); timing still differs by run
  --apis N        the number of API processes (3)
  --projectors N  the number of projectors (2)
  --no-contract   skips the contract tests of the log
  --keep          keeps the folder with data, output and evidence; it is always kept after a finding

POSTGRES_URL names a PostgreSQL server for the databases; without it a temporary server is started.
Exit codes: 0 no finding (or skipped), 1 a finding, 2 wrong usage, 3 could not run.`;

const number = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

/** The options, or what is wrong with them. Undefined: print the usage. */
export function readOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options | string | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'one-node': flag, 'three-nodes': flag, double: flag, embedded: flag, 'no-contract': flag, keep: flag, help: flag,
        faults: number, minutes: number, seed: number, apis: number, projectors: number,
      }, // prettier-ignore
    });
    if (values.help) return undefined;
    const asked = (['one-node', 'three-nodes', 'double', 'embedded'] as const).filter(
      (topology) => values[topology],
    );
    return {
      topologies: asked.length > 0 ? asked : ['one-node', 'three-nodes'],
      faults: whole('--faults', values.faults, 12, 0, 10_000),
      minutes: whole('--minutes', values.minutes, 30, 1, 10_000),
      seed: whole(
        '--seed',
        values.seed ?? environment['SEKISHO_SEED'],
        Date.now() % 1_000_000,
        0,
        2_000_000_000,
      ),
      apis: whole('--apis', values.apis, 3, 1, 8),
      projectors: whole('--projectors', values.projectors, 2, 1, 4),
      withContract: !values['no-contract'],
      keep: values.keep,
    };
  } catch (error) {
    return (error as Error).message; // parseArgs and `whole` throw errors whose messages explain the mistake
  }
}

function whole(
  name: string,
  text: string | undefined,
  unset: number,
  least: number,
  most: number,
): number {
  const value = Number(text ?? unset);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is "${text}"; it is a whole number from ${least} to ${most}.`);
}
