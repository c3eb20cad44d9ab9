import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ImportEvent } from '../../../domain/import/import.js';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import type { CommandId, ImportId, PartnerId } from '../../../domain/shared/ids.js';
import { importStream } from '../../../domain/shared/streams.js';
import { EventLog } from '../../../event-log/event-log.js';
import { revenueImportIdOf } from '../../../event-log/identity.js';
import { ReadModels } from '../../../read-models/read-models.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import type { Outcome } from '../../engine/commands/decision.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { decided } from '../../engine/commands/decision.js';
import {
  KeyReused,
  OutsideScope,
  PreconditionFailed,
  RequestInFlight,
} from '../../engine/commands/failures.js';
import { partnerFold, programFold } from '../../records/folds.js';
import { revisionFold } from '../../engine/states/fold.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { Clock } from '../../engine/time/clock.js';
import {
  type ImportedOutcome,
  type ImportRefusal,
  ImportRevenue,
  type RevenueFile,
} from './import-revenue.command.js';
import { appendRows } from './row-appender.js';
import { uploadFailure } from '../../uploads/failures.js';
import { type ImportSlot, ImportSlots } from '../../uploads/import-slots.js';
import type { ReadRevenueFile } from './revenue-file-reader.js';
import { readRevenueFileAside } from './revenue-file-thread.js';
import { SpoolFolder } from '../../uploads/unlinked-file.js';
import { RevenueSpool } from './revenue-spool.js';
import { RowRepeats } from './row-repeats.js';

type ImportCompletedData = Extract<ImportEvent, { type: 'ImportCompleted' }>['data'];

const PARTNERS_AT_A_TIME = 16;

@CommandHandler(ImportRevenue)
export class ImportRevenueHandler implements ICommandHandler<ImportRevenue> {
  private readonly turns = new ImportSlots();
  private readonly underWay = new Set<CommandId>();

  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly log: EventLog,
    private readonly clock: Clock,
    private readonly folder: SpoolFolder,
    private readonly readModels: ReadModels,
  ) {}

  async execute(command: ImportRevenue): Promise<ImportedOutcome> {
    const { commandId } = command.context;
    if (this.underWay.has(commandId)) throw new RequestInFlight(commandId);
    this.underWay.add(commandId);
    try {
      return await this.turns.run(command.file.signal, (turn) => this.readAndAppend(command, turn));
    } catch (error) {
      throw uploadFailure(error, command.file.signal);
    } finally {
      this.underWay.delete(commandId);
    }
  }

  /**
   * Judges and spools every row before the first append. A crash while appending leaves an import
   * that no event refers to.
   */
  private async readAndAppend(command: ImportRevenue, turn: ImportSlot): Promise<ImportedOutcome> {
    const spool = await RevenueSpool.open(this.folder.path);
    try {
      const read = await this.read(command, spool, turn);
      return await this.decide(command, read, spool, turn);
    } finally {
      await spool.close();
    }
  }

  /** Uses the present partners and exchange rates; the rates are read once for the whole file. */
  private async read(
    { file, context: { scope } }: ImportRevenue,
    spool: RevenueSpool,
    turn: ImportSlot,
  ): Promise<ReadRevenueFile> {
    await this.log.catchUp();
    const { exchangeRates } = (await this.states.load(programFold)).state;
    const { latestDate: latestToday } = this.clock.judgementTime();
    const facts = { exchangeRates, latestToday, scope };
    const registered = (partnerIds: readonly PartnerId[]): Promise<readonly PartnerId[]> =>
      this.registeredOf(partnerIds);
    return readRevenueFileAside(
      turn.over(file.bytes),
      { form: file.form, facts, descriptor: spool.descriptor },
      registered,
    );
  }

  /** Checks in the order of the API's answers: the scope, the key, the precondition, the rows. */
  private async decide(
    { context: asked, file, fingerprintOf }: ImportRevenue,
    read: ReadRevenueFile,
    spool: RevenueSpool,
    turn: ImportSlot,
  ): Promise<ImportedOutcome> {
    if (read.isOutsideScope) throw new OutsideScope();
    const { ifMatch, ifNoneMatch: _, ...unconditional } = asked;
    const context = fingerprintOf
      ? { ...unconditional, fingerprint: fingerprintOf(read.bytesDigest) }
      : unconditional;
    const before = context.fingerprint && (await this.decisions.recorded<ImportEvent>(context));
    if (before) return imported(before);
    // A new import has no revision, so If-Match never holds.
    if (ifMatch !== undefined) throw new PreconditionFailed(-1);
    const { accepted, rejected, rejectedCount } = read;
    if (rejectedCount > 0)
      return this.refused({ code: 'revenue-import-rejected', accepted, rejected, rejectedCount });
    return this.append(context, file, read, (repeats) =>
      turn.over(repeats.among(spool.chunks(read.chunkLengths))),
    );
  }

  private async append(
    context: CommandContext,
    { signal, appended }: RevenueFile,
    { accepted: rows, digest, chunkLengths }: ReadRevenueFile,
    chunksOf: (repeats: RowRepeats) => AsyncIterable<readonly RevenueRow[]>,
  ): Promise<ImportedOutcome> {
    const importId = revenueImportIdOf(context.commandId, digest);
    let count = 0;
    const repeats = new RowRepeats(this.readModels, await this.log.head(), signal);
    await appendRows(this.log, context, importId, chunksOf(repeats), (more) => {
      signal.throwIfAborted();
      appended?.((count += more), rows);
    });
    const completed = {
      kind: 'revenue',
      chunks: chunkLengths.length,
      rows,
      digest,
      ...repeats.found,
    } as const;
    return imported(await this.complete(context, importId, completed));
  }

  /** Appends the one event that makes the rows count. */
  private complete(
    context: CommandContext,
    importId: ImportId,
    data: ImportCompletedData,
  ): Promise<Outcome<never, ImportEvent>> {
    return this.decisions.commit(
      context,
      revisionFold<ImportEvent>(importStream(importId)),
      ({ revision }) => {
        if (revision !== data.chunks - 1) throw new KeyReused();
        return decided<ImportEvent>([{ type: 'ImportCompleted', data }]);
      },
      // The scope was checked for the partner of every row when the file was read. A row's partner
      // cannot change.
      () => true,
    );
  }

  private async registeredOf(partnerIds: readonly PartnerId[]): Promise<readonly PartnerId[]> {
    const registered: PartnerId[] = [];
    for (const [index, partnerId] of partnerIds.entries()) {
      // A file may name a new partner in every row, so other work gets the event loop in between.
      if (index % PARTNERS_AT_A_TIME === 0) await new Promise(setImmediate);
      const { state } = await this.states.load(partnerFold(partnerId));
      if (state.registration) registered.push(partnerId);
    }
    return registered;
  }

  private async refused(refusal: ImportRefusal): Promise<ImportedOutcome> {
    return { outcome: { kind: 'refused', refusal, position: await this.log.head() } };
  }
}

/** The report of an import, from its event. A repeat of the request gets the same report. */
function imported(outcome: Outcome<never, ImportEvent>): ImportedOutcome {
  if (outcome.kind !== 'committed') throw new Error(`an import had the outcome ${outcome.kind}`);
  const completed = outcome.events[0];
  if (completed?.type !== 'ImportCompleted') throw new KeyReused();
  const { rows, repeats, repeatedCount } = completed.data;
  const compared = repeats && repeatedCount !== undefined ? { repeats, repeatedCount } : {};
  return {
    outcome,
    importId: completed.stream.replace(/^import-/, '') as ImportId,
    rows,
    ...compared,
  };
}
