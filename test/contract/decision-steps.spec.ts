import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { EndCspTenant, RegisterPartner } from '../../libs/application/partners/partner.commands.js';
import { PublishPriceList } from '../../libs/application/price-lists/price-list.command.js';
import { ErasurePending } from '../../libs/platform/keys/key-store.js';
import { initialiseLog } from '../../libs/application/program/initialise-log.js';
import {
  type Application,
  context,
  sign,
  tenant,
} from '../../libs/application/testing/application.js';
import { customerFold } from '../../libs/application/records/folds.js';
import { smallReferenceData } from '../../libs/application/testing/small-reference-data.js';
import { partnerId, tenantId } from '../../libs/domain/shared/ids.js';
import { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import type { LoggedEvent } from '../../libs/event-log/event-log.js';
import { type Guards, targetStream, today, World } from './decision-world.js';
import { Crash } from './process-log.js';

const other = partnerId('reseller-2');
const tenants = [
  'aaaaaaaa-0000-4000-8000-000000000001',
  'aaaaaaaa-0000-4000-8000-000000000002',
].map(tenantId);
const register = (key: string) =>
  new RegisterPartner(
    context(key),
    other,
    { legalName: 'Kansai Cloud', country: 'JP', model: 'indirect-reseller' },
    tenants,
  );

const header =
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,' +
  'PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price';
const csv = (rows: number, price: number): Buffer =>
  Buffer.from(
    [
      header,
      ...Array.from(
        { length: rows },
        (_, row) =>
          `Suite,CFQ7TTC0LH18,${row + 1},Basic,Microsoft,,,P1M,Monthly,FR,EUR,${price},,,,,,`,
      ),
    ].join('\n'),
  );
/** An append has three chunks of rows, so this import takes several. */
const ROWS = 2_700;

interface Command {
  readonly prepare?: (app: Application) => Promise<unknown>;
  readonly give: (app: Application) => Promise<Outcome<{ readonly code: string }>>;
  /** Type and stream of the events that the command makes. */
  readonly makes: readonly (readonly [type: string, stream: string])[];
}

const commands: Readonly<Record<string, Command>> = {
  'registering a partner with two CSP tenants': {
    give: (app) => app.registerPartner.execute(register('register-1')),
    makes: [
      ['TenantCspAssociationRegistered', `customer-${tenants[0]!}`],
      ['TenantCspAssociationRegistered', `customer-${tenants[1]!}`],
      ['PartnerRegistered', 'partner-reseller-2'],
      ['PartnerCspTenantRegistered', 'partner-reseller-2'],
      ['PartnerCspTenantRegistered', 'partner-reseller-2'],
    ],
  },
  'ending a CSP tenant': {
    prepare: (app) => app.registerPartner.execute(register('register-1')),
    give: (app) =>
      app.endCspTenant.execute(
        new EndCspTenant(context('end-1'), other, tenants[0]!, { on: today, reason: 'sold' }),
      ),
    makes: [
      ['PartnerCspTenantEnded', 'partner-reseller-2'],
      ['TenantCspAssociationRegistrationEnded', `customer-${tenants[0]!}`],
    ],
  },
  'publishing a price list': {
    give: async (app) =>
      (
        await app.publishPriceList.execute(
          new PublishPriceList(context('publish-1'), 'FR', '2026-11', csv(ROWS, 10)),
        )
      ).outcome,
    makes: [
      ['ImportChunkAdded', 'import'],
      ['ImportChunkAdded', 'import'],
      ['ImportChunkAdded', 'import'],
      ['ImportCompleted', 'import'],
      ['PriceListPublished', 'pricelist-FR-2026-11'],
    ],
  },
  'erasing personal data': {
    prepare: (app) => sign(app, today),
    give: (app) => app.erasures.erase(context('erase-1'), `customer:${tenant}`),
    makes: [['PersonalDataErased', targetStream]],
  },
};

const typeAndStream = ({ type, stream }: LoggedEvent): readonly [string, string] => [
  type,
  stream.startsWith('import-') ? 'import' : stream,
];

/**
 * A client that repeats until it has an answer, each time after the 30 s for which a claim is left
 * alone.
 */
async function untilAnswered(
  world: World,
  give: () => Promise<Outcome<{ readonly code: string }>>,
): Promise<Outcome<{ readonly code: string }>> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    try {
      return await give();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'RequestInFlight') throw error;
      world.nowMs += 30_000;
    }
  }
  throw new Error('no answer in six attempts');
}

describe.each<Guards>(['none', 'atomic'])(
  'a command of several steps on a log with guards: %s',
  (guards) => {
    // Reading a price list is slow, and its steps are the same on both logs.
    it.each(
      Object.entries(commands).filter(
        ([what]) => guards === 'none' || what !== 'publishing a price list',
      ),
    )(
      '%s: completes with the same result when a second instance repeats it after a crash before any of its calls',
      async (_what, { prepare, give, makes }) => {
        for (let call = 1, crashed = true; crashed; call += 1) {
          const world = await World.open(guards);
          const [first, second] = [await world.process(), await world.process()];
          await prepare?.(second.app);
          const before = world.head;
          let calls = 0;
          first.log.barrier = ({ moment, name }) => {
            if (moment === 'before' && name !== 'readAll' && ++calls === call) first.log.die();
          };
          crashed = await give(first.app).then(
            () => false,
            (error: unknown) => error instanceof Crash,
          );
          const outcome = await untilAnswered(world, () => give(second.app));
          expect(outcome.kind).toBe('committed');
          const made = (await world.events()).filter(({ position }) => position > before);
          expect(made.map(typeAndStream)).toEqual(makes);
          expect(
            new Set(made.map(({ metadata: { commandId, index } }) => `${commandId} ${index}`)).size,
          ).toBe(made.length);
          await world.close();
          expect(call).toBeLessThan(40);
        }
      },
      60_000,
    );
  },
);

describe('on a log without guards', () => {
  it('keeps the key of an interrupted import for its own rows: other rows are another request', async () => {
    const world = await World.open('none');
    const [first, second] = [await world.process(), await world.process()];
    let appends = 0;
    first.log.barrier = ({ name, moment }) => {
      if (name === 'append' && moment === 'after' && ++appends === 1) first.log.die();
    };
    await expect(commands['publishing a price list']!.give(first.app)).rejects.toBeInstanceOf(
      Crash,
    );
    world.nowMs += 30_000;
    const changed = new PublishPriceList(context('publish-1'), 'FR', '2026-11', csv(ROWS, 11));
    await expect(second.app.publishPriceList.execute(changed)).rejects.toMatchObject({
      name: 'KeyReused',
    });
    expect(await commands['publishing a price list']!.give(second.app)).toMatchObject({
      kind: 'committed',
    });
    await world.close();
  });

  it('makes a registration that was reversed again when its command is repeated, and confirms it before the partner lists it', async () => {
    const world = await World.open('none');
    const [first, second] = [await world.process(), await world.process()];
    // Between the tenants and the partner, another command registers the partner under another
    // model: this command is refused.
    const details = { legalName: 'Kansai Cloud', country: 'JP' };
    let done = false;
    first.log.barrier = async ({ name, moment, append }) => {
      if (
        done ||
        name !== 'append' ||
        moment !== 'before' ||
        append?.events[0]?.type !== 'PartnerRegistered'
      )
        return;
      done = true;
      await second.app.registerPartner.execute(
        new RegisterPartner(context(), other, { ...details, model: 'direct-bill' }, []),
      );
    };
    const refused = await first.app.registerPartner.execute(register('register-1'));
    expect(refused).toMatchObject({ kind: 'refused', refusal: { code: 'model-change-is-dated' } });
    const { state } = await associated(second.app);
    expect(state.registrations.every(({ endedOn }) => endedOn !== undefined)).toBe(true);

    // The same step of the same command: its event is in the log, but the registration was
    // reversed.
    const again = await second.app.associations.register(context('register-1'), other, tenants[0]!);
    expect(again).toMatchObject({ kind: 'committed' });
    expect(
      (await associated(second.app)).state.registrations.some(
        ({ endedOn }) => endedOn === undefined,
      ),
    ).toBe(true);
    await world.close();
  });

  it('destroys on repeat only the keys that the erasure names, and none made since', async () => {
    const world = await World.open('none');
    const [first, second] = [await world.process(), await world.process()];
    const subject = `customer:${tenant}`;
    await sign(first.app, today);
    const erase = (app: Application) => app.erasures.erase(context('erase-1'), subject);
    expect(await erase(first.app)).toMatchObject({ kind: 'committed', replayed: false });
    await sign(first.app, today);
    const since = await world.keys.generations(subject);
    expect(since).toHaveLength(1);
    expect(await erase(second.app)).toMatchObject({ kind: 'committed', replayed: true });
    expect(await world.keys.generations(subject)).toEqual(since);
    await world.close();
  });

  it('leaves the key of a pending erasure free for the repeat, which finishes it', async () => {
    const world = await World.open('none');
    const [first, second] = [await world.process(), await world.process()];
    const subject = `customer:${tenant}`;
    await sign(first.app, today);
    const { destroy } = world.keys;
    world.keys.destroy = async () => {
      throw new ErasurePending('a backup reads the file');
    };
    const erase = (app: Application) => app.erasures.erase(context('erase-1'), subject);
    await expect(erase(first.app)).rejects.toMatchObject({ name: 'ErasurePending' });
    await expect(erase(second.app)).rejects.toMatchObject({ name: 'ErasurePending' });
    world.keys.destroy = destroy;
    expect(await erase(second.app)).toMatchObject({ kind: 'committed', replayed: false });
    expect(await erase(first.app)).toMatchObject({ kind: 'committed', replayed: true });
    expect(await world.keys.unfinished()).toEqual([]);
    await world.close();
  });

  it('writes the first events once when two processes first start at once; an upgrade that meets another append writes the missing events', async () => {
    const now = `${today}T09:00:00.000Z`;
    const first = {
      logId: 'log',
      clock: 'system' as const,
      now,
      referenceData: smallReferenceData,
    };
    let meet: (() => Promise<void>) | undefined;
    const barrier = async (moment: string): Promise<void> => {
      const act = moment === 'before-append' ? meet : undefined;
      meet = undefined;
      await act?.();
    };
    const log = new MemoryEventLog({ guards: 'none', clock: () => Date.parse(now), barrier });
    await Promise.all([
      initialiseLog(log, first),
      initialiseLog(log, { ...first, logId: 'other' }),
    ]);
    const types = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const { events } of log.readAll({ after: -1 }))
        found.push(...events.map(({ type }) => type));
      return found;
    };
    expect((await types()).filter((type) => type === 'LogCreated')).toHaveLength(1);
    expect((await types())[0]).toBe('LogCreated');

    const newer = (name: string) => ({
      ...first,
      referenceData: smallReferenceData.map((one) =>
        one.name === name ? { ...one, asOf: '2027-01-01', digest: 'newer' } : one,
      ),
    });
    // Another process of the release brings other data between the read and the append.
    meet = async () => void (await initialiseLog(log, newer('markets')));
    await initialiseLog(log, newer('segment-matrix'));
    expect((await types()).filter((type) => type === 'ReferenceDataPublished')).toHaveLength(5);
  });
});

const associated = async (app: Application) => app.states.load(customerFold(tenants[0]!));
