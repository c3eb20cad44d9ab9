import type { LoggedEvent } from '../../event-log/event-log.js';
import { UnfitRow } from '../errors.js';
import type { Lease, ReadModelStore, Run, RunBatch } from '../store.js';
import type { EventCatalogue } from './event-catalogue.js';
import { foldBatch } from './fold-batch.js';
import type { ProjectionBuild } from './run-set.js';

/**
 * Folds a batch of events into runs that stand at the same checkpoint, and writes all of it at
 * once.
 */
export class BatchWriter {
  constructor(
    private readonly store: ReadModelStore,
    private readonly catalogue: EventCatalogue,
  ) {}

  /**
   * The runs as they stand afterwards. A row that cannot be stored stops its own projection only.
   */
  async write(
    lease: Lease,
    group: readonly ProjectionBuild[],
    events: readonly LoggedEvent[],
  ): Promise<readonly Run[]> {
    const batches: RunBatch[] = [];
    for (const filling of group) batches.push(await this.fold(filling, events));
    try {
      await this.store.commit(lease, batches);
      return batches.map(afterBatch);
    } catch (error) {
      if (!isUnfitRow(error)) throw error;
      const unfit = group.filter(({ run }) => run.id === error.runId);
      const others = group.filter(({ run }) => run.id !== error.runId);
      const moved = others.length === 0 ? [] : await this.write(lease, others, events);
      return [
        ...moved,
        ...(await Promise.all(unfit.map((filling) => this.writeUpTo(lease, filling, events)))),
      ];
    }
  }

  /** One by one, to find the event whose row cannot be stored. */
  private async writeUpTo(
    lease: Lease,
    { projection, run }: ProjectionBuild,
    events: readonly LoggedEvent[],
  ): Promise<Run> {
    let reached = run;
    for (const event of events) {
      const batch = await this.fold({ projection, run: reached }, [event]);
      const written = await this.commitOrStop(lease, batch, event);
      reached = afterBatch(written);
      if (reached.poison) return reached;
    }
    return reached;
  }

  private async commitOrStop(lease: Lease, batch: RunBatch, event: LoggedEvent): Promise<RunBatch> {
    try {
      await this.store.commit(lease, [batch]);
      return batch;
    } catch (error) {
      if (!isUnfitRow(error)) throw error;
      const poison = { position: event.position, eventId: event.id, reason: error.message };
      const stopped = { ...batch, checkpoint: batch.run.checkpoint, rows: [], poison };
      await this.store.commit(lease, [stopped]);
      return stopped;
    }
  }

  private async fold(
    { projection, run }: ProjectionBuild,
    events: readonly LoggedEvent[],
  ): Promise<RunBatch> {
    const folded = await foldBatch(projection, run, events, this.catalogue, (table, keys) =>
      this.store.load(run, table, keys),
    );
    return { run, projection, ...folded };
  }
}

const afterBatch = ({ run, checkpoint, poison }: RunBatch): Run => ({
  ...run,
  checkpoint,
  ...(poison ? { poison } : {}),
});

const isUnfitRow = (error: unknown): error is UnfitRow => error instanceof UnfitRow;
