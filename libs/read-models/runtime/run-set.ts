import type { LogReader, Position } from '../../event-log/event-log.js';
import { type Projection, shapeOf } from '../projection.js';
import type { Lease, ReadModelStore, Run } from '../store.js';
import { isOfLog } from './read-batch.js';
import type { Reporter } from './report.js';

export interface ProjectionBuild {
  readonly projection: Projection;
  readonly run: Run;
}

/** The runs that the lease holder fills, as the store has them. */
export class RunSet {
  private readonly fillings = new Map<number, ProjectionBuild>();

  /**
   * What a new holder finds, and what it makes of it: checkpoints are held against the log, other
   * versions are rebuilt.
   */
  static async take(
    lease: Lease,
    store: ReadModelStore,
    log: LogReader,
    projections: readonly Projection[],
    report: Reporter,
  ): Promise<RunSet> {
    const found = await store.runs();
    const set = new RunSet();
    for (const projection of projections) {
      const own = found.filter((run) => run.projection === projection.name);
      const live = await usable(own.find(({ role }) => role === 'live'));
      const candidate = await usable(own.find(({ role }) => role === 'candidate'));
      const wanted = candidate && !isCurrent(candidate, projection) ? undefined : candidate;
      if (candidate && !wanted) await store.discardRun(lease, candidate);

      if (!live) set.put(projection, await store.createRun(lease, projection, 'live'));
      else set.put(projection, await retried(live));
      if (wanted) set.put(projection, await retried(wanted));
      if (live && !wanted && !isCurrent(live, projection))
        await set.beginRebuild(lease, store, projection, report);
    }
    return set;

    /**
     * A checkpoint that the log does not have belongs to another log: its rows are forgotten, and
     * filled anew.
     */
    async function usable(run: Run | undefined): Promise<Run | undefined> {
      if (!run || (await isOfLog(log, run.checkpoint))) return run;
      report({
        kind: 'log-differs',
        projection: run.projection,
        position: run.checkpoint.position,
      });
      await store.discardRun(lease, run);
      return undefined;
    }

    /**
     * A new holder may be a new release that knows the event: it tries once more, and stops again
     * if not.
     */
    async function retried(run: Run): Promise<Run> {
      if (!run.poison) return run;
      await store.clearPoison(lease, run);
      const { poison: _, ...rest } = run;
      return rest;
    }
  }

  async beginRebuild(
    lease: Lease,
    store: ReadModelStore,
    projection: Projection,
    report: Reporter,
  ): Promise<void> {
    this.put(projection, await store.createRun(lease, projection, 'candidate'));
    await store.noteRebuild(lease, projection.name, { position: -1, finished: false });
    report({ kind: 'rebuild-started', projection: projection.name, version: projection.version });
  }

  /**
   * Runs that move on: of this release's version, and not stopped. Tables of another version stand
   * still until they are replaced.
   */
  moving(): readonly ProjectionBuild[] {
    return [...this.fillings.values()].filter(
      ({ projection, run }) => isCurrent(run, projection) && !run.poison,
    );
  }

  candidates(): readonly ProjectionBuild[] {
    return [...this.fillings.values()].filter(({ run }) => run.role === 'candidate');
  }

  live(projection: string): Run | undefined {
    return [...this.fillings.values()].find(
      ({ run }) => run.projection === projection && run.role === 'live',
    )?.run;
  }

  put(projection: Projection, run: Run): void {
    this.fillings.set(run.id, { projection, run });
  }

  remove(run: Run): void {
    this.fillings.delete(run.id);
  }
}

export const isCurrent = (run: Run, projection: Projection): boolean =>
  run.version === projection.version && run.shape === shapeOf(projection);

/**
 * Runs that stand at the same checkpoint move together, so that each event is read and parsed once;
 * the foremost group first.
 */
export function groupsOf(
  fillings: readonly ProjectionBuild[],
): readonly (readonly [position: Position, group: readonly ProjectionBuild[]])[] {
  const groups = new Map<Position, ProjectionBuild[]>();
  for (const filling of fillings) {
    const { position } = filling.run.checkpoint;
    groups.set(position, [...(groups.get(position) ?? []), filling]);
  }
  return [...groups].sort(([a], [b]) => b - a);
}
