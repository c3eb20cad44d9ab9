import { Injectable } from '@nestjs/common';
import type { UploadedList } from '../../domain/catalog/price-list-row.js';
import { contentOf, digestOfContents } from '../../domain/catalog/price-list-rows.js';
import type { Publication, PublishedImport } from '../../domain/catalog/published-import.js';
import type { ImportEvent } from '../../domain/import/import.js';
import type { Proposed, Recorded } from '../../domain/shared/event.js';
import { accept } from '../../domain/shared/result.js';
import type { ImportId, StreamName } from '../../domain/shared/ids.js';
import { importStream } from '../../domain/shared/streams.js';
import { CommandConflict, WrongRevision } from '../../event-log/errors.js';
import { EventLog, type NewEvent } from '../../event-log/event-log.js';
import { importIdOf, stepCommandId } from '../../event-log/identity.js';
import type { InScope } from '../engine/commands/scope-check.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Committed, Outcome } from '../engine/commands/decision.js';
import { Decisions } from '../engine/commands/decisions.js';
import { decided } from '../engine/commands/decision.js';
import { newEvent } from '../engine/commands/new-event.js';
import { KeyReused } from '../engine/commands/failures.js';
import type { Fold } from '../engine/states/fold.js';
import { PriceRows } from '../gate/price-rows.js';
import type { PriceListOutcome, PriceListRefusal } from './price-list.command.js';
import { type ReadPriceList, sha256 } from './price-list-reader.js';
import { readPriceListAside } from './price-list-thread.js';

/** The state of a list's stream: its latest revision. */
interface ListState {
  readonly published?: PublishedImport;
}

/** An upload of a list: where it is published, and by which event. */
export interface ListUpload<State extends ListState, E extends Recorded<string, Publication>> {
  readonly csv: Uint8Array;
  readonly fold: Fold<State, E>;
  /** The event of the publication. */
  readonly event: (publication: Publication) => Proposed<E>;
  /** Which scoped keys may publish; absent: none. */
  readonly inScope?: InScope<State>;
  /**
   * The form of the file, or the reason why it is refused unread. Not called for a repeated
   * request.
   */
  readonly listOrRefusal: () => Promise<
    { readonly list: UploadedList } | { readonly refusal: PriceListRefusal }
  >;
}

/** Three chunks of at most 256 KiB stay below the log's limit of 900 KiB an append. */
const CHUNKS_PER_APPEND = 3;
/** The number of rows to compare before other work gets the event loop. */
const ROWS_AT_A_TIME = 1_000;

/**
 * Publishes uploaded lists: price lists, selling prices and partner-owned offers. If one row is
 * rejected, nothing is published.
 */
@Injectable()
export class ListPublication {
  constructor(
    private readonly decisions: Decisions,
    private readonly priceRows: PriceRows,
    private readonly log: EventLog,
  ) {}

  async publish<State extends ListState, E extends Recorded<string, Publication>>(
    context: CommandContext,
    upload: ListUpload<State, E>,
  ): Promise<PriceListOutcome> {
    await this.decisions.admit(context, upload.fold, upload.inScope);
    const before = context.fingerprint && (await this.decisions.recorded<E>(context));
    if (before) return published(before);
    const asked = await upload.listOrRefusal();
    if ('refusal' in asked) return this.refused(asked.refusal);

    const read = await readPriceListAside(upload.csv, asked.list);
    const { accepted, rejected, rejectedCount, skipped, columnsNotRead } = read;
    if (rejectedCount > 0) {
      await this.decisions.requirePreconditions(context, upload.fold);
      return this.refused({
        code: 'price-list-rejected',
        accepted,
        rejected,
        rejectedCount,
        skipped,
        columnsNotRead,
      });
    }
    const outcome = await this.commit(context, upload, asked.list, read);
    return outcome.kind === 'committed'
      ? published(outcome)
      : { outcome, report: { accepted, skipped, columnsNotRead } };
  }

  /**
   * Appends the rows first, then the one event that publishes them. A crash in between leaves an
   * import that no event refers to.
   */
  private async commit<State extends ListState, E extends Recorded<string, Publication>>(
    context: CommandContext,
    { fold, event, inScope }: ListUpload<State, E>,
    { kind }: UploadedList,
    read: ReadPriceList,
  ): Promise<Outcome<never, E>> {
    const importId = importIdOf(context.commandId);
    const { accepted: rows, digest, skipped, columnsNotRead } = read;
    const outcome = await this.decisions.commit<State, E, never>(
      context,
      fold,
      async ({ state }) => {
        if (await this.hasSameContent(state, read)) return decided<E>([]);
        const first = (): Promise<void> => this.importRows(context, importId, kind, read);
        const publication = { importId, rows, digest, skipped, columnsNotRead };
        return accept({ events: [event(publication)], first });
      },
      inScope,
    );
    // The next order must not wait until the rows are read back.
    if (outcome.kind === 'committed' && kind !== 'selling-prices')
      await this.priceRows.of(importId);
    return outcome;
  }

  /**
   * Early releases computed digests that depend on the order of rows. A list of that time is
   * compared by its rows.
   */
  private async hasSameContent({ published }: ListState, read: ReadPriceList): Promise<boolean> {
    if (!published || published.rows !== read.accepted) return false;
    if (published.isDigestUnordered) return published.digest === read.digest;
    const contents: string[] = [];
    for (const rows of (await this.priceRows.of(published.importId)).values()) {
      contents.push(...rows.map(contentOf));
      if (contents.length % ROWS_AT_A_TIME < rows.length) await new Promise(setImmediate);
    }
    return digestOfContents(contents, sha256) === read.digest;
  }

  /** Appends up to three chunks at a time. On a retry the log recognises the same appends. */
  private async importRows(
    context: CommandContext,
    importId: ImportId,
    kind: UploadedList['kind'],
    { chunks, accepted, digest }: ReadPriceList,
  ): Promise<void> {
    const stream = importStream(importId);
    const { commandId: causationId, actor, correlationId } = context;
    const commandId = stepCommandId(causationId, stream);
    const command = { commandId, causationId, actor, correlationId };
    const proposed: readonly Proposed<ImportEvent>[] = [
      ...chunks.map(
        (rows, index) => ({ type: 'ImportChunkAdded', data: { index, rows } }) as const,
      ),
      {
        type: 'ImportCompleted',
        data: { kind, chunks: chunks.length, rows: accepted, digest },
      },
    ];
    for (let from = 0; from < proposed.length; from += CHUNKS_PER_APPEND) {
      const events = proposed
        .slice(from, from + CHUNKS_PER_APPEND)
        .map((event, offset) => newEvent(event, command, stream, from + offset));
      await this.append(stream, from - 1, events);
    }
  }

  /**
   * A conflict means that an interrupted earlier request with this key has appended the rows of
   * another list.
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

/** The report of a publication, from its event. A repeat of the request gets the same report. */
function published<E extends Recorded<string, Publication>>(
  outcome: Committed<E>,
): PriceListOutcome {
  const data = outcome.events[0]?.data;
  if (!data) throw new Error('a list was published without an event');
  return {
    outcome,
    report: {
      accepted: data.rows,
      skipped: data.skipped ?? 0,
      columnsNotRead: data.columnsNotRead ?? [],
    },
  };
}
