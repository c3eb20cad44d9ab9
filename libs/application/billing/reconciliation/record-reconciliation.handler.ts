import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { FileHandle } from 'node:fs/promises';
import {
  recordFile,
  type ReconciliationEvent,
} from '../../../domain/billing/reconciliation/reconciliation-file.js';
import type { ImportEvent } from '../../../domain/import/import.js';
import type { Proposed } from '../../../domain/shared/event.js';
import { type ImportId, type PartnerId, tenantId } from '../../../domain/shared/ids.js';
import { accept } from '../../../domain/shared/result.js';
import { importStream } from '../../../domain/shared/streams.js';
import { CommandConflict, WrongRevision } from '../../../event-log/errors.js';
import { EventLog } from '../../../event-log/event-log.js';
import { revenueImportIdOf, stepCommandId } from '../../../event-log/identity.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import { Decisions } from '../../engine/commands/decisions.js';
import { KeyReused, OutsideScope } from '../../engine/commands/failures.js';
import { newEvent } from '../../engine/commands/new-event.js';
import { StateCache } from '../../engine/states/state-cache.js';
import { customerFold, partnerFold } from '../../records/folds.js';
import { ofPartner } from '../../records/subjects.js';
import { DigestedBytes } from '../../uploads/digested-bytes.js';
import { uploadFailure } from '../../uploads/failures.js';
import { type ImportSlot, ImportSlots } from '../../uploads/import-slots.js';
import { openUnlinkedFile, SpoolFolder } from '../../uploads/unlinked-file.js';
import type { ReadFile } from './file-reader.js';
import { readReconciliationFileAside } from './file-thread.js';
import { reconciliationFold } from './reconciliation-fold.js';
import {
  type ReconciliationOutcome,
  type ReconciliationRefusal,
  RecordReconciliation,
} from './reconciliation.commands.js';
import { writtenChunks } from './row-chunks.js';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The files of an upload while it is read. */
interface UploadFiles {
  readonly upload: FileHandle;
  readonly expanded: FileHandle;
  readonly rows: FileHandle;
}

@CommandHandler(RecordReconciliation)
export class RecordReconciliationHandler implements ICommandHandler<RecordReconciliation> {
  private readonly slots = new ImportSlots();

  constructor(
    private readonly decisions: Decisions,
    private readonly states: StateCache,
    private readonly log: EventLog,
    private readonly folder: SpoolFolder,
  ) {}

  async execute(command: RecordReconciliation): Promise<ReconciliationOutcome> {
    const { signal } = command.file;
    try {
      return await this.slots.run(signal, (slot) => this.readAndRecord(command, slot));
    } catch (error) {
      throw uploadFailure(error, signal);
    }
  }

  private readAndRecord(
    command: RecordReconciliation,
    slot: ImportSlot,
  ): Promise<ReconciliationOutcome> {
    return this.withFiles(async (files) => {
      const digested = new DigestedBytes(slot.over(command.file.bytes));
      let uploadBytes = 0;
      for await (const piece of digested) {
        await files.upload.writeFile(piece);
        uploadBytes += piece.length;
      }
      return this.record(command, files, uploadBytes, await digested.digest());
    });
  }

  /** In the order of the API's answers: the key, the file, the partner, the scope. */
  private async record(
    { context: asked, invoiceNumber, file: { signal }, options }: RecordReconciliation,
    files: UploadFiles,
    uploadBytes: number,
    bytesDigest: string,
  ): Promise<ReconciliationOutcome> {
    const context: CommandContext = options.fingerprintOf
      ? { ...asked, fingerprint: options.fingerprintOf(bytesDigest) }
      : asked;
    const before =
      context.fingerprint && (await this.decisions.recorded<ReconciliationEvent>(context));
    if (before) return { outcome: before };

    const { upload, expanded, rows } = files;
    const read = await readReconciliationFileAside({
      upload: upload.fd,
      uploadBytes,
      expanded: expanded.fd,
      rows: rows.fd,
    });
    signal.throwIfAborted();
    const { summary, accepted, rejected, rejectedCount, invoiceNumbers } = read;
    if (!summary)
      return this.refused({ code: 'reconciliation-rejected', accepted, rejected, rejectedCount });
    const partnerIds = await this.partnersOf(options.partnerId, read);
    const { scope } = context;
    // A scoped key must not learn which other partner has a CSP tenant.
    if (scope && !(partnerIds.length > 0 && partnerIds.every((one) => scope.includes(one))))
      throw new OutsideScope();
    const [partnerId, ...others] = partnerIds;
    if (partnerId === undefined || others.length > 0) {
      const { partnerTenants } = read;
      return this.refused({ code: 'reconciliation-partner-unknown', partnerTenants, partnerIds });
    }

    const importId = revenueImportIdOf(context.commandId, summary.digest);
    const outcome = await this.decisions.commit<
      Parameters<typeof recordFile>[2],
      ReconciliationEvent,
      ReconciliationRefusal
    >(
      context,
      reconciliationFold(invoiceNumber),
      ({ state }) => {
        const events = recordFile(invoiceNumber, { partnerId, importId, ...summary }, state);
        const first = (): Promise<void> => this.importRows(context, importId, files.rows, read);
        return accept({ events, ...(events.length > 0 && { first }) });
      },
      async (target, scope) => {
        const { file } = target.state;
        return (
          (await ofPartner(partnerId)(target, scope)) &&
          (file === undefined || scope.includes(file.partnerId))
        );
      },
    );
    return { outcome, invoiceNumbers };
  }

  /** The named partner, if it is registered, or the partners whose CSP tenants the file names. */
  private async partnersOf(
    named: PartnerId | undefined,
    { partnerTenants }: ReadFile,
  ): Promise<readonly PartnerId[]> {
    await this.states.catchUp();
    if (named !== undefined) {
      const { state } = await this.states.load(partnerFold(named));
      return state.registration ? [named] : [];
    }
    const found = await Promise.all(
      partnerTenants
        .filter((text) => GUID.test(text))
        .map(async (tenant) => {
          const { state } = await this.states.load(customerFold(tenantId(tenant)));
          const open = state.registrations.filter(({ endedOn }) => endedOn === undefined);
          // A tenant that has left the program is still on its last invoices.
          return (open.length > 0 ? open : state.registrations.slice(-1)).map(
            (registration) => registration.partnerId,
          );
        }),
    );
    return [...new Set(found.flat())].sort();
  }

  /**
   * Appends the rows chunk by chunk, before the event that refers to them. The log recognises the
   * same appends in a retry.
   */
  private async importRows(
    context: CommandContext,
    importId: ImportId,
    rows: FileHandle,
    { chunkLengths, accepted, summary }: ReadFile,
  ): Promise<void> {
    let index = 0;
    for await (const chunk of writtenChunks(rows, chunkLengths)) {
      await this.append(context, importId, index, {
        type: 'ImportChunkAdded',
        data: { index, rows: chunk },
      });
      index += 1;
      await new Promise(setImmediate);
    }
    await this.append(context, importId, index, {
      type: 'ImportCompleted',
      data: {
        kind: 'reconciliation',
        chunks: index,
        rows: accepted,
        digest: summary?.digest ?? '',
      },
    });
  }

  /** A conflict: other rows were appended under this id, so they are of another request. */
  private async append(
    { commandId: causationId, actor, correlationId }: CommandContext,
    importId: ImportId,
    index: number,
    event: Proposed<ImportEvent>,
  ): Promise<void> {
    const stream = importStream(importId);
    const commandId = stepCommandId(causationId, stream);
    const command = { commandId, causationId, actor, correlationId };
    try {
      await this.log.append({
        stream,
        expectedRevision: index - 1,
        events: [newEvent(event, command, stream, index)],
      });
    } catch (error) {
      throw error instanceof WrongRevision || error instanceof CommandConflict
        ? new KeyReused()
        : error;
    }
  }

  private async withFiles<Value>(work: (files: UploadFiles) => Promise<Value>): Promise<Value> {
    const opened: FileHandle[] = [];
    const open = async (): Promise<FileHandle> => {
      const file = await openUnlinkedFile(this.folder.path);
      opened.push(file);
      return file;
    };
    try {
      return await work({ upload: await open(), expanded: await open(), rows: await open() });
    } finally {
      await Promise.all(opened.map((file) => file.close()));
    }
  }

  private async refused(refusal: ReconciliationRefusal): Promise<ReconciliationOutcome> {
    return { outcome: { kind: 'refused', refusal, position: await this.log.head() } };
  }
}
