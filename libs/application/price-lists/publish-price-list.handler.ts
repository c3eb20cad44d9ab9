import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PriceList, PriceListEvent } from '../../domain/catalog/price-list.js';
import { contentOf, digestOfContents } from '../../domain/catalog/price-list-rows.js';
import type { ImportEvent } from '../../domain/import/import.js';
import type { Proposed } from '../../domain/shared/event.js';
import type { ImportId, StreamName } from '../../domain/shared/ids.js';
import { importStream } from '../../domain/shared/streams.js';
import { currentVersion } from '../../event-log/catalogue/catalogue.js';
import { CommandConflict, WrongRevision } from '../../event-log/errors.js';
import { EventLog, type NewEvent } from '../../event-log/event-log.js';
import { importIdOf, newEventId, stepCommandId } from '../../event-log/identity.js';
import type { CommandContext, Outcome } from '../engine/commands/command-context.js';
import { decided, Decisions } from '../engine/commands/decisions.js';
import { KeyReused } from '../engine/commands/failures.js';
import { PriceRows } from '../gate/price-rows.js';
import { priceListFold, programFold } from '../records/folds.js';
import { StateCache } from '../engine/states/state-cache.js';
import {
  type PriceListOutcome,
  type PriceListRefusal,
  PublishPriceList,
} from './price-list.command.js';
import { type ReadPriceList, sha256 } from './read-price-list.js';
import { readPriceListAside } from './read-price-list-aside.js';

/** Up to three chunks of at most 256 KiB stay under the log's 900 KiB an append. */
const CHUNKS_PER_APPEND = 3;
/** Rows that are compared before orders have their turn. */
const ROWS_AT_A_TIME = 1_000;

@CommandHandler(PublishPriceList)
export class PublishPriceListHandler implements ICommandHandler<PublishPriceList> {
  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly priceRows: PriceRows,
    private readonly log: EventLog,
  ) {}

  async execute({ context, market, month, csv }: PublishPriceList): Promise<PriceListOutcome> {
    const before = context.fingerprint && (await this.decisions.recorded(context));
    if (before) return published(before);
    const program = (await this.states.load(programFold)).state;
    if (!program.markets.has(market)) {
      return this.refused({
        code: 'market-unknown',
        market,
        marketCodes: [...program.markets.keys()].toSorted(),
      });
    }

    const read = await readPriceListAside(csv, market);
    const { accepted, rejected, rejectedCount, skipped, columnsNotRead } = read;
    if (rejectedCount > 0) {
      await this.decisions.requirePreconditions(context, priceListFold(market, month));
      return this.refused({
        code: 'price-list-rejected',
        accepted,
        rejected,
        rejectedCount,
        skipped,
        columnsNotRead,
      });
    }
    const outcome = await this.publish(context, market, month, read);
    return outcome.kind === 'committed'
      ? published(outcome)
      : { outcome, report: { accepted, skipped, columnsNotRead } };
  }

  /**
   * The rows first, then the one event that makes them a price list: what a crash leaves behind is
   * an import that nobody reads.
   */
  private async publish(
    context: CommandContext,
    market: string,
    month: string,
    read: ReadPriceList,
  ): Promise<Outcome<PriceListRefusal>> {
    const importId = importIdOf(context.commandId);
    const { accepted: rows, digest, skipped, columnsNotRead } = read;
    const outcome = await this.decisions.commit<PriceList, PriceListEvent, never>(
      context,
      priceListFold(market, month),
      async ({ state }) => {
        if (await this.hasSameContent(state, read)) return decided<PriceListEvent>([]);
        const data = { market, month, importId, rows, digest, skipped, columnsNotRead };
        const first = (): Promise<void> => this.importRows(context, importId, read);
        return { ok: true, value: { events: [{ type: 'PriceListPublished', data }], first } };
      },
    );
    if (outcome.kind === 'committed') await this.priceRows.of(importId);
    return outcome;
  }

  /**
   * A list that was published when digests followed the order of the rows is compared by its rows.
   */
  private async hasSameContent({ published }: PriceList, read: ReadPriceList): Promise<boolean> {
    if (!published || published.rows !== read.accepted) return false;
    if (published.isDigestUnordered) return published.digest === read.digest;
    const contents: string[] = [];
    for (const rows of (await this.priceRows.of(published.importId)).values()) {
      contents.push(...rows.map(contentOf));
      if (contents.length % ROWS_AT_A_TIME < rows.length) await new Promise(setImmediate);
    }
    return digestOfContents(contents, sha256) === read.digest;
  }

  /**
   * Three chunks an append, made when their turn comes. The same appends again (a retry of the
   * command) are recognised by the log.
   */
  private async importRows(
    context: CommandContext,
    importId: ImportId,
    { chunks, accepted, digest }: ReadPriceList,
  ): Promise<void> {
    const stream = importStream(importId);
    const proposed: readonly Proposed<ImportEvent>[] = [
      ...chunks.map(
        (rows, index) => ({ type: 'ImportChunkAdded', data: { index, rows } }) as const,
      ),
      {
        type: 'ImportCompleted',
        data: { kind: 'price-list', chunks: chunks.length, rows: accepted, digest },
      },
    ];
    for (let from = 0; from < proposed.length; from += CHUNKS_PER_APPEND) {
      const events = proposed
        .slice(from, from + CHUNKS_PER_APPEND)
        .map((event, offset) => importEvent(context, stream, event, from + offset));
      await this.append(stream, from - 1, events);
    }
  }

  /**
   * Under this command's id there are other rows: an earlier run with the key, for another list,
   * was cut off.
   */
  private async append(
    stream: StreamName,
    expectedRevision: number,
    events: readonly NewEvent[],
  ): Promise<void> {
    try {
      await this.log.append({ stream, expectedRevision, events });
    } catch (error) {
      throw error instanceof WrongRevision || error instanceof CommandConflict
        ? new KeyReused()
        : error;
    }
  }

  private async refused(refusal: PriceListRefusal): Promise<PriceListOutcome> {
    return { outcome: { kind: 'refused', refusal, position: await this.log.head() } };
  }
}

/** What the publication's event says of it, now or when the key was used first. */
function published(outcome: Extract<Outcome<never>, { kind: 'committed' }>): PriceListOutcome {
  // the command's one event on its own stream
  const data = outcome.events[0]?.data as PriceListEvent['data'];
  return {
    outcome,
    report: {
      accepted: data.rows,
      skipped: data.skipped ?? 0,
      columnsNotRead: data.columnsNotRead ?? [],
    },
  };
}

function importEvent(
  { commandId: cause, actor, correlationId }: CommandContext,
  stream: ReturnType<typeof importStream>,
  { type, data }: Proposed<ImportEvent>,
  index: number,
): NewEvent {
  const commandId = stepCommandId(cause, stream);
  const version = currentVersion(type);
  const id = newEventId({ commandId, index, stream, type, version, data });
  return {
    id,
    type,
    version,
    data,
    metadata: { actor, causationId: cause, commandId, correlationId, index },
  };
}
