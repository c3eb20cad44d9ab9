import type { ImportEvent } from '../../../domain/import/import.js';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import type { ImportId } from '../../../domain/shared/ids.js';
import { importStream } from '../../../domain/shared/streams.js';
import { currentVersion } from '../../../event-log/catalogue/catalogue.js';
import { CommandConflict, WrongRevision } from '../../../event-log/errors.js';
import type { EventLog, NewEvent } from '../../../event-log/event-log.js';
import { newEventId, stepCommandId } from '../../../event-log/identity.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import { KeyReused } from '../../engine/commands/failures.js';

/**
 * The rows of an import, a chunk an append; between two of them orders have their turn. They count
 * for nothing yet. The same append again (the command is repeated after a crash) is recognised by
 * the log.
 */
export async function appendRows(
  log: EventLog,
  context: CommandContext,
  importId: ImportId,
  chunks: AsyncIterable<readonly RevenueRow[]>,
  appended: (rows: number) => void,
): Promise<void> {
  let index = 0;
  for await (const rows of chunks) {
    await append(log, importId, chunkEvent(context, importId, index, rows));
    appended(rows.length);
    index += 1;
    await new Promise(setImmediate);
  }
}

/** Under this id there are other rows: they cannot be those of this request. */
async function append(log: EventLog, importId: ImportId, event: NewEvent): Promise<void> {
  try {
    await log.append({
      stream: importStream(importId),
      expectedRevision: event.metadata.index - 1,
      events: [event],
    });
  } catch (error) {
    throw error instanceof WrongRevision || error instanceof CommandConflict
      ? new KeyReused()
      : error;
  }
}

function chunkEvent(
  { commandId: cause, actor, correlationId }: CommandContext,
  importId: ImportId,
  index: number,
  rows: readonly RevenueRow[],
): NewEvent {
  const stream = importStream(importId);
  const commandId = stepCommandId(cause, stream);
  const type: ImportEvent['type'] = 'ImportChunkAdded';
  const version = currentVersion(type);
  const data = { index, rows };
  const id = newEventId({ commandId, index, stream, type, version, data });
  return {
    id,
    type,
    version,
    data,
    metadata: { actor, causationId: cause, commandId, correlationId, index },
  };
}
