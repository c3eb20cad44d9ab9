import { sql } from 'kysely';
import { postgresBuilder } from '../sql/builders.js';
import { statement } from '../sql/statement.js';
import type { KeyName } from './key-store.js';

interface KeyTables {
  readonly generations: KeyName & {
    readonly marked: boolean;
    readonly destroyed: boolean;
    readonly ordered_by: string | null;
  };
  readonly keys: KeyName & { readonly key: Buffer };
}

type Generation = KeyTables['generations'];

/** The statements of the key store that read and write rows. Each is one transaction. */
export function keyStatements(schema: string) {
  const db = postgresBuilder<KeyTables>(schema);
  return {
    find: statement<KeyName>((parameter) =>
      db
        .selectFrom('keys')
        .select(['generation', 'key'])
        .where('subject', '=', parameter.subject)
        .where('generation', '=', parameter.generation),
    ),
    generations: statement<Pick<KeyName, 'subject'>>((parameter) =>
      db
        .selectFrom('generations')
        .select('generation')
        .where('subject', '=', parameter.subject)
        .where('destroyed', '=', false)
        .orderBy('generation'),
    ),
    hadGeneration: statement<KeyName>((parameter) =>
      db
        .selectFrom('generations')
        .select('generation')
        .where('subject', '=', parameter.subject)
        .where('generation', '=', parameter.generation),
    ),
    present: statement<Pick<KeyName, 'subject'>>((parameter) =>
      db
        .selectFrom('generations as g')
        .innerJoin('keys as k', (join) =>
          join.onRef('k.subject', '=', 'g.subject').onRef('k.generation', '=', 'g.generation'),
        )
        .select(['k.generation', 'k.key'])
        .where('g.subject', '=', parameter.subject)
        // Written so that the index of present generations is used.
        .where(sql<boolean>`NOT g.marked`),
    ),
    unfinished: statement(() =>
      db
        .selectFrom('generations')
        .select(['subject', 'generation', 'ordered_by'])
        .where(sql<boolean>`marked AND NOT destroyed`)
        .orderBy('subject')
        .orderBy('generation'),
    ),
    all: statement(() =>
      db
        .selectFrom('generations as g')
        .leftJoin('keys as k', (join) =>
          join.onRef('k.subject', '=', 'g.subject').onRef('k.generation', '=', 'g.generation'),
        )
        .select(['g.subject', 'g.generation', 'g.marked', 'g.destroyed', 'k.key'])
        .orderBy('g.subject')
        .orderBy('g.generation'),
    ),
    mark: statement<KeyName & Pick<Generation, 'ordered_by'>>((parameter) =>
      db
        .updateTable('generations')
        .set({
          marked: true,
          ordered_by: sql`coalesce(ordered_by, ${parameter.ordered_by})`,
        })
        .where('subject', '=', parameter.subject)
        .where('generation', '=', parameter.generation),
    ),
    settle: statement<KeyName>((parameter) =>
      db
        .updateTable('generations as g')
        .set({ destroyed: true })
        .where('g.subject', '=', parameter.subject)
        .where('g.generation', '=', parameter.generation)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('keys as k')
                .select('k.subject')
                .whereRef('k.subject', '=', 'g.subject')
                .whereRef('k.generation', '=', 'g.generation'),
            ),
          ),
        ),
    ),
    /** Inserts the next generation and its key. */
    make: statement<Omit<KeyTables['keys'], 'generation'>>((parameter) =>
      db
        .with('made', (query) =>
          query
            .insertInto('generations')
            .columns(['subject', 'generation'])
            .expression(({ selectFrom }) =>
              selectFrom('generations')
                .select(({ fn }) => [
                  sql<string>`${parameter.subject}::text`.as('subject'),
                  sql<number>`coalesce(${fn.max('generation')}, 0) + 1`.as('generation'),
                ])
                .where('subject', '=', parameter.subject),
            )
            .onConflict((conflict) => conflict.doNothing())
            .returning(['subject', 'generation']),
        )
        .insertInto('keys')
        .columns(['subject', 'generation', 'key'])
        .expression(({ selectFrom }) =>
          selectFrom('made').select([
            'subject',
            'generation',
            sql<Buffer>`${parameter.key}::bytea`.as('key'),
          ]),
        )
        .returning(['generation', 'key']),
    ),
    /** Inserts a generation, and its key if there is one; returns no row if it exists. */
    adopt: statement<Omit<Generation, 'ordered_by'> & { readonly key: Buffer | null }>(
      (parameter) =>
        db
          .with('adopted', (query) =>
            query
              .insertInto('generations')
              .values({
                subject: parameter.subject,
                generation: parameter.generation,
                marked: parameter.marked,
                destroyed: parameter.destroyed,
                ordered_by: null,
              })
              .onConflict((conflict) => conflict.doNothing())
              .returning(['subject', 'generation']),
          )
          .with('keyed', (query) =>
            query
              .insertInto('keys')
              .columns(['subject', 'generation', 'key'])
              .expression(({ selectFrom }) =>
                selectFrom('adopted')
                  .select(['subject', 'generation', sql<Buffer>`${parameter.key}::bytea`.as('key')])
                  .where(sql<boolean>`${parameter.key}::bytea IS NOT NULL`),
              ),
          )
          .selectFrom('adopted')
          .select('subject'),
    ),
    /** Deletes the key, and marks its generation; returns whether that was destroyed before. */
    withdraw: statement<KeyName>((parameter) =>
      db
        .with('withdrawn', (query) =>
          query
            .deleteFrom('keys')
            .where('subject', '=', parameter.subject)
            .where('generation', '=', parameter.generation)
            .returning('subject'),
        )
        .updateTable('generations')
        .set({
          marked: true,
          destroyed: sql<boolean>`destroyed AND NOT EXISTS (SELECT FROM withdrawn)`,
        })
        .where('subject', '=', parameter.subject)
        .where('generation', '=', parameter.generation)
        .returning('destroyed'),
    ),
  };
}
