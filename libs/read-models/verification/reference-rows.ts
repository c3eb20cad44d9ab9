import type { LogReader, Position } from '../../event-log/event-log.js';
import type { Projection } from '../projection.js';
import { BatchWriter } from '../runtime/batch-writer.js';
import { eventsOfThisRelease } from '../runtime/event-catalogue.js';
import { readBatch } from '../runtime/read-batch.js';
import type { ProjectionBuild } from '../runtime/run-set.js';
import type { Lease, ReadModelStore, Run } from '../store.js';

const BATCH_EVENTS = 4_000;
/** Nobody else has this store; a lease is what writing asks for. */
const LEASE_MS = 30 * 86_400_000;

/**
 * What the log makes of each projection, filled in a store that nothing else uses, up to exactly
 * the positions that are asked for.
 */
export class ReferenceRows {
  private readonly fillings = new Map<string, ProjectionBuild>();

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
  ): Promise<ReferenceRows> {
    const lease = await store.acquireLease('reference', LEASE_MS);
    if (lease === undefined) throw new Error('the store of the reference rows is in use');
    const reference = new ReferenceRows(store, log, lease, advanced);
    for (const projection of projections)
      reference.fillings.set(projection.name, {
        projection,
        run: await store.createRun(lease, projection, 'live'),
      });
    return reference;
  }

  /** Folds all of these together, each event read once, as long as they stand together. */
  async fillTo(position: Position): Promise<void> {
    await this.advance([...this.fillings.values()], position);
  }

  /**
   * Takes one projection further; never back. The run as it stands then: a poisoned one stands
   * before its poison.
   */
  async advanceTo(name: string, position: Position): Promise<Run> {
    await this.advance([this.filling(name)], position);
    return this.filling(name).run;
  }

  private filling(name: string): ProjectionBuild {
    const filling = this.fillings.get(name);
    if (!filling) throw new Error(`${name} has no reference rows`);
    return filling;
  }

  private async advance(group: readonly ProjectionBuild[], to: Position): Promise<void> {
    const writer = new BatchWriter(this.store, eventsOfThisRelease);
    let moving = group.filter(({ run }) => !run.poison && run.checkpoint.position < to);
    while (moving.length > 0) {
      const from = moving[0]?.run.checkpoint.position ?? to;
      const { events } = await readBatch(this.log, from, BATCH_EVENTS, { upTo: to });
      if (events.length === 0)
        throw new Error(`the log ends behind position ${from}, before ${to}`);
      const written = await writer.write(this.lease, moving, events);
      this.advanced(events.length);
      const moved = moving.map(({ projection }) => ({
        projection,
        run: runOf(written, projection),
      }));
      for (const filling of moved) this.fillings.set(filling.projection.name, filling);
      moving = moved.filter(({ run }) => !run.poison && run.checkpoint.position < to);
    }
  }
}

function runOf(written: readonly Run[], { name }: Projection): Run {
  const run = written.find(({ projection }) => projection === name);
  if (!run) throw new Error(`${name} was not written`);
  return run;
}
