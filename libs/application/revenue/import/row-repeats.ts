import type { RepeatedRow, Repeats } from '../../../domain/import/import.js';
import { sameStatement } from '../../../domain/qualification/revenue.decide.js';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import type { RevenueId } from '../../../domain/shared/ids.js';
import type { Position } from '../../../event-log/event-log.js';
import { ReadModelBehind } from '../../../read-models/errors.js';
import type { ReadModels } from '../../../read-models/read-models.js';
import type { FoundRevenue } from '../../../read-models/revenue.js';
import type { RepeatInFile } from './repeated-references.js';
import type { SpooledChunk } from './revenue-spool.js';

const REPEATS_LISTED_AT_MOST = 1_000;

/**
 * Finds the rows of an import that repeat an entry of the log, up to a position, or an earlier row
 * of the file. Entries that are recorded between that position and the end of the import are not
 * found; the log's order decides which of the two counts.
 */
export class RowRepeats {
  private readonly listed: RepeatedRow[] = [];
  private count = 0;

  constructor(
    private readonly readModels: ReadModels,
    private readonly position: Position,
    private readonly signal: AbortSignal,
  ) {}

  /** Returns the rows of each chunk after it has been checked for repeats. */
  async *among(chunks: AsyncIterable<SpooledChunk>): AsyncGenerator<readonly RevenueRow[]> {
    for await (const { rows, repeats } of chunks) {
      await this.look(rows, repeats);
      yield rows;
    }
  }

  /** Checks rows for repeats. `inFile` are those that repeat an earlier row of the file. */
  private async look(rows: readonly RevenueRow[], inFile: readonly RepeatInFile[]): Promise<void> {
    const found = await this.find([...new Set(rows.map(({ revenueId }) => revenueId))]);
    const inLog = new Map(
      found
        .filter(({ knownFrom }) => knownFrom <= this.position)
        .map(({ entry }) => [entry.revenueId, entry]),
    );
    if (inLog.size === 0 && inFile.length === 0) return;
    const before = new Map(inFile.map((repeat) => [repeat.row, repeat]));
    for (const row of rows) {
      const entry = inLog.get(row.revenueId);
      const repeat = entry
        ? ({ row: row.row, of: 'log', same: sameStatement(row, entry) } as const)
        : before.get(row.row);
      if (repeat) this.add(repeat);
    }
  }

  get found(): Repeats {
    return { repeats: this.listed, repeatedCount: this.count };
  }

  /**
   * Waits until the index of entries has reached the position, as long as the index advances: after
   * a large import that takes some time.
   */
  private async find(revenueIds: readonly RevenueId[]): Promise<readonly FoundRevenue[]> {
    for (let reached = -2; ;) {
      this.signal.throwIfAborted();
      try {
        return await this.readModels.findRevenues(revenueIds, this.position);
      } catch (error) {
        if (!(error instanceof ReadModelBehind) || error.reached <= reached) throw error;
        reached = error.reached;
      }
    }
  }

  private add(repeat: RepeatedRow): void {
    this.count += 1;
    if (this.listed.length < REPEATS_LISTED_AT_MOST) this.listed.push(repeat);
  }
}
