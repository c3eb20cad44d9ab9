import { sql } from 'kysely';
import type { Position } from '../../event-log/event-log.js';
import type { NamesRow } from '../rows.js';
import type { QueryOf } from '../store.js';

export const namesOfStreams =
  (streams: readonly string[]): QueryOf =>
  (tables, { builder }) =>
    streams.length === 0
      ? undefined
      : builder
          .selectFrom(
            sql.table<{ readonly key: string; readonly row: string }>(tables('names')).as('n'),
          )
          .select(['n.key', 'n.row'])
          .where('n.key', 'in', streams)
          .compile();

/** The last name up to a position; undefined if there was none yet. */
export const nameAtPosition = ({ versions }: NamesRow, knownAt: Position): string | undefined =>
  versions.findLast(({ position }) => position <= knownAt)?.name;
