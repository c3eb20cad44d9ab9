import { afterEach, describe, expect, it } from '@jest/globals';
import { billedCharges } from '../../libs/domain/billing/account/payer-account.js';
import {
  BillingWorld,
  charge,
  chargesRecorded,
  closeWorlds,
  customerRegistered,
  ENTITY,
  entityRegistered,
  payerOf,
  profileRegistered,
  ratesPublished,
} from './billing-world.js';
import type { Guards } from './decision-world.js';
import { Crash, ProcessLog } from './process-log.js';

const parties = (...numbers: readonly number[]) =>
  numbers.flatMap((number) => [customerRegistered(number), profileRegistered(number)]);
const issuer = [...entityRegistered(), ratesPublished];

const movedTo = (timeZone: string) => {
  const {
    entityId: _e,
    partnerId: _p,
    ...details
  } = entityRegistered()[1]!.data as Record<string, unknown>;
  return {
    stream: 'billingentity-kansai-cloud',
    type: 'BillingEntityChanged',
    data: { ...details, timeZone },
  };
};

afterEach(closeWorlds);

describe.each<Guards>(['none', 'atomic'])('billing runs on a log with guards: %s', (guards) => {
  it('issue one invoice a payer and currency, with numbers without a gap', async () => {
    const world = await BillingWorld.open(
      guards,
      ...issuer,
      ...parties(1, 2),
      chargesRecorded(1, [charge(), charge({ amount: '250', taxCategory: 'reduced' })]),
      chargesRecorded(1, [charge({ amount: '9.90' })], { currency: 'EUR' }),
      chargesRecorded(2, [charge({ date: '2026-11-01' })]),
    );
    expect(await world.run()).toMatchObject({
      state: 'completed',
      progress: { payerCount: 2, done: 2 },
      invoices: 2,
      creditNotes: 0,
      totals: [
        { amount: '10.89', currency: 'EUR' },
        { amount: '1370', currency: 'JPY' },
      ],
      blocked: [],
    });
    expect(await world.check([1, 2])).toEqual({ documents: 2 });
    const [yen] = (await world.account(1)).ledgers;
    // In Tokyo it is the next day already.
    expect(yen?.documents).toMatchObject([
      {
        number: `${ENTITY}-000001`,
        issuedOn: '2026-11-03',
        dueOn: '2026-12-03',
        taxes: [
          { rate: '0.10', net: '1000', tax: '100' },
          { rate: '0.08', net: '250', tax: '20' },
        ],
        recipient: { name: 'Customer 1' },
      },
    ]);
    await world.close();
  });

  it('leave nothing to a repeat, and bill what came late', async () => {
    const world = await BillingWorld.open(
      guards,
      ...issuer,
      ...parties(1),
      chargesRecorded(1, [charge()]),
    );
    await world.run();
    expect(await world.run({}, 'again')).toMatchObject({ state: 'completed', invoices: 0 });
    await world.append(chargesRecorded(1, [charge({ date: '2026-10-31' })]));
    expect(await world.run({}, 'late')).toMatchObject({ invoices: 1 });
    expect(await world.check([1])).toEqual({ documents: 2 });
    await world.close();
  });

  it('never date a number before the previous one', async () => {
    const world = await BillingWorld.open(guards, ...issuer, ...parties(1));
    await world.append(chargesRecorded(1, [charge()]));
    await world.run();
    await world.append(movedTo('America/Los_Angeles'), chargesRecorded(1, [charge()]));
    await world.run({}, 'second');
    const [ledger] = (await world.account(1)).ledgers;
    expect(ledger!.documents.map(({ issuedOn }) => issuedOn)).toEqual(['2026-11-03', '2026-11-03']);
    await world.close();
  });

  it.each([
    ['billing-profile-missing', [customerRegistered(1)], {}],
    ['tax-rate-missing', parties(1), { taxCategory: 'luxury' }],
    ['tax-rate-missing', parties(1), { from: '2019-09-30' }],
    [
      'tax-treatment-missing',
      [
        customerRegistered(1),
        profileRegistered(1, { address: { lines: ['1'], country: 'US' } }),
      ],
      {},
    ],
  ])('block a payer in all currencies (%s), bill the others, and bill it later', async (code, given, data) => {
    const world = await BillingWorld.open(
      guards,
      ...issuer,
      ...given,
      ...parties(2),
      chargesRecorded(1, [charge(data)]),
      chargesRecorded(1, [charge({ taxCategory: 'standard' })], { currency: 'EUR' }),
      chargesRecorded(2, [charge()]),
    );
    const run = await world.run();
    expect(run).toMatchObject({
      invoices: 1,
      blocked: [{ entityId: ENTITY, payer: payerOf(1), code }],
    });
    expect(run.blocked).toHaveLength(1);
    await world.append(
      { ...profileRegistered(1), type: 'BillingProfileChanged', data: { address: { lines: ['1'], country: 'JP' }, taxTreatment: { treatment: 'exempt', reason: 'public body' } } },
    );
    expect(await world.run({}, 'later')).toMatchObject({ invoices: 2, blocked: [] });
    expect(await world.check([1, 2])).toEqual({ documents: 3 });
    await world.close();
  }); // prettier-ignore

  it('put the lines of a rate below zero on a credit note that lowers the invoice of the charge', async () => {
    const source = { subscriptionId: 'dddddddd-0000-4000-8000-00000000000a' } as never;
    const world = await BillingWorld.open(
      guards,
      ...issuer,
      ...parties(1),
      chargesRecorded(1, [charge({ source })]),
    );
    await world.run();
    await world.append(
      chargesRecorded(1, [
        charge({ source, half: 'credit', type: 'cancelImmediate', amount: '-400', from: '2026-10-10', date: '2026-10-10' }),
        charge({ taxCategory: 'reduced', amount: '100' }),
      ]),
    ); // prettier-ignore
    expect(await world.run({}, 'second')).toMatchObject({
      invoices: 1,
      creditNotes: 1,
      totals: [{ amount: '-332', currency: 'JPY' }],
    });
    const [ledger] = (await world.account(1)).ledgers;
    expect(ledger!.receivables.invoices).toMatchObject([
      { total: '1100', credited: '440' },
      { total: '108', credited: '0' },
    ]);
    expect(ledger!.documents.at(-1)).toMatchObject({
      kind: 'credit-note',
      number: `${ENTITY}-CN-000001`,
      corrects: [ledger!.documents[0]!.documentId],
    });
    await world.check([1]);
    await world.close();
  });

  it('bill the payers and entities that they name, each charge once in any order of subsets', async () => {
    const other = { entityId: 'osaka-billing', partnerId: 'osaka-cloud' };
    const world = await BillingWorld.open(
      guards,
      ...issuer,
      ...entityRegistered(other.entityId, other.partnerId),
      ...parties(1, 2),
      ...[1, 2].flatMap((number) => [
        chargesRecorded(number, [charge()]),
        chargesRecorded(number, [charge()], other),
      ]),
    );
    const entityIds = [other.entityId as never];
    expect(await world.run({ entityIds, payers: [payerOf(2)] }, 'a')).toMatchObject({
      progress: { payerCount: 1, done: 1 },
      invoices: 1,
    });
    expect(await world.run({ entityIds }, 'b')).toMatchObject({ invoices: 1 });
    expect(await world.run({}, 'c')).toMatchObject({ invoices: 2 });
    expect(await world.check([1, 2])).toEqual({ documents: 4 });
    await world.close();
  });

  it.each(['before', 'after'] as const)(
    'are completed by another process when one dies %s any of its calls',
    async (moment) => {
      for (let call = 1, crashed = true; crashed; call += 1) {
        const world = await BillingWorld.open(
          guards,
          ...issuer,
          ...parties(1, 2),
          chargesRecorded(1, [charge(), charge()]),
          chargesRecorded(2, [charge()]),
        );
        const started = await world.started();
        const dying = await ProcessLog.open(world.log);
        let calls = 0;
        dying.barrier = (one) => {
          if (one.moment === moment && one.name !== 'head' && ++calls === call) dying.die();
        };
        crashed = await world
          .process(dying)
          .take(started)
          .then(
            () => false,
            (error: unknown) => {
              if (!(error instanceof Crash)) throw error;
              return true;
            },
          );
        await world.process().take(started);
        expect(await world.runOf(started)).toMatchObject({ state: 'completed', invoices: 2 });
        expect(await world.check([1, 2])).toEqual({ documents: 2 });
        await world.close();
        expect(call).toBeLessThan(60);
      }
    },
    60_000,
  );

  it('bill each charge once when two runs interleave at any call', async () => {
    for (let call = 1, interfered = true; interfered; call += 1) {
      const world = await BillingWorld.open(
        guards,
        ...issuer,
        ...parties(1, 2),
        chargesRecorded(1, [charge()]),
        chargesRecorded(2, [charge()]),
      );
      const [first, second] = [await world.started({}, 'one'), await world.started({}, 'two')];
      const log = await ProcessLog.open(world.log);
      let calls = 0;
      interfered = false;
      log.barrier = async (one) => {
        if (one.moment !== 'before' || one.name === 'head' || ++calls !== call) return;
        interfered = true;
        await world.process().take(second);
      };
      await world.process(log).take(first);
      await world.process().take(second);
      expect(await world.check([1, 2])).toEqual({ documents: 2 });
      const runs = [await world.runOf(first), await world.runOf(second)];
      expect(runs.map(({ state }) => state)).toEqual(['completed', 'completed']);
      expect(runs[0]!.invoices + runs[1]!.invoices).toBe(2);
      await world.close();
      expect(call).toBeLessThan(60);
    }
  }, 60_000);

  it('complete a draft that is too long for one append, wherever its process died', async () => {
    const many = Array.from({ length: 2_400 }, () => charge({ description: 'x'.repeat(400) }));
    for (const last of [1, 2, 3]) {
      const world = await BillingWorld.open(
        guards,
        ...issuer,
        ...parties(1),
        ...Array.from({ length: 12 }, (_, part) =>
          chargesRecorded(1, many.slice(part * 200, part * 200 + 200)),
        ),
      );
      const started = await world.started();
      const dying = await ProcessLog.open(world.log);
      let appends = 0;
      dying.barrier = ({ name, moment }) => {
        if (name === 'append' && moment === 'after' && ++appends === last) dying.die();
      };
      await expect(world.process(dying).take(started)).rejects.toBeInstanceOf(Crash);
      await world.append(chargesRecorded(1, [charge()]));
      await world.run({}, 'another');
      await world.process().take(started);
      const [ledger] = (await world.account(1)).ledgers;
      expect(billedCharges(ledger!)).toHaveLength(2_401);
      expect(ledger!.documents[0]).toMatchObject({ lineCount: 2_400, net: '2400000' });
      await world.check([1]);
      await world.close();
    }
  }, 60_000);
});
