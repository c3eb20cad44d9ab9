import type { LogReader, Position } from '../../event-log/event-log.js';
import { type Projection, shapeOf } from '../projection.js';
import type { Lease, ReadModelStore, ProjectionBuild } from '../store.js';
import { isOfLog } from './read-batch.js';
import type { ReadModelReporter } from '../report.js';

export interface BuildTask {
  readonly projection: Projection;
  readonly build: ProjectionBuild;
}

/** The builds that the lease holder fills, as stored. */
export class BuildSet {
  private readonly tasks = new Map<number, BuildTask>();

  /**
   * The builds for a new lease holder. Builds of another log are replaced, and other versions are
   * rebuilt.
   */
  static async take(
    lease: Lease,
    store: ReadModelStore,
    log: LogReader,
    projections: readonly Projection[],
    report: ReadModelReporter,
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
     * A checkpoint that is not in the log belongs to another log: the rows are deleted and filled
     * again.
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
     * The new holder may be a release that knows the event, so it tries the projection again; if it
     * fails again, the projection stops again.
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
    report: ReadModelReporter,
  ): Promise<void> {
    this.put(projection, await store.createBuild(lease, projection, 'candidate'));
    await store.noteRebuild(lease, projection.name, { position: -1, finished: false });
    report({ kind: 'rebuild-started', projection: projection.name, version: projection.version });
  }

  /**
   * Builds that can advance: of this release's version, and not stopped. Tables of another version
   * do not change until they are replaced.
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
 * Groups builds with the same checkpoint, so that each event is read and parsed once. The group
 * with the greatest checkpoint is first.
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
