import type { Position } from '../../../event-log/event-log.js';
import { lookUpAll, type ProjectionStep } from '../../projection.js';
import { type EntryRow, imports, LIVE, type Origin, type StatedRow } from './revenue-tables.js';
import { contestedBy, type Repeat } from './sum-class.js';

/**
 * The position at which an import was completed; undefined: it is not complete, or has no revenue.
 */
export type CompletedAt = (importId: Origin) => Position | undefined;

/** Every place in the log that may be the first to state the entry. */
export function statedIn(entry: EntryRow): readonly StatedRow[] {
  const { rivals = [], reversals: _, reviews: __, payments: ___, ...stated } = entry;
  return [stated, ...rivals];
}

export interface FirstStatement {
  readonly stated: StatedRow;
  readonly knownFrom: Position;
}

/**
 * The statement that counts, by the log's order; undefined while no import that states it is
 * complete.
 */
export function firstStatement(
  entry: EntryRow,
  completedAt: CompletedAt,
): FirstStatement | undefined {
  const known = statedIn(entry).flatMap((stated) => {
    const knownFrom = stated.origin === LIVE ? stated.position : completedAt(stated.origin);
    return knownFrom === undefined ? [] : [{ stated, knownFrom }];
  });
  return known.reduce<FirstStatement | undefined>(
    (least, one) => (least && least.knownFrom < one.knownFrom ? least : one),
    undefined,
  );
}

/** How the sums classify a row while no import that states it is complete. */
export const repeatAmong = (stated: StatedRow, all: readonly StatedRow[]): Repeat =>
  contestedBy(all.filter(({ origin }) => origin !== stated.origin));

/** Looks up which of the imports that state these entries are complete. */
export function lookAtImports(
  rows: readonly (EntryRow | undefined)[],
  then: (completedAt: CompletedAt) => ProjectionStep,
): ProjectionStep {
  const ids = new Set<Origin>();
  for (const row of rows)
    for (const origin of row ? originsOf(row) : []) if (origin !== LIVE) ids.add(origin);
  if (ids.size === 0) return then(() => undefined);
  const importIds = [...ids];
  return lookUpAll(
    importIds.map((id) => imports.at(id)),
    (found) => {
      const completed = new Map(importIds.map((id, index) => [id, found[index]?.completedAt]));
      return then((id) => completed.get(id));
    },
  );
}

const originsOf = ({ origin, rivals = [] }: EntryRow): readonly Origin[] =>
  rivals.length === 0 ? [origin] : [origin, ...rivals.map((rival) => rival.origin)];
