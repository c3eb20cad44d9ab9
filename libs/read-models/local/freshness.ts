import type { LogReader, Position } from '../../event-log/event-log.js';
import {
  PositionNotReached,
  ProjectionStopped,
  ReadModelBehind,
  ReadModelsUnavailable,
} from '../errors.js';
import { type Projection, shapeOf } from '../projection.js';
import { isOfLog } from '../runtime/read-batch.js';
import type { ReadModelStore, ProjectionBuild } from '../store.js';
import { BuildLookups } from './build-lookups.js';

export const DEADLINE_MS = 5_000;

/**
 * Waits until a projection's live rows may answer: they are complete and have reached the requested
 * position.
 */
export class Freshness {
  private readonly looks: BuildLookups;
  private waiting = 0;
  /** Builds whose checkpoint was found in this log. */
  private readonly ofThisLog = new Set<number>();
  private closed = false;

  constructor(
    private readonly log: LogReader,
    store: ReadModelStore,
    /** Called when a query begins to wait. */
    private readonly hurry: () => void,
  ) {
    this.looks = new BuildLookups(store);
  }

  get awaited(): boolean {
    return this.waiting > 0;
  }

  /** Rows have been committed. */
  advanced(): void {
    this.looks.ring();
  }

  close(): void {
    this.closed = true;
    this.looks.ring();
  }

  async reach(projection: Projection, position: Position, deadlineMs = DEADLINE_MS): Promise<void> {
    if (covers(await this.live(projection), projection, position)) return;
    const head = await this.log.head();
    if (position > head) throw new PositionNotReached(position, head);

    this.waiting += 1;
    try {
      await this.wait(projection, position, Date.now() + deadlineMs);
    } finally {
      this.waiting -= 1;
    }
  }

  private async wait(projection: Projection, position: Position, until: number): Promise<void> {
    for (;;) {
      const turn = this.looks.commits;
      const build = await this.live(projection);
      if (covers(build, projection, position)) return;
      if (this.closed) throw new ReadModelsUnavailable('the read models are closed');
      if (Date.now() >= until)
        throw new ReadModelBehind(
          projection.name,
          Math.max(position, 0),
          build?.checkpoint.position ?? -1,
        );
      this.hurry();
      await this.looks.next(turn);
    }
  }

  private async live({ name }: Projection): Promise<ProjectionBuild | undefined> {
    const build = (await this.looks.now()).find(
      (one) => one.projection === name && one.role === 'live',
    );
    if (!build || !(await this.isOfThisLog(build))) return undefined;
    assertNotStopped(build);
    return build;
  }

  /**
   * Rows of another log (after a backup was restored, or from another directory) answer no query;
   * the lease holder is about to delete them.
   */
  private async isOfThisLog(build: ProjectionBuild): Promise<boolean> {
    if (!this.ofThisLog.has(build.id) && (await isOfLog(this.log, build.checkpoint)))
      this.ofThisLog.add(build.id);
    return this.ofThisLog.has(build.id);
  }
}

/** A stopped projection answers no query: a reader could not see what is missing. */
export function assertNotStopped({ projection, poison }: ProjectionBuild): void {
  if (poison)
    throw new ProjectionStopped(projection, poison.position, poison.eventId, poison.reason);
}

/** Tables of another version can be read if they have the shape that this release queries. */
const covers = (
  build: ProjectionBuild | undefined,
  projection: Projection,
  position: Position,
): boolean =>
  build !== undefined &&
  build.filled &&
  build.shape === shapeOf(projection) &&
  build.checkpoint.position >= position;
