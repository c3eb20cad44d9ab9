import { hash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { frozenDraft, type NamedDocument } from '../../../domain/billing/account/issue-document.js';
import {
  type DocumentPdf,
  type DocumentPdfEvent,
  evolveDocumentPdf,
  noDocumentPdf,
  recordPdf,
} from '../../../domain/billing/documents/document-pdf.js';
import type { FrozenDocument } from '../../../domain/billing/documents/frozen-document.js';
import { accept } from '../../../domain/shared/result.js';
import { documentStream } from '../../../domain/shared/streams.js';
import { randomCommandId } from '../../../event-log/identity.js';
import type { ListedDocument } from '../../../read-models/billing-rows.js';
import { ReadModels } from '../../../read-models/read-models.js';
import { Decisions } from '../../engine/commands/decisions.js';
import type { Fold } from '../../engine/states/fold.js';
import { Records } from '../../records/records.js';
import { digestOf } from '../documents/document-series.js';
import { renderDocumentPdf } from './document-pdf.js';

/** The folder of rendered documents, in the data directory. A class, so that it can be injected. */
export class DocumentFolder {
  constructor(readonly path: string) {}
}

/** The PDF of an issued document cannot be the one that was rendered before. */
export class DocumentPdfDiffers extends Error {
  override readonly name = 'DocumentPdfDiffers';
}

/** Any other failure, for example of permissions, is not a lost file. */
function absentIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/**
 * PDFs of issued documents. The first one that is rendered is kept in a file, and its SHA-256 is an
 * event. A lost or damaged file is rendered again and must have the same bytes.
 */
@Injectable()
export class KeptPdfs {
  constructor(
    private readonly readModels: ReadModels,
    private readonly records: Records,
    private readonly decisions: Decisions,
    private readonly folder: DocumentFolder,
  ) {}

  /** Throws DocumentPdfDiffers. */
  async of(document: ListedDocument, correlationId: string): Promise<Buffer> {
    const { documentId } = document;
    const file = join(this.folder.path, `${documentId}.pdf`);
    const { rendered } = (await this.records.present(documentPdfFold(documentId))).state;
    const kept = rendered && (await readFile(file).catch(absentIfMissing));
    if (kept && hash('sha256', kept) === rendered.sha256) return kept;

    const pdf = await renderDocumentPdf(await this.frozen(document));
    const outcome = await this.decisions.commit(
      { commandId: randomCommandId(), actor: 'process:documents', correlationId },
      documentPdfFold(documentId),
      ({ state }) => {
        const recorded = recordPdf(
          documentId,
          { sha256: hash('sha256', pdf), bytes: pdf.length },
          state,
        );
        return recorded.ok ? accept({ events: recorded.value }) : recorded;
      },
    );
    if (outcome.kind === 'refused')
      throw new DocumentPdfDiffers(
        `the PDF of document ${documentId} was rendered again with other bytes than before; restore ${file} from a backup`,
      );
    await this.keep(file, pdf);
    return pdf;
  }

  /** The document as it was issued, with the dates and numbers of those that it corrects. */
  private async frozen(document: ListedDocument): Promise<FrozenDocument> {
    const { documentId, number, issuedOn, digest } = document;
    if (number === undefined || issuedOn === undefined)
      throw new Error(`document ${documentId} is not issued`);
    const corrected = await Promise.all(
      (document.corrects ?? []).map((id) => this.readModels.findDocument(id)),
    );
    const documents = corrected.filter(
      (one): one is ListedDocument & NamedDocument => one?.number !== undefined,
    );
    const frozen = frozenDraft({ documents }, document, { number, issuedOn });
    if (digestOf(frozen) !== digest)
      throw new DocumentPdfDiffers(
        `document ${documentId} differs from the digest of its issue; run sekisho verify`,
      );
    return frozen;
  }

  /** A reader sees the whole file or none. */
  private async keep(file: string, pdf: Buffer): Promise<void> {
    await mkdir(this.folder.path, { recursive: true, mode: 0o700 });
    const written = `${file}.${randomUUID()}`;
    try {
      await writeFile(written, pdf, { mode: 0o600, flag: 'wx', flush: true });
      await rename(written, file);
    } catch (error) {
      await rm(written, { force: true });
      throw error;
    }
  }
}

const documentPdfFold = (documentId: string): Fold<DocumentPdf, DocumentPdfEvent> => ({
  stream: documentStream(documentId),
  initial: noDocumentPdf,
  evolve: evolveDocumentPdf,
});
