import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LoggedEvent, LogReader } from '../../../libs/event-log/event-log.js';
import { MigrationTarget } from '../../../libs/event-log/eventstoredb/migration.js';
import { urlFindings } from '../../../libs/event-log/eventstoredb/connection-string.js';
import { SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import {
  type Configuration,
  ConfigurationError,
  readConfiguration,
} from '../../../libs/platform/configuration.js';
import { CouldNotRun, exitCodes, type ExitCode } from '../running/exit.js';
import type { Bilingual } from '../running/language.js';
import type { Terminal } from '../running/terminal.js';
import { type Compared, compareLogs, copyEvents, LogsDiffer, writeClaims } from './copy-log.js';
import { moveKeys } from './move-keys.js';
import { markAsJudged } from './validation-checkpoint.js';
import { texts } from './texts.js';
import type { GlobalOptions } from '../running/command-configuration.js';

export interface MigrateOptions extends GlobalOptions {
  readonly from: 'sqlite';
  readonly to: 'eventstoredb';
}

/** If the source still grows after this many rounds, it is in use. */
const ROUNDS_AT_MOST = 5;

/**
 * Copies the log of one machine to a cluster: events, claims and keys. Both sides are compared
 * before a process can open the copy.
 */
export async function migrate(terminal: Terminal, options: MigrateOptions): Promise<ExitCode> {
  const configuration = targetOf(options);
  const { dataDir, eventLog } = configuration;
  const file = join(dataDir, 'log.db');
  if (!existsSync(file)) throw new CouldNotRun(terminal.text(texts.noLogIn(dataDir)));
  if (eventLog.kind !== 'eventstoredb') throw new Error(`the target is ${eventLog.kind}`);

  const source = await SqliteEventLog.openReader({ file });
  const target = MigrationTarget.open(eventLog);
  try {
    const logId = await logIdOf(source, terminal);
    const { state, data } = await target.state();
    if (state === 'completed' && (data as { readonly logId?: unknown }).logId === logId)
      return finished(terminal, texts.alreadyThere);
    await target.start({ logId });
    const compared = await copyUntilWhole(terminal, source, target);
    const keys = await moveKeys(configuration);
    await markAsJudged(configuration, await lastOf(source));
    await target.complete({ logId, ...compared });
    return finished(terminal, texts.done(terminal.number(compared.events), compared.sha256, keys));
  } finally {
    await target.close();
    await source.close();
  }
}

/**
 * The configuration of the environment, with EventStoreDB as the log. Throws ConfigurationError.
 */
function targetOf({ data }: MigrateOptions): Configuration {
  const configuration = readConfiguration({
    ...process.env,
    EVENT_LOG: 'eventstoredb',
    ...(data === undefined ? {} : { DATA_DIR: data }),
  });
  const findings =
    configuration.eventLog.kind === 'eventstoredb' ? urlFindings(configuration.eventLog.url) : [];
  if (findings.length > 0)
    throw new ConfigurationError(findings.map((finding) => `EVENTSTOREDB_URL: ${finding}.`));
  return configuration;
}

/**
 * Copies in rounds until both logs are equal. Usually one round is enough; more are needed if the
 * source is still in use.
 */
async function copyUntilWhole(
  terminal: Terminal,
  source: LogReader,
  target: MigrationTarget,
): Promise<Compared> {
  for (let round = 0; round < ROUNDS_AT_MOST; round += 1) {
    const found = await compared(terminal, texts.looking, source, target);
    const total = (await source.head()) + 1;
    await withProgress(terminal, texts.copying, total - found.events, (advanced) =>
      copyEvents(source, target, found.events - 1, advanced),
    );
    await withProgress(terminal, texts.claiming, total, (advanced) =>
      writeClaims(source, target, advanced),
    );
    const whole = await compared(terminal, texts.comparing, source, target);
    if (whole.events === (await source.head()) + 1) return whole;
  }
  throw new CouldNotRun(terminal.text(texts.neverWhole));
}

async function compared(
  terminal: Terminal,
  label: Bilingual,
  source: LogReader,
  target: MigrationTarget,
) {
  try {
    return await withProgress(terminal, label, (await source.head()) + 1, (advanced) =>
      compareLogs(source, target, advanced),
    );
  } catch (error) {
    if (error instanceof LogsDiffer) throw new CouldNotRun(terminal.text(texts.differs(error)));
    throw error;
  }
}

async function withProgress<Value>(
  terminal: Terminal,
  label: Bilingual,
  events: number,
  work: (advanced: (count: number) => void) => Promise<Value>,
): Promise<Value> {
  const progress = terminal.progress(label, events);
  try {
    return await work((count) => progress.advance(count));
  } finally {
    progress.done();
  }
}

/** The id of the log, from its first event. */
async function logIdOf(source: LogReader, terminal: Terminal): Promise<string> {
  const [first] = await eventsFrom(source, -1);
  const logId =
    // checked by the catalogue
    first?.type === 'LogCreated' ? (first.data as { readonly logId?: unknown }).logId : undefined;
  if (typeof logId !== 'string') throw new CouldNotRun(terminal.text(texts.noLog));
  return logId;
}

async function lastOf(source: LogReader): Promise<LoggedEvent | undefined> {
  return (await eventsFrom(source, (await source.head()) - 1)).at(-1);
}

async function eventsFrom(source: LogReader, after: number): Promise<readonly LoggedEvent[]> {
  for await (const { events } of source.readAll({ after, limit: 1 })) return events;
  return [];
}

function finished(terminal: Terminal, text: Bilingual): ExitCode {
  terminal.result(terminal.text(text));
  return exitCodes.fine;
}
