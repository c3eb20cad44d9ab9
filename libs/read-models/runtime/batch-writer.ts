import type { LoggedEvent } from '../../event-log/event-log.js';
import { UnfitRow } from '../errors.js';
import type { Lease, ReadModelStore, ProjectionBuild, BuildBatch } from '../store.js';
import type { EventCatalogue } from './fold-batch.js';
import { foldBatch } from './fold-batch.js';
import type { BuildTask } from './build-set.js';

/**
 * Folds a batch of events into builds with the same checkpoint, and writes all of them in one
 * transaction.
 */
export class BatchWriter {
  constructor(
    private readonly store: ReadModelStore,
    private readonly catalogue: EventCatalogue,
  ) {}

  /** The builds after the batch. A row that cannot be stored stops only its own projection. */
  async write(
    lease: Lease,
    group: readonly BuildTask[],
    events: readonly LoggedEvent[],
  ): Promise<readonly ProjectionBuild[]> {
    const batches: BuildBatch[] = [];
    for (const task of group) batches.push(await this.fold(task, events));
    try {
      await this.store.commit(lease, batches);
      return batches.map(afterBatch);
    } catch (error) {
      if (!isUnfitRow(error)) throw error;
      const unfit = group.filter(({ build }) => build.id === error.buildId);
      const others = group.filter(({ build }) => build.id !== error.buildId);
      const moved = others.length === 0 ? [] : await this.write(lease, others, events);
      return [
        ...moved,
        ...(await Promise.all(unfit.map((task) => this.writeUpTo(lease, task, events)))),
      ];
    }
  }

  /** Writes the events one by one, to find the one whose row cannot be stored. */
  private async writeUpTo(
    lease: Lease,
    { projection, build }: BuildTask,
    events: readonly LoggedEvent[],
  ): Promise<ProjectionBuild> {
    let reached = build;
    for (const event of events) {
      const batch = await this.fold({ projection, build: reached }, [event]);
      const written = await this.commitOrStop(lease, batch, event);
      reached = afterBatch(written);
      if (reached.poison) return reached;
    }
    return reached;
  }

  private async commitOrStop(
    lease: Lease,
    batch: BuildBatch,
    event: LoggedEvent,
  ): Promise<BuildBatch> {
    try {
      await this.store.commit(lease, [batch]);
      return batch;
    } catch (error) {
      if (!isUnfitRow(error)) throw error;
      const poison = { position: event.position, eventId: event.id, reason: error.message };
      const stopped = { ...batch, checkpoint: batch.build.checkpoint, rows: [], poison };
      await this.store.commit(lease, [stopped]);
      return stopped;
    }
  }

  private async fold(
    { projection, build }: BuildTask,
    events: readonly LoggedEvent[],
  ): Promise<BuildBatch> {
    const folded = await foldBatch(projection, build, events, this.catalogue, (table, keys) =>
      this.store.load(build, table, keys),
    );
    return { build, projection, ...folded };
  }
}

const afterBatch = ({ build, checkpoint, poison }: BuildBatch): ProjectionBuild => ({
  ...build,
  checkpoint,
  ...(poison ? { poison } : {}),
});

const isUnfitRow = (error: unknown): error is UnfitRow => error instanceof UnfitRow;
