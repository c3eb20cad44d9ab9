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
 * Which rows of an import repeat an entry of the log, up to a position, or an earlier row of the
 * file. What is recorded between that position and the end of the import is not listed; which of
 * the two counts is decided by the log's order.
 */
export class RowRepeats {
  private readonly listed: RepeatedRow[] = [];
  private count = 0;

  constructor(
    private readonly readModels: ReadModels,
    private readonly position: Position,
    private readonly signal: AbortSignal,
  ) {}

  /** The rows of the chunks as they are, each chunk when it has been looked through. */
  async *among(chunks: AsyncIterable<SpooledChunk>): AsyncGenerator<readonly RevenueRow[]> {
    for await (const { rows, repeats } of chunks) {
      await this.look(rows, repeats);
      yield rows;
    }
  }

  /** Rows in the file's order, and those of them that repeat an earlier row. */
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
   * Waits until the index of entries covers the position, while it comes nearer: after a large
   * import that takes a while.
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
