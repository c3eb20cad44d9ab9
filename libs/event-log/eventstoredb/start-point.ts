import { setTimeout as delay } from 'node:timers/promises';
import type { KnownLog, StartPoint } from './known-log.js';
import type { AllPosition, IndexedEvent, LogIndex } from './log-index.js';
import type { Timeouts } from './timeouts.js';
import type { SeenEvent } from './seen-event.js';
import type { ServerReading } from './server-reading.js';
import type { StreamNames } from './stream-names.js';

export interface StartPointParts {
  readonly index: LogIndex;
  readonly server: Pick<ServerReading, 'eventAt' | 'seenAgain'>;
  readonly names: StreamNames;
  readonly known: Pick<KnownLog, 'head' | 'lastEventId'>;
  readonly patience: Pick<Timeouts, 'missingMs' | 'readMs'>;
}

const LOOK_AGAIN_MS = 200;

/**
 * Where counting begins: after the index's last row, or after what is known already where that is
 * earlier, if the server has that row's event and those of a sample of the rows before it in their
 * places. An index that does not agree is of another log, or of one that was restored: it is
 * cleared, with all else that was derived from that log, and the log counted from its beginning.
 */
export async function startPoint(parts: StartPointParts, origin: AllPosition): Promise<StartPoint> {
  const { index, server, names, known } = parts;
  const last = await index.last();
  const row =
    last && known.head >= 0 && last.position > known.head ? await index.at(known.head) : last;
  const agrees =
    row !== undefined && (row.position !== known.head || row.eventId === known.lastEventId);
  if (row && agrees && (await isOfLog(parts, row)) && (await isSampleOfLog(parts, row))) {
    const recorded = await server.eventAt(names.onServer(row.stream), row.revision);
    return { row, origin, recordedAt: recordedAtOf(recorded?.metadata) };
  }
  if (last) await index.clear();
  return { row: undefined, origin };
}

/**
 * Rows nearer and nearer to the beginning: a part that belongs to another log is found wherever it
 * is longer than its distance to the end.
 */
async function isSampleOfLog(parts: StartPointParts, { position }: IndexedEvent): Promise<boolean> {
  const sampled: Promise<boolean>[] = [];
  for (let back = 1; back <= position; back *= 2) sampled.push(isRowOfLog(parts, position - back));
  return (await Promise.all(sampled)).every((agrees) => agrees);
}

async function isRowOfLog(parts: StartPointParts, position: number): Promise<boolean> {
  const row = await parts.index.at(position);
  return row !== undefined && isOfLog(parts, row);
}

/**
 * A node that has led may miss what came last for a moment: only what is missing for long is not
 * there. Throws LogUnavailable.
 */
async function isOfLog(
  { server, names, patience }: StartPointParts,
  row: IndexedEvent,
): Promise<boolean> {
  const seen: SeenEvent = {
    stream: names.onServer(row.stream),
    revision: row.revision,
    id: row.eventId,
    at: row,
  };
  for (const sinceMs = performance.now(); ; await delay(LOOK_AGAIN_MS)) {
    const forMs = performance.now() - sinceMs;
    try {
      const again = await server.seenAgain(seen);
      if (again !== 'missing') return again === 'same';
      if (forMs >= patience.missingMs) return false;
    } catch (error) {
      if (forMs >= patience.readMs) throw error;
    }
  }
}

const recordedAtOf = (metadata: unknown): string =>
  String((metadata as { readonly recordedAt?: unknown } | undefined)?.recordedAt);
