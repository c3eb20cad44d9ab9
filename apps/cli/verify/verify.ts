import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import {
  openReferenceStore,
  openStores,
} from '../../../libs/read-models/composition/open-stores.js';
import { projections } from '../../../libs/read-models/projections/registry.js';
import {
  eventsToFold,
  type Verified,
  verifyProjections,
} from '../../../libs/read-models/verification/verify-projections.js';
import { configured } from '../running/command-configuration.js';
import { CouldNotRun, exitCodes, type ExitCode, WrongUsage } from '../running/exit.js';
import { withLog } from '../running/log-session.js';
import type { Terminal } from '../running/terminal.js';
import { verifyDocuments } from './verify-documents.js';
import { nothingToVerify, unverifiedText, verifiedLines } from './verify-text.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface VerifyOptions extends GlobalOptions {
  readonly projections?: true;
  readonly documents?: true;
  readonly json?: true;
}

/** Verifies documents, and the read models by folding the log again. */
export async function verify(terminal: Terminal, options: VerifyOptions): Promise<ExitCode> {
  if (!options.projections && !options.documents)
    throw new WrongUsage(terminal.text(nothingToVerify));
  return withLog(terminal, options, async ({ log }) => {
    const documents = options.documents
      ? await verifyDocuments(terminal, log, options.json === true)
      : exitCodes.fine;
    if (!options.projections) return documents;
    const { readModels, dataDir } = configured(options);
    const live = await openStores(
      readModels.kind === 'postgres' ? readModels : { kind: 'sqlite', dataDir },
      () => undefined,
    );
    const folder = await mkdtemp(join(tmpdir(), 'sekisho-verify-'));
    try {
      const rows = report(terminal, options, await verified(terminal, log, live.store, folder));
      return documents === exitCodes.fine ? rows : documents;
    } finally {
      await live.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

type Store = Awaited<ReturnType<typeof openStores>>['store'];

async function verified(
  terminal: Terminal,
  log: EventLog,
  live: Store,
  folder: string,
): Promise<readonly Verified[]> {
  const reference = openReferenceStore(join(folder, 'reference.db'));
  const folding = terminal.progress(
    { en: 'Folding', ja: '畳み込み中' },
    eventsToFold(await live.builds()),
  );
  const comparing = terminal.progress({ en: 'Comparing rows', ja: '行を比較中' });
  const found: Verified[] = [];
  try {
    const verification = {
      log,
      live,
      reference,
      projections,
      folded: (events: number) => folding.advance(events),
      compared: (rows: number) => comparing.advance(rows),
    };
    for await (const one of verifyProjections(verification)) found.push(one);
  } finally {
    folding.done();
    comparing.done();
    await reference.close();
  }
  const places = projections.map(({ name }) => name);
  return found.sort((a, b) => places.indexOf(a.projection) - places.indexOf(b.projection));
}

function report(terminal: Terminal, { json }: VerifyOptions, all: readonly Verified[]): ExitCode {
  if (json)
    terminal.json({
      projections: all.map(({ position, ...one }) => ({ ...one, position: String(position) })),
    });
  else for (const line of verifiedLines(all, terminal)) terminal.result(line);
  if (all.some(({ finding }) => finding !== undefined)) return exitCodes.finding;
  if (all.some(({ unverified }) => unverified !== undefined))
    throw new CouldNotRun(unverifiedText(all, terminal));
  return exitCodes.fine;
}
