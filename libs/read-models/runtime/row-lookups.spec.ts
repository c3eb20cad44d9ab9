import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Recorded } from '../../domain/shared/event.js';
import type { LoggedEvent } from '../../event-log/event-log.js';
import {
  type RowUpdate,
  type RowLookup,
  lookUp,
  lookUpAll,
  projection,
  type Row,
  type ProjectionStep,
  table,
} from '../projection.js';
import { rowsOf, runOf } from '../testing/fold-in-memory.js';
import { logged, type Told } from '../testing/sample-log.js';
import type { EventCatalogue } from './fold-batch.js';
import { foldBatch } from './fold-batch.js';

interface Account {
  readonly money: number;
}
const accounts = table<Account>('accounts', { columns: {}, indexes: [] });
/** The account to which an account transfers everything. */
const heirs = table<{ readonly to: string }>('heirs', { columns: {}, indexes: [] });

type Happened = Recorded<
  'Opened' | 'Paid' | 'Closed' | 'Named' | 'PassedOn' | 'Merged',
  { of: string; to: string; money: number }
>;
const paid = (of: string, money: number): RowUpdate =>
  accounts.change(of, (row) => ({ money: (row?.money ?? 0) + money }));

const passOn = (of: string, from: Account): RowLookup =>
  lookUp({ heir: heirs.at(of) }, ({ heir }) =>
    heir ? [accounts.change(of, () => undefined), paid(heir.to, from.money)] : [],
  );

const ledger = projection<Happened>('ledger', 1, {
  streams: ['ledger'],
  tables: [accounts, heirs],
  on: {
    Opened: ({ data: { of, money } }) => accounts.put(of, { money }),
    Closed: ({ data: { of } }) => accounts.change(of, () => undefined),
    Named: ({ data: { of, to } }) => heirs.put(of, { to }),
    // The payer must exist; the payee is not looked up.
    Paid: ({ data: { of, to, money } }) =>
      lookUp({ account: accounts.at(of) }, ({ account }): ProjectionStep => {
        if (!account) throw new Error(`there is no account ${of}`);
        return of === to ? [] : [paid(of, -money), paid(to, money)];
      }),
    PassedOn: ({ data: { of } }) =>
      lookUp({ account: accounts.at(of) }, ({ account }) => (account ? passOn(of, account) : [])),
    Merged: ({ data: { of, to } }) =>
      lookUpAll([accounts.at(of), accounts.at(to)], ([one, other]) =>
        accounts.put(`${of}+${to}`, { money: (one?.money ?? 0) + (other?.money ?? 0) }),
      ),
  },
});
const everything: EventCatalogue = { current: (event) => event, assertKnown: () => undefined };

const told = (type: Happened['type'], of: string, to = of, money = 1): Told => ({
  stream: 'ledger-1',
  type,
  data: { of, to, money },
});
const fold = (
  events: readonly LoggedEvent[],
  stored: Record<string, Record<string, Row>> = {},
  loads: string[] = [],
) =>
  foldBatch(ledger, runOf(ledger), events, everything, async (name, keys) => {
    loads.push(...keys.map((key) => `${name}/${key}`));
    return new Map(
      keys.flatMap((key) => (stored[name]?.[key] ? [[key, stored[name][key]] as const] : [])),
    );
  });
const after = async (...args: Parameters<typeof fold>) =>
  Object.fromEntries(
    (await fold(...args)).rows.map((row) => [`${row.table}/${row.key}`, row.after]),
  );

describe('a step with a lookup', () => {
  it('reads rows as stored', async () => {
    expect(
      await after(logged([told('Paid', 'a', 'b', 3)]), { accounts: { a: { money: 5 } } }),
    ).toEqual({
      'accounts/a': { money: 2 },
      'accounts/b': { money: 3 },
    });
  });

  it('reads rows as earlier events of the batch left them: changed, new or deleted', async () => {
    expect(
      await after(
        logged([told('Opened', 'a', 'a', 5), told('Paid', 'a', 'b', 3), told('Merged', 'a', 'b')]),
      ),
    ).toMatchObject({
      'accounts/a+b': { money: 5 },
    });
    const { poison, checkpoint, rows } = await fold(
      logged([told('Opened', 'a'), told('Closed', 'a'), told('Paid', 'a', 'b')]),
    );
    expect({ poison, checkpoint: checkpoint.position }).toMatchObject({
      poison: { position: 2, reason: 'there is no account a' },
      checkpoint: 1,
    });
    expect(rows.map((row) => row.after)).toEqual([undefined]);
  });

  it('may look up further rows that the first ones name', async () => {
    const stored = { accounts: { a: { money: 5 }, b: { money: 1 } }, heirs: { a: { to: 'b' } } };
    expect(await after(logged([told('PassedOn', 'a')]), stored)).toEqual({
      'accounts/a': undefined,
      'accounts/b': { money: 6 },
    });
    expect(
      await after(logged([told('Named', 'a', 'c'), told('PassedOn', 'a')]), stored),
    ).toMatchObject({ 'accounts/c': { money: 5 } });
  });

  it('loads the rows of a batch together, and each row once', async () => {
    const loads: string[] = [];
    const events = logged([told('Paid', 'a', 'c'), told('Paid', 'b', 'c'), told('Paid', 'c', 'a')]);
    await fold(events, { accounts: { a: { money: 5 }, b: { money: 5 } } }, loads);
    expect(loads).toEqual(['accounts/a', 'accounts/b', 'accounts/c']);
  });

  it('reads a row that was put without loading it, and gives the store the old row', async () => {
    const stored = { accounts: { a: { money: 5 }, b: { money: 2 } }, heirs: { b: { to: 'a' } } };
    const { rows } = await fold(
      logged([told('Opened', 'a', 'a', 9), told('PassedOn', 'b')]),
      stored,
    );
    expect(rows).toContainEqual({
      table: 'accounts',
      key: 'a',
      before: { money: 5 },
      after: { money: 11 },
      fresh: true,
    });
  });

  it('applies no change of an event if one of them fails', async () => {
    const broken = projection<Happened>('broken', 1, {
      streams: ['ledger'],
      tables: [accounts],
      on: {
        Paid: ({ data: { of, to } }) =>
          lookUp({ account: accounts.at(of) }, () => [
            paid(of, 1),
            accounts.change(to, () => {
              throw new Error('no such account');
            }),
          ]),
      },
    });
    const events = logged([told('Paid', 'a', 'b')]);
    const { rows, poison } = await foldBatch(
      broken,
      runOf(broken),
      events,
      everything,
      async () => new Map(),
    );
    expect({ rows, reason: poison?.reason }).toEqual({ rows: [], reason: 'no such account' });
  });

  it('is not poison if the store fails', async () => {
    const away = async () => Promise.reject(new Error('away'));
    await expect(
      foldBatch(ledger, runOf(ledger), logged([told('Paid', 'a')]), everything, away),
    ).rejects.toThrow('away');
    let loads = 0;
    const goesAway = async () => ((loads += 1) > 1 ? away() : new Map([['a', { money: 1 }]]));
    await expect(
      foldBatch(ledger, runOf(ledger), logged([told('Paid', 'a', 'b')]), everything, goesAway),
    ).rejects.toThrow('away');
  });

  it('gives the same rows for any batches', async () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const happened = fc
      .tuple(
        fc.constantFrom<Happened['type'][]>('Opened', 'Closed', 'Named', 'PassedOn', 'Merged'),
        name,
        name,
        fc.nat(9),
      )
      .map(([type, of, to, money]) => told(type, of, to, money));
    await fc.assert(
      fc.asyncProperty(
        fc.array(happened, { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, size) => {
          const events = logged(all);
          const batches = Array.from({ length: Math.ceil(events.length / size) }, (_, index) =>
            events.slice(index * size, (index + 1) * size),
          );
          expect(await rowsOf(ledger, events, batches, everything)).toEqual(
            await rowsOf(ledger, events, [events], everything),
          );
        },
      ),
    );
  });
});
