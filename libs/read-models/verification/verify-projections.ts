import type { LogReader, Position } from '../../event-log/event-log.js';
import { type Projection, shapeOf } from '../projection.js';
import { isOfLog } from '../runtime/read-batch.js';
import type { ReadModelStore, ProjectionBuild, Selected } from '../store.js';
import { type Difference, firstDifference, identityOf } from './first-difference.js';
import { ExpectedRows } from './expected-rows.js';
import { PAGE_ROWS, type StoredTable, storedTablesOf } from './stored-table.js';

/** The result for one projection. */
export interface Verified {
  readonly projection: string;
  /** The last position that was compared; a running service advances meanwhile. */
  readonly position: Position;
  readonly comparedRows: number;
  readonly finding?:
    | { readonly kind: 'difference'; readonly difference: Difference }
    /** It stopped at an event, so later events are missing. */
    | { readonly kind: 'stopped'; readonly position: Position; readonly reason: string }
    /** Its checkpoint's event is not in this log. */
    | { readonly kind: 'other-log' };
  /** Nothing could be compared: it has no rows yet, or rows of another version. */
  readonly unverified?: 'no-rows' | 'other-version';
}

export interface Verification {
  readonly log: LogReader;
  /** Only read: a service may continue to write to it. */
  readonly live: ReadModelStore;
  /** An empty store that only this verification uses. */
  readonly reference: ReadModelStore;
  readonly projections: readonly Projection[];
  readonly folded?: (events: number) => void;
  readonly compared?: (rows: number) => void;
}

/** The least number of events that must be folded, for a progress display. */
export const eventsToFold = (builds: readonly ProjectionBuild[]): number =>
  Math.max(0, ...builds.map(({ checkpoint }) => checkpoint.position + 1));

/**
 * Compares the rows of each projection with the log: the log is folded again into a second store,
 * and every page of rows is compared with the rows at exactly the checkpoint at which the page was
 * read. So the comparison is exact while a service continues to project, keeps no transaction open,
 * and needs memory for a page and disk for a second set of rows.
 */
export async function* verifyProjections(verification: Verification): AsyncGenerator<Verified> {
  const { log, live, projections, folded = () => undefined } = verification;
  const builds = (await live.builds()).filter(({ role }) => role === 'live');
  const known = projections.map((projection) => ({
    projection,
    build: builds.find((build) => build.projection === projection.name),
  }));
  const checked: { readonly projection: Projection; readonly build: ProjectionBuild }[] = [];
  for (const { projection, build } of known) {
    const refusal = build
      ? await refusalOf(log, projection, build)
      : { unverified: 'no-rows' as const };
    if (refusal)
      yield {
        projection: projection.name,
        position: build?.checkpoint.position ?? -1,
        comparedRows: 0,
        ...refusal,
      };
    else if (build) checked.push({ projection, build });
  }

  const reference = await ExpectedRows.in(
    verification.reference,
    log,
    checked.map(({ projection }) => projection),
    folded,
  );
  if (checked.length > 0)
    await reference.fillTo(Math.min(...checked.map(({ build }) => build.checkpoint.position)));
  for (const { projection } of checked)
    yield await new Comparing(verification, reference, projection).result();
}

/** Why there is nothing to compare. */
async function refusalOf(
  log: LogReader,
  projection: Projection,
  build: ProjectionBuild,
): Promise<Pick<Verified, 'finding' | 'unverified'> | undefined> {
  if (build.version !== projection.version || build.shape !== shapeOf(projection))
    return { unverified: 'other-version' };
  return (await isOfLog(log, build.checkpoint)) ? undefined : { finding: { kind: 'other-log' } };
}

class Comparing {
  private position: Position = -1;
  private comparedRows = 0;

  constructor(
    private readonly verification: Verification,
    private readonly reference: ExpectedRows,
    private readonly projection: Projection,
  ) {}

  async result(): Promise<Verified> {
    const found = await this.compare();
    return {
      projection: this.projection.name,
      position: this.position,
      comparedRows: this.comparedRows,
      ...found,
    };
  }

  private async compare(): Promise<Pick<Verified, 'finding' | 'unverified'>> {
    let poison: ProjectionBuild['poison'];
    for (const table of storedTablesOf(this.projection)) {
      for (let after: Parameters<StoredTable['page']>[0]; ;) {
        const page = await this.verification.live.select(this.projection.name, table.page(after));
        const { build } = page;
        // The projector of another release has replaced the tables meanwhile.
        if (build?.version !== this.projection.version) return { unverified: 'other-version' };
        poison = build.poison;
        const found = await this.comparePage(table, after, { ...page, build });
        if (found) return { finding: found };
        const last = page.rows.at(-1);
        if (page.rows.length < PAGE_ROWS || last === undefined) break;
        after = identityOf(last, table);
      }
    }
    return poison
      ? { finding: { kind: 'stopped', position: poison.position, reason: poison.reason } }
      : {};
  }

  private async comparePage(
    table: StoredTable,
    after: Parameters<StoredTable['page']>[0],
    { build, rows }: Selected & { readonly build: ProjectionBuild },
  ): Promise<Verified['finding']> {
    const { position } = build.checkpoint;
    const { poison } = await this.reference.advanceTo(this.projection.name, position);
    if (poison) return { kind: 'stopped', position: poison.position, reason: poison.reason };
    const expected = await this.reference.store.select(this.projection.name, table.page(after));
    const difference = firstDifference(table, rows, expected.rows);
    this.position = position;
    this.comparedRows += rows.length;
    this.verification.compared?.(rows.length);
    return difference && { kind: 'difference', difference };
  }
}
