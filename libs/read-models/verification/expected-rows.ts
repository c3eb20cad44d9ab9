import type { LogReader, Position } from '../../event-log/event-log.js';
import type { Projection } from '../projection.js';
import { BatchWriter } from '../runtime/batch-writer.js';
import { eventsOfThisRelease } from '../runtime/fold-batch.js';
import { readBatch } from '../runtime/read-batch.js';
import type { BuildTask } from '../runtime/build-set.js';
import type { Lease, ReadModelStore, ProjectionBuild } from '../store.js';

const BATCH_EVENTS = 4_000;
/** Writing needs a lease, but nothing else uses this store. */
const LEASE_MS = 30 * 86_400_000;

/**
 * The rows that the log produces for each projection, built in a store that nothing else uses, up
 * to exactly the requested positions.
 */
export class ExpectedRows {
  private readonly tasks = new Map<string, BuildTask>();

  private constructor(
    readonly store: ReadModelStore,
    private readonly log: LogReader,
    private readonly lease: Lease,
    private readonly advanced: (events: number) => void,
  ) {}

  static async in(
    store: ReadModelStore,
    log: LogReader,
    projections: readonly Projection[],
    advanced: (events: number) => void,
  ): Promise<ExpectedRows> {
    const lease = await store.acquireLease('reference', LEASE_MS);
    if (lease === undefined) throw new Error('the store of the reference rows is in use');
    const reference = new ExpectedRows(store, log, lease, advanced);
    for (const projection of projections)
      reference.tasks.set(projection.name, {
        projection,
        build: await store.createBuild(lease, projection, 'live'),
      });
    return reference;
  }

  /**
   * Folds all builds up to a position, reading each event once for builds with the same checkpoint.
   */
  async fillTo(position: Position): Promise<void> {
    await this.advance([...this.tasks.values()], position);
  }

  /**
   * Advances one projection, never back. Returns its build; a poisoned one ends before its poison.
   */
  async advanceTo(name: string, position: Position): Promise<ProjectionBuild> {
    await this.advance([this.task(name)], position);
    return this.task(name).build;
  }

  private task(name: string): BuildTask {
    const task = this.tasks.get(name);
    if (!task) throw new Error(`${name} has no reference rows`);
    return task;
  }

  private async advance(group: readonly BuildTask[], to: Position): Promise<void> {
    const writer = new BatchWriter(this.store, eventsOfThisRelease);
    let moving = group.filter(({ build }) => !build.poison && build.checkpoint.position < to);
    while (moving.length > 0) {
      const from = moving[0]?.build.checkpoint.position ?? to;
      const { events } = await readBatch(this.log, from, BATCH_EVENTS, { upTo: to });
      if (events.length === 0) throw new Error(`the log ends at position ${from}, before ${to}`);
      const written = await writer.write(this.lease, moving, events);
      this.advanced(events.length);
      const moved = moving.map(({ projection }) => ({
        projection,
        build: buildOf(written, projection),
      }));
      for (const task of moved) this.tasks.set(task.projection.name, task);
      moving = moved.filter(({ build }) => !build.poison && build.checkpoint.position < to);
    }
  }
}

function buildOf(written: readonly ProjectionBuild[], { name }: Projection): ProjectionBuild {
  const build = written.find(({ projection }) => projection === name);
  if (!build) throw new Error(`${name} was not written`);
  return build;
}
