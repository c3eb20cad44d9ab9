import type { LogReader, Position } from '../../event-log/event-log.js';
import { type Projection, shapeOf } from '../projection.js';
import type { Lease, ReadModelStore, ProjectionBuild } from '../store.js';
import { isOfLog } from './read-batch.js';
import type { Reporter } from '../report.js';

export interface BuildTask {
  readonly projection: Projection;
  readonly build: ProjectionBuild;
}

/** The runs that the lease holder fills, as the store has them. */
export class BuildSet {
  private readonly tasks = new Map<number, BuildTask>();

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
  ): Promise<BuildSet> {
    const found = await store.builds();
    const set = new BuildSet();
    for (const projection of projections) {
      const own = found.filter((build) => build.projection === projection.name);
      const live = await usable(own.find(({ role }) => role === 'live'));
      const candidate = await usable(own.find(({ role }) => role === 'candidate'));
      const wanted = candidate && !isCurrent(candidate, projection) ? undefined : candidate;
      if (candidate && !wanted) await store.discardBuild(lease, candidate);

      if (!live) set.put(projection, await store.createBuild(lease, projection, 'live'));
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
    async function usable(
      build: ProjectionBuild | undefined,
    ): Promise<ProjectionBuild | undefined> {
      if (!build || (await isOfLog(log, build.checkpoint))) return build;
      report({
        kind: 'log-differs',
        projection: build.projection,
        position: build.checkpoint.position,
      });
      await store.discardBuild(lease, build);
      return undefined;
    }

    /**
     * A new holder may be a new release that knows the event: it tries once more, and stops again
     * if not.
     */
    async function retried(build: ProjectionBuild): Promise<ProjectionBuild> {
      if (!build.poison) return build;
      await store.clearPoison(lease, build);
      const { poison: _, ...rest } = build;
      return rest;
    }
  }

  async beginRebuild(
    lease: Lease,
    store: ReadModelStore,
    projection: Projection,
    report: Reporter,
  ): Promise<void> {
    this.put(projection, await store.createBuild(lease, projection, 'candidate'));
    await store.noteRebuild(lease, projection.name, { position: -1, finished: false });
    report({ kind: 'rebuild-started', projection: projection.name, version: projection.version });
  }

  /**
   * Runs that move on: of this release's version, and not stopped. Tables of another version stand
   * still until they are replaced.
   */
  active(): readonly BuildTask[] {
    return [...this.tasks.values()].filter(
      ({ projection, build }) => isCurrent(build, projection) && !build.poison,
    );
  }

  candidates(): readonly BuildTask[] {
    return [...this.tasks.values()].filter(({ build }) => build.role === 'candidate');
  }

  live(projection: string): ProjectionBuild | undefined {
    return [...this.tasks.values()].find(
      ({ build }) => build.projection === projection && build.role === 'live',
    )?.build;
  }

  put(projection: Projection, build: ProjectionBuild): void {
    this.tasks.set(build.id, { projection, build });
  }

  remove(build: ProjectionBuild): void {
    this.tasks.delete(build.id);
  }
}

export const isCurrent = (build: ProjectionBuild, projection: Projection): boolean =>
  build.version === projection.version && build.shape === shapeOf(projection);

/**
 * Runs that stand at the same checkpoint move together, so that each event is read and parsed once;
 * the foremost group first.
 */
export function groupsOf(
  tasks: readonly BuildTask[],
): readonly (readonly [position: Position, group: readonly BuildTask[]])[] {
  const groups = new Map<Position, BuildTask[]>();
  for (const task of tasks) {
    const { position } = task.build.checkpoint;
    groups.set(position, [...(groups.get(position) ?? []), task]);
  }
  return [...groups].sort(([a], [b]) => b - a);
}
