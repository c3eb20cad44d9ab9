import { describe, expect, it } from '@jest/globals';
import { postgresBuilder, sqliteBuilder } from './builders.js';
import { boundValues, columnValues, statement } from './statement.js';

interface Tables {
  readonly keys: { readonly subject: string; readonly generation: number; readonly marked: number };
}

describe('statement', () => {
  const mark = statement<{ readonly subject: string; readonly generation: number }>((parameter) =>
    sqliteBuilder<Tables>()
      .updateTable('keys')
      .set({ marked: 1 })
      .where('generation', '=', parameter.generation)
      .where('subject', '=', parameter.subject),
  );

  it('binds values by their names, in the order of the SQL, and keeps constant values', () => {
    expect(mark.sql).toBe(
      'update "keys" set "marked" = ? where "generation" = ? and "subject" = ?',
    );
    expect(boundValues(mark, { subject: 'partner:p-1', generation: 2 })).toEqual([
      1,
      2,
      'partner:p-1',
    ]);
  });

  it('can be passed to another thread', () => {
    expect(boundValues(structuredClone(mark), { subject: 's', generation: 3 })).toEqual([
      1,
      3,
      's',
    ]);
  });

  it('inserts a value for each column, into the table of a schema', () => {
    const insert = statement<Tables['keys']>((parameter) =>
      postgresBuilder<Tables>('sekisho')
        .insertInto('keys')
        .values(columnValues(parameter, ['subject', 'generation', 'marked'])),
    );
    expect(insert.sql).toBe(
      'insert into "sekisho"."keys" ("subject", "generation", "marked") values ($1, $2, $3)',
    );
    expect(boundValues(insert, { generation: 1, marked: 0, subject: 's' })).toEqual(['s', 1, 0]);
  });
});
