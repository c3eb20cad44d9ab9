import type { Projection } from '../projection.js';
import type { RebuildStatus } from '../read-models.js';
import type { CompareFrom, Lease, ReadModelStore, Run } from '../store.js';
import type { Reporter } from './report.js';
import { type ProjectionBuild, isCurrent, type RunSet } from './run-set.js';

const FROM_THE_FIRST: CompareFrom = { table: 0, afterKey: '' };

interface Comparing {
  readonly liveId: number;
  readonly from: CompareFrom;
  readonly comparedRows: number;
}

/**
 * Brings candidates to their end: compared with the tables in use, page by page between batches,
 * and put in their place. Both runs fold every event in the same transaction once they stand
 * together, so rows that were equal stay equal.
 */
export class Rebuilds {
  private readonly comparing = new Map<number, Comparing>();

  constructor(
    private readonly store: ReadModelStore,
    private readonly projections: readonly Projection[],
    private readonly report: Reporter,
  ) {}

  /** Starts what has been asked for. A rebuild that is under way answers a second request too. */
  async startRequested(lease: Lease, runs: RunSet): Promise<void> {
    for (const name of await this.store.rebuildRequests()) {
      const projection = this.projections.find((one) => one.name === name);
      if (!projection) continue;
      const candidate = runs.candidates().find(({ run }) => run.projection === name);
      if (candidate)
        await this.store.noteRebuild(lease, name, {
          position: candidate.run.checkpoint.position,
          finished: false,
        });
      else await runs.beginRebuild(lease, this.store, projection, this.report);
    }
  }

  /** One step for each candidate; whether there was anything to do. */
  async step(lease: Lease, runs: RunSet): Promise<boolean> {
    let moved = false;
    for (const candidate of runs.candidates())
      moved = (await this.stepOf(lease, runs, candidate)) || moved;
    return moved;
  }

  private async stepOf(
    lease: Lease,
    runs: RunSet,
    { projection, run }: ProjectionBuild,
  ): Promise<boolean> {
    if (run.poison) return this.giveUp(lease, runs, run, run.poison.reason);
    const live = runs.live(run.projection);
    if (!run.filled || (live && run.checkpoint.position < live.checkpoint.position)) return false;
    if (!live || !isCurrent(live, projection) || live.poison)
      return this.finish(lease, runs, { projection, run }, {});
    return this.compare(lease, runs, { projection, run }, live);
  }

  private async compare(
    lease: Lease,
    runs: RunSet,
    candidate: ProjectionBuild,
    live: Run,
  ): Promise<boolean> {
    const { projection, run } = candidate;
    // Nothing was found to differ up to here by an earlier step.
    const known = this.comparing.get(run.id);
    const { from, comparedRows } =
      known?.liveId === live.id ? known : { from: FROM_THE_FIRST, comparedRows: 0 };
    const page = await this.store.compare(live, run, projection, from);
    const compared = comparedRows + page.comparedRows;
    if (page.difference)
      return this.finish(lease, runs, candidate, {
        comparedRows: compared,
        difference: page.difference,
      });
    if (!page.next) return this.finish(lease, runs, candidate, { comparedRows: compared });

    this.comparing.set(run.id, { liveId: live.id, from: page.next, comparedRows: compared });
    return true;
  }

  /** The log is right, whatever the old tables said; a difference is told, loudly. */
  private async finish(
    lease: Lease,
    runs: RunSet,
    { projection, run }: ProjectionBuild,
    found: Partial<RebuildStatus>,
  ): Promise<boolean> {
    const live = runs.live(run.projection);
    await this.store.promote(lease, run);
    this.comparing.delete(run.id);
    if (live) runs.remove(live);
    runs.put(projection, { ...run, role: 'live' });
    await this.note(lease, run, found);
    return true;
  }

  private async giveUp(lease: Lease, runs: RunSet, run: Run, error: string): Promise<boolean> {
    await this.store.discardRun(lease, run);
    this.comparing.delete(run.id);
    runs.remove(run);
    await this.note(lease, run, { error });
    return true;
  }

  private async note(lease: Lease, run: Run, found: Partial<RebuildStatus>): Promise<void> {
    const status: RebuildStatus = { ...found, position: run.checkpoint.position, finished: true };
    await this.store.noteRebuild(lease, run.projection, status);
    this.report({ kind: 'rebuild-finished', projection: run.projection, status });
  }
}
