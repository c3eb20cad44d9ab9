import type { LogEvent } from '../../support/answers.js';
import { Random } from '../../support/random.js';
import type { IndexRow } from '../evidence/evidence.js';
import type { Options } from '../options.js';
import type { LogServer } from './log-server.js';
import type { Member, UnexpectedEnd } from './member.js';
import type { PostgresServer } from './postgres.js';
import { api, projector, type ServiceMember, type ServicePlan } from './services.js';

/** Everything that runs for one topology. */
export interface Deployment {
  readonly log: LogServer;
  readonly apis: readonly ServiceMember[];
  readonly projectors: readonly ServiceMember[];
  /** Absent if this run has no PostgreSQL of its own to crash. */
  readonly crashPostgres?: PostgresServer['crashFor'];
  /** The versions of what runs. */
  versions(): Promise<string>;
  /** Reads the log without the service. Absent if that is impossible. */
  readLog(): Promise<readonly LogEvent[]>;
  /** The position index once it has this many rows; undefined if there is none. */
  readIndex(events: number): Promise<readonly IndexRow[] | undefined>;
  unexpectedEnds(): readonly UnexpectedEnd[];
  end(): Promise<void>;
}

export interface Services extends Pick<
  Deployment,
  'apis' | 'projectors' | 'unexpectedEnds' | 'end'
> {
  start(): Promise<void>;
}

/** The service's processes, not yet started. */
export async function services(
  plan: ServicePlan,
  { apis, projectors }: Pick<Options, 'apis' | 'projectors'>,
): Promise<Services> {
  const ports = portsOfThisRun();
  const started = {
    apis: await Promise.all(numbered(apis).map((number) => api(plan, number, ports))),
    projectors: await Promise.all(
      numbered(projectors).map((number) => projector(plan, number, ports)),
    ),
  };
  const members: readonly Member[] = [...started.apis, ...started.projectors].map(
    ({ member }) => member,
  );
  return {
    ...started,
    // All at once: migrations and the log's first events race here.
    start: async () => void (await Promise.all(members.map((member) => member.start()))),
    unexpectedEnds: () => members.flatMap(({ unexpectedEnds }) => unexpectedEnds),
    end: async () => void (await Promise.all(members.map((member) => member.kill()))),
  };
}

/**
 * Ports are found, not derived from the run's seed: another run with the same seed may be in
 * progress.
 */
export const portsOfThisRun = (): Random => new Random(Date.now() ^ process.pid);

const numbered = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
