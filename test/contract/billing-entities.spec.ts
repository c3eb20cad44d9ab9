import { describe, expect, it } from '@jest/globals';
import { SetBillingEntity } from '../../libs/application/billing/parties/billing.commands.js';
import { OutsideScope } from '../../libs/application/engine/commands/failures.js';
import {
  type Application,
  context,
  provider,
  seller,
} from '../../libs/application/testing/application.js';
import { billingEntityId, type PartnerId, type Scope } from '../../libs/domain/shared/ids.js';
import { type Guards, World } from './decision-world.js';
import { Crash } from './process-log.js';

/** A partner has one billing entity and an id has one partner, whatever requests race or die. */
interface Request {
  readonly key: string;
  readonly partnerId: PartnerId;
  readonly entityId: string;
  readonly scope?: Scope;
}
const set = (app: Application, { key, partnerId, entityId, scope }: Request) =>
  app.setBillingEntity.execute(
    new SetBillingEntity(
      { ...context(key, { partnerId, entityId }), ...(scope && { scope }) },
      {
        entityId: billingEntityId(entityId),
        partnerId,
        legalName: 'Kansai Cloud KK',
        address: { lines: ['1-1 Marunouchi'], country: 'JP' },
        currency: 'JPY',
        language: 'ja',
        numberPrefix: 'KC-',
        timeZone: 'Asia/Tokyo',
        taxRounding: 'truncate',
        pricing: { basis: 'erp-price', adjustmentPercent: '0' },
      },
    ),
  );

/** A client repeats until it has an answer: a claim is left alone for 30 s. */
async function untilAnswered(world: World, app: Application, request: Request) {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    try {
      return await set(app, request);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'RequestInFlight') throw error;
      world.nowMs += 30_000;
    }
  }
  throw new Error('no answer in six attempts');
}

const registrations = async (world: World) =>
  (await world.events())
    .filter(({ type }) => type === 'BillingEntityRegistered')
    .map(({ data }) => data as { partnerId: string; entityId: string });

const first: Request = { key: 'first', partnerId: seller, entityId: 'e-1' };

describe.each<Guards>(['none', 'atomic'])('billing entities on a log with guards: %s', (guards) => {
  it('register once when the process dies before any of its calls and another one repeats', async () => {
    for (let call = 1, crashed = true; crashed; call += 1) {
      const world = await World.open(guards);
      const [dying, repeating] = [await world.process(), await world.process()];
      let calls = 0;
      dying.log.barrier = ({ moment, name }) => {
        if (moment === 'before' && name !== 'readAll' && ++calls === call) dying.log.die();
      };
      crashed = await set(dying.app, first).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      const outcome = await untilAnswered(world, repeating.app, first);
      expect(outcome).toMatchObject({ kind: 'committed', revision: 0 });
      expect(await registrations(world)).toHaveLength(1);
      await world.close();
      expect(call).toBeLessThan(40);
    }
  }, 60_000);

  it.each([
    ['of one partner with two ids', { ...first, key: 'second', entityId: 'e-2' }, 'billing-entity-exists'],
    ['of two partners with one id', { ...first, key: 'second', partnerId: provider }, 'billing-entity-of-another-partner'],
  ])('register one of two requests %s, wherever the second comes in', async (_what, second, code) => {
    for (let call = 1, interfered = true; interfered; call += 1) {
      const world = await World.open(guards);
      const [one, another] = [await world.process(), await world.process()];
      let calls = 0;
      let other: Awaited<ReturnType<typeof set>> | undefined;
      one.log.barrier = async ({ moment, name }) => {
        if (moment === 'before' && name !== 'readAll' && ++calls === call)
          other = await set(another.app, second);
      };
      const outcome = await set(one.app, first);
      interfered = other !== undefined;
      other ??= await set(another.app, second);
      expect([outcome.kind, other.kind].sort()).toEqual(['committed', 'refused']);
      const refused = outcome.kind === 'refused' ? outcome : other;
      expect(refused).toMatchObject({ refusal: { code } });
      expect(await registrations(world)).toHaveLength(1);
      await world.close();
      expect(call).toBeLessThan(40);
    }
  }, 60_000); // prettier-ignore

  it('do not disclose the id of a partner outside the scope', async () => {
    const world = await World.open(guards);
    const { app } = await world.process();
    await set(app, first);
    const scoped = { ...first, key: 'scoped', partnerId: provider, scope: [provider] };
    await expect(set(app, scoped)).rejects.toBeInstanceOf(OutsideScope);
    expect(await set(app, { ...scoped, key: 'own', entityId: 'e-2' })).toMatchObject({
      kind: 'committed',
    });
    await world.close();
  });
});
