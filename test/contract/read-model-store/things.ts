import { sql } from 'kysely';
import { eventId } from '../../../libs/domain/shared/ids.js';
import { projection, table } from '../../../libs/read-models/projection.js';
import type { QueryOf, RowChange } from '../../../libs/read-models/store.js';

export interface Thing {
  readonly id: string;
  readonly size: number;
  readonly colour?: string;
  readonly owners: readonly string[];
}
const things = table<Thing>('things', {
  columns: {
    size: { type: 'integer', of: ({ size }) => size },
    colour: { type: 'text', of: ({ colour }) => colour },
  },
  indexes: [['size']],
  links: {
    owners: { columns: { owner: 'text' }, of: ({ owners }) => owners.map((owner) => ({ owner })) },
  },
});
const notes = table<{ readonly position: number }>('notes', {
  columns: { position: { type: 'integer', of: ({ position }) => position } },
  sequence: 'position',
  indexes: [],
});
export const thingsProjection = projection('things', 1, {
  streams: ['thing'],
  tables: [things, notes],
  on: {},
});
export const otherProjection = projection('others', 1, {
  streams: ['thing'],
  tables: [notes],
  on: {},
});

export const thing = (id: string, size: number, ...owners: string[]): Thing => ({
  id,
  size,
  owners,
});
export const put = (after: Thing, before?: Thing): RowChange => ({
  table: 'things',
  key: after.id,
  before,
  after,
  fresh: false,
});
export const at = (position: number) => ({ position, eventId: eventId(`e${position}`) });

export const bySize: QueryOf = (tables, { builder }) =>
  builder
    .selectFrom(sql.table<{ row: string; size: number }>(tables('things')).as('t'))
    .select('t.row')
    .orderBy('t.size')
    .compile();
export const ownedBy =
  (owner: string): QueryOf =>
  (tables, { builder }) =>
    builder
      .selectFrom(sql.table<{ key: string; owner: string }>(tables('things', 'owners')).as('o'))
      .select('o.key')
      .where('o.owner', '=', owner)
      .orderBy('o.key')
      .compile();
