import type { KnownLog, StartPoint } from './known-log.js';
import type { AllPosition, IndexedEvent, LogIndex } from './log-index.js';
import type { ServerReading } from './server-reading.js';
import type { StreamNames } from './stream-names.js';

/**
 * Where counting begins: behind the index's last row, if the server has its event in its place, or behind what is known already where
 * that is earlier. An index that does not agree is of another log: it is cleared, and the log counted from its beginning.
 */
export async function startPoint(
  index: LogIndex,
  server: ServerReading,
  names: StreamNames,
  known: KnownLog,
  origin: AllPosition,
): Promise<StartPoint> {
  const last = await index.last();
  const row = last && known.head >= 0 && last.position > known.head ? await index.at(known.head) : last;
  if (!row) {
    if (last) await index.clear();
    return { row: undefined, origin };
  }
  const agrees = row.position !== known.head || row.eventId === known.lastEventId;
  const recorded = agrees ? await server.eventAt(names.onServer(row.stream), row.revision) : undefined;
  if (recorded && isSame(row, recorded)) return { row, origin, recordedAt: recordedAtOf(recorded.metadata) };
  await index.clear();
  return { row: undefined, origin };
}

const isSame = (
  row: IndexedEvent,
  { id, position }: { readonly id: string; readonly position?: { commit: bigint; prepare: bigint } },
): boolean => id === row.eventId && position?.commit === row.commit && position.prepare === row.prepare;

const recordedAtOf = (metadata: unknown): string => String((metadata as { readonly recordedAt?: unknown } | undefined)?.recordedAt);
