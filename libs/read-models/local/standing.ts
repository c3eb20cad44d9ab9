import type { LogReader, Position } from '../../event-log/event-log.js';
import { PositionNotReached, ProjectionStopped, ReadModelBehind, ReadModelsUnavailable } from '../errors.js';
import { type Projection, shapeOf } from '../projection.js';
import { isOfLog } from '../runtime/read-batch.js';
import type { ReadModelStore, Run } from '../store.js';

export const DEADLINE_MS = 5_000;
/** Another process may be the one that projects: its commits ring no bell here. */
const LOOK_EVERY_MS = 20;

/** Waits until a projection's live rows may answer: whole, and at least as far as asked. */
export class Standing {
  private readonly waiting = new Set<() => void>();
  /** Runs whose checkpoint the log was seen to have. */
  private readonly ofThisLog = new Set<number>();
  private closed = false;

  constructor(
    private readonly log: LogReader,
    private readonly store: ReadModelStore,
    /** Called when somebody begins to wait. */
    private readonly hurry: () => void,
  ) {}

  get awaited(): boolean {
    return this.waiting.size > 0;
  }

  /** Rows have been committed. */
  advanced(): void {
    for (const look of this.waiting) look();
  }

  close(): void {
    this.closed = true;
    this.advanced();
  }

  async reach(projection: Projection, position: Position, deadlineMs = DEADLINE_MS): Promise<void> {
    let run = await this.live(projection);
    if (covers(run, projection, position)) return;
    const head = await this.log.head();
    if (position > head) throw new PositionNotReached(position, head);

    const until = Date.now() + deadlineMs;
    while (!covers(run, projection, position)) {
      if (this.closed) throw new ReadModelsUnavailable('the read models are closed');
      if (Date.now() >= until) throw new ReadModelBehind(projection.name, Math.max(position, 0), run?.checkpoint.position ?? -1);
      await this.nextLook(until);
      run = await this.live(projection);
    }
  }

  private async live({ name }: Projection): Promise<Run | undefined> {
    const run = (await this.store.runs()).find((one) => one.projection === name && one.role === 'live');
    if (!run || !(await this.isOfThisLog(run))) return undefined;
    assertMoving(run);
    return run;
  }

  /** Rows of another log (a restored backup, another directory's file) answer nothing: the lease holder is about to forget them. */
  private async isOfThisLog(run: Run): Promise<boolean> {
    if (!this.ofThisLog.has(run.id) && (await isOfLog(this.log, run.checkpoint))) this.ofThisLog.add(run.id);
    return this.ofThisLog.has(run.id);
  }

  private async nextLook(until: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(look, Math.max(1, Math.min(LOOK_EVERY_MS, until - Date.now())));
      this.waiting.add(look);
      this.hurry();
    });
  }
}

/** A stopped projection answers nothing: nobody would see what is missing. */
export function assertMoving({ projection, poison }: Run): void {
  if (poison) throw new ProjectionStopped(projection, poison.position, poison.eventId, poison.reason);
}

/** Tables of another version serve as long as they have the shape that this release asks for. */
const covers = (run: Run | undefined, projection: Projection, position: Position): boolean =>
  run !== undefined && run.filled && run.shape === shapeOf(projection) && run.checkpoint.position >= position;
