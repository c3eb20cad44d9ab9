import type { ImportEvent } from '../../../domain/import/import.js';
import type { RevenueRow } from '../../../domain/qualification/revenue.js';
import type { Proposed } from '../../../domain/shared/event.js';
import type { ImportId } from '../../../domain/shared/ids.js';
import { importStream } from '../../../domain/shared/streams.js';
import { CommandConflict, WrongRevision } from '../../../event-log/errors.js';
import type { EventLog, NewEvent } from '../../../event-log/event-log.js';
import { stepCommandId } from '../../../event-log/identity.js';
import type { CommandContext } from '../../engine/commands/command-context.js';
import { newEvent } from '../../engine/commands/new-event.js';
import { KeyReused } from '../../engine/commands/failures.js';

/**
 * Appends the rows of an import, one chunk at a time. After each chunk other work gets the event
 * loop. The rows do not count yet. If the command is repeated, the log recognises the same appends.
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

/** A conflict means that another request has appended other rows under this id. */
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
  { commandId: causationId, actor, correlationId }: CommandContext,
  importId: ImportId,
  index: number,
  rows: readonly RevenueRow[],
): NewEvent {
  const stream = importStream(importId);
  const command = {
    commandId: stepCommandId(causationId, stream),
    causationId,
    actor,
    correlationId,
  };
  const chunk: Proposed<ImportEvent> = { type: 'ImportChunkAdded', data: { index, rows } };
  return newEvent(chunk, command, stream, index);
}
