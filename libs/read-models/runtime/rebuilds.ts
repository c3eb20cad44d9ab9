import type { Projection } from '../projection.js';
import type { RebuildStatus } from '../projection-status.js';
import type { CompareFrom, Lease, ReadModelStore, ProjectionBuild } from '../store.js';
import type { ReadModelReporter } from '../report.js';
import { type BuildTask, isCurrent, type BuildSet } from './build-set.js';

const FROM_THE_FIRST: CompareFrom = { table: 0, afterKey: '' };

interface Comparing {
  readonly liveId: number;
  readonly from: CompareFrom;
  readonly comparedRows: number;
}

/**
 * Finishes rebuilds: compares a candidate with the tables in use, page by page between batches, and
 * then replaces them. Once both builds have the same checkpoint, each event is folded into both in
 * one transaction, so rows that were equal remain equal.
 */
export class Rebuilds {
  private readonly comparing = new Map<number, Comparing>();

  constructor(
    private readonly store: ReadModelStore,
    private readonly projections: readonly Projection[],
    private readonly report: ReadModelReporter,
  ) {}

  /** Starts the requested rebuilds. A rebuild in progress also answers a second request. */
  async startRequested(lease: Lease, builds: BuildSet): Promise<void> {
    for (const name of await this.store.rebuildRequests()) {
      const projection = this.projections.find((one) => one.name === name);
      if (!projection) continue;
      const candidate = builds.candidates().find(({ build }) => build.projection === name);
      if (candidate)
        await this.store.noteRebuild(lease, name, {
          position: candidate.build.checkpoint.position,
          finished: false,
        });
      else await builds.beginRebuild(lease, this.store, projection, this.report);
    }
  }

  /** Advances each candidate by one step; returns whether there was one. */
  async step(lease: Lease, builds: BuildSet): Promise<boolean> {
    let moved = false;
    for (const candidate of builds.candidates())
      moved = (await this.stepOf(lease, builds, candidate)) || moved;
    return moved;
  }

  private async stepOf(
    lease: Lease,
    builds: BuildSet,
    { projection, build }: BuildTask,
  ): Promise<boolean> {
    if (build.poison) return this.giveUp(lease, builds, build, build.poison.reason);
    const live = builds.live(build.projection);
    if (!build.filled || (live && build.checkpoint.position < live.checkpoint.position))
      return false;
    if (!live || !isCurrent(live, projection) || live.poison)
      return this.finish(lease, builds, { projection, build }, {});
    return this.compare(lease, builds, { projection, build }, live);
  }

  private async compare(
    lease: Lease,
    builds: BuildSet,
    candidate: BuildTask,
    live: ProjectionBuild,
  ): Promise<boolean> {
    const { projection, build } = candidate;
    // Earlier steps found no difference up to here.
    const known = this.comparing.get(build.id);
    const { from, comparedRows } =
      known?.liveId === live.id ? known : { from: FROM_THE_FIRST, comparedRows: 0 };
    const page = await this.store.compare(live, build, projection, from);
    const compared = comparedRows + page.comparedRows;
    if (page.difference)
      return this.finish(lease, builds, candidate, {
        comparedRows: compared,
        difference: page.difference,
      });
    if (!page.next) return this.finish(lease, builds, candidate, { comparedRows: compared });

    this.comparing.set(build.id, { liveId: live.id, from: page.next, comparedRows: compared });
    return true;
  }

  /**
   * The log is the truth, so the new tables replace the old ones in any case. A difference is
   * reported.
   */
  private async finish(
    lease: Lease,
    builds: BuildSet,
    { projection, build }: BuildTask,
    found: Partial<RebuildStatus>,
  ): Promise<boolean> {
    const live = builds.live(build.projection);
    await this.store.promote(lease, build);
    this.comparing.delete(build.id);
    if (live) builds.remove(live);
    builds.put(projection, { ...build, role: 'live' });
    await this.note(lease, build, found);
    return true;
  }

  private async giveUp(
    lease: Lease,
    builds: BuildSet,
    build: ProjectionBuild,
    error: string,
  ): Promise<boolean> {
    await this.store.discardBuild(lease, build);
    this.comparing.delete(build.id);
    builds.remove(build);
    await this.note(lease, build, { error });
    return true;
  }

  private async note(
    lease: Lease,
    build: ProjectionBuild,
    found: Partial<RebuildStatus>,
  ): Promise<void> {
    const status: RebuildStatus = { ...found, position: build.checkpoint.position, finished: true };
    await this.store.noteRebuild(lease, build.projection, status);
    this.report({ kind: 'rebuild-finished', projection: build.projection, status });
  }
}
