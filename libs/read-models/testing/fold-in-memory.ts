import type { LoggedEvent } from '../../event-log/event-log.js';
import { type Projection, type Row, shapeOf } from '../projection.js';
import { type EventCatalogue, eventsOfThisRelease } from '../runtime/fold-batch.js';
import { foldBatch } from '../runtime/fold-batch.js';
import type { ProjectionBuild } from '../store.js';

export const runOf = (projection: Projection): ProjectionBuild => ({
  id: 1,
  projection: projection.name,
  version: projection.version,
  shape: shapeOf(projection),
  role: 'live',
  checkpoint: { position: -1 },
  filled: true,
});

/**
 * Folds events in these batches: the rows by table and key, as the text that a store would have.
 */
export async function rowsOf(
  projection: Projection,
  events: readonly LoggedEvent[],
  batches: readonly (readonly LoggedEvent[])[] = [events],
  catalogue: EventCatalogue = eventsOfThisRelease,
) {
  const tables = new Map<string, Map<string, string>>(
    projection.tables.map(({ name }) => [name, new Map()]),
  );
  for (const batch of batches) {
    const folded = await foldBatch(
      projection,
      runOf(projection),
      batch,
      catalogue,
      async (table, keys) => {
        const found = keys.flatMap((key) => {
          const text = tables.get(table)?.get(key);
          return text === undefined ? [] : [[key, JSON.parse(text) as Row] as const];
        });
        return new Map(found);
      },
    );
    if (folded.poison) throw new Error(folded.poison.reason);
    for (const { table, key, after } of folded.rows) {
      if (after === undefined) tables.get(table)?.delete(key);
      else tables.get(table)?.set(key, JSON.stringify(after));
    }
  }
  return Object.fromEntries(
    [...tables].map(([table, rows]) => [table, Object.fromEntries([...rows].sort())]),
  );
}

/** The only row of a table. */
export async function rowOf(
  projection: Projection,
  table: string,
  events: readonly LoggedEvent[],
): Promise<Record<string, unknown> | undefined> {
  const [text] = Object.values((await rowsOf(projection, events))[table] ?? {});
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
}
