import { describe, expect, it } from '@jest/globals';
import { SetBillingEntity } from '../../libs/application/billing/parties/billing.commands.js';
import { accountFold } from '../../libs/application/billing/billing-folds.js';
import {
  CorrectPayment,
  ReceivePayment,
} from '../../libs/application/billing/payments/payment.commands.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { OutsideScope } from '../../libs/application/engine/commands/failures.js';
import {
  type Application,
  context,
  provider,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { invoiceOf } from '../../libs/domain/billing/account/testing/issued-invoice.js';
import {
  customerPayer,
  partnerPayer,
  type Payer,
} from '../../libs/domain/billing/parties/billing-profile.js';
import { creditBalance, openOf } from '../../libs/domain/billing/receivables/account.js';
import { accountStream } from '../../libs/domain/shared/streams.js';
import { billingEntityId, type Scope } from '../../libs/domain/shared/ids.js';
import { newEventId, paymentIdOf, randomCommandId } from '../../libs/event-log/identity.js';
import { type Guards, today, World } from './decision-world.js';
import { Crash } from './process-log.js';

/** A reference has one payment and a balance is paid once, whatever requests race or die. */
const entityId = billingEntityId('e-1');
const customer = customerPayer(tenant);
const reseller = partnerPayer(seller);

interface Request {
  readonly key: string;
  readonly payer?: Payer;
  readonly amount?: string;
  readonly reference?: string;
  readonly named?: string;
  readonly scope?: Scope;
}
const pay = (
  app: Application,
  { key, payer = customer, amount = '1100', reference = 'bank 1', named, scope }: Request,
) =>
  app.receivePayment.execute(
    new ReceivePayment(
      { ...context(key, { payer, amount, reference }), ...(scope && { scope }) },
      {
        entityId,
        payer,
        amount: { amount, currency: 'JPY' },
        receivedOn: today,
        reference,
        allocations:
          named === undefined
            ? []
            : [{ invoiceId: 'd-1', amount: { amount: named, currency: 'JPY' } }],
      },
    ),
  );

/** A log with a billing entity, and an open invoice of 1,100 yen of the customer. */
async function openWorld(guards: Guards): Promise<World> {
  const world = await World.open(guards);
  const { app } = await world.process();
  await app.setBillingEntity.execute(
    new SetBillingEntity(context('entity'), {
      entityId,
      partnerId: seller,
      legalName: 'Kansai Cloud KK',
      address: { lines: ['1-1 Marunouchi'], country: 'JP' },
      currency: 'JPY',
      language: 'ja',
      numberPrefix: 'KC-',
      timeZone: 'Asia/Tokyo',
      taxRounding: 'truncate',
      pricing: { basis: 'erp-price', adjustmentPercent: '0' },
    }),
  );
  const stream = accountStream(customer);
  const commandId = randomCommandId();
  const issued = invoiceOf({
    entityId,
    payer: customer,
    documentId: 'd-1',
    net: '1000',
    issuedOn: today,
  });
  await world.log.append({
    stream,
    expectedRevision: -1,
    events: issued.map(({ type, data }, index) => ({
      id: newEventId({ commandId, index, stream, type, version: 1, data }),
      type,
      version: 1,
      data,
      metadata: { commandId, index, actor: 'test', correlationId: 'test', causationId: commandId },
    })),
  });
  return world;
}

/** A client repeats until it has an answer: a claim is left alone for 30 s. */
async function untilAnswered(world: World, work: () => Promise<Outcome<unknown>>) {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'RequestInFlight') throw error;
      world.nowMs += 30_000;
    }
  }
  throw new Error('no answer in six attempts');
}

const payments = async (world: World) =>
  (await world.events()).filter(({ type }) => type === 'PaymentReceived');
async function balances(app: Application) {
  await app.states.catchUp();
  const { state } = await app.states.load(accountFold(customer));
  const { receivables } = state.ledgers[0]!;
  return {
    open: receivables.invoices.map((invoice) => openOf(invoice, 'JPY')),
    credit: creditBalance(receivables),
  };
}

const first: Request = { key: 'first' };

describe.each<Guards>(['none', 'atomic'])('payments on a log with guards: %s', (guards) => {
  it('are recorded once when the process dies before any of its calls and another one repeats', async () => {
    for (let call = 1, crashed = true; crashed; call += 1) {
      const world = await openWorld(guards);
      const [dying, repeating] = [await world.process(), await world.process()];
      let calls = 0;
      dying.log.barrier = ({ moment, name }) => {
        if (moment === 'before' && name !== 'readAll' && ++calls === call) dying.log.die();
      };
      crashed = await pay(dying.app, first).then(
        () => false,
        (error: unknown) => error instanceof Crash,
      );
      const outcome = await untilAnswered(world, () => pay(repeating.app, first));
      expect(outcome).toMatchObject({ kind: 'committed' });
      expect(await payments(world)).toHaveLength(1);
      expect(await balances(repeating.app)).toEqual({ open: ['0'], credit: '0' });
      await world.close();
      expect(call).toBeLessThan(40);
    }
  }, 60_000);

  const reused = { kind: 'refused', refusal: { code: 'payment-reference-reused' } };
  const settled = { open: ['0'], credit: '0' };
  it.each<[string, Request, object, number, object]>([
    ['of another payer with the reference', { key: 'second', payer: reseller }, reused, 1, {}],
    ['with the reference and another amount', { key: 'second', amount: '1' }, reused, 1, {}],
    ['with the same content', { key: 'second' }, { kind: 'unchanged' }, 1, settled],
    ['of the same balance', { key: 'second', reference: 'bank 2' }, { kind: 'committed' }, 2, { open: ['0'], credit: '1100' }],
  ])('keep the earlier of two: a second one %s, wherever it comes in', async (_what, second, expected, recorded, balance) => {
    for (let call = 1, interfered = true; interfered; call += 1) {
      const world = await openWorld(guards);
      const [one, another] = [await world.process(), await world.process()];
      let calls = 0;
      let other: Outcome<unknown> | undefined;
      one.log.barrier = async ({ moment, name }) => {
        if (moment === 'before' && name !== 'readAll' && ++calls === call)
          other = await pay(another.app, second);
      };
      const outcome: Outcome<unknown> = await pay(one.app, first);
      interfered = other !== undefined;
      other ??= await pay(another.app, second);
      const later = outcome.kind === 'committed' ? other : outcome;
      expect(later).toMatchObject(expected);
      expect(await payments(world)).toHaveLength(recorded);
      expect(await balances(another.app)).toMatchObject(balance);
      await world.close();
      expect(call).toBeLessThan(40);
    }
  }, 60_000); // prettier-ignore

  it('are refused for a named amount that another one has settled', async () => {
    const world = await openWorld(guards);
    const [one, another] = [await world.process(), await world.process()];
    const outcomes = await Promise.all([
      pay(one.app, { key: 'a', reference: 'bank 1', named: '1100' }),
      pay(another.app, { key: 'b', reference: 'bank 2', named: '1100' }),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['committed', 'refused']);
    expect(outcomes.find(({ kind }) => kind === 'refused')).toMatchObject({
      refusal: { code: 'allocation-exceeds-open', invoiceId: 'd-1', open: '0' },
    });
    // The refused reference is free for the same payer.
    const reference = outcomes[0].kind === 'refused' ? 'bank 1' : 'bank 2';
    expect(await pay(one.app, { key: 'c', reference })).toMatchObject({ kind: 'committed' });
    expect(await balances(one.app)).toEqual({ open: ['0'], credit: '1100' });
    await world.close();
  });

  it('are reversed and refunded once beside each other', async () => {
    const world = await openWorld(guards);
    const [one, another] = [await world.process(), await world.process()];
    await pay(one.app, { ...first, amount: '1500' });
    const paymentId = paymentIdOf(entityId, 'bank 1');
    const correct = (app: Application, key: string, kind: 'reversal' | 'refund') =>
      app.correctPayment.execute(
        new CorrectPayment(context(key), paymentId, { kind, on: today, reason: 'test' }),
      );
    await Promise.all([correct(one.app, 'r', 'reversal'), correct(another.app, 'f', 'refund')]);
    const returned = (await world.events()).filter(({ type }) =>
      ['PaymentReversed', 'RefundPaid'].includes(type),
    );
    // The refund pays what the reversal leaves: nothing, or it comes first.
    const amounts = returned.map(({ data }) => (data as { amount: string }).amount);
    expect([['1500'], ['400', '1100']]).toContainEqual(amounts);
    expect(await balances(one.app)).toEqual({ open: ['1100'], credit: '0' });
    await world.close();
  });

  it('need a key with the partner of the entity', async () => {
    const world = await openWorld(guards);
    const { app } = await world.process();
    await expect(pay(app, { ...first, scope: [provider] })).rejects.toBeInstanceOf(OutsideScope);
    expect(await pay(app, { ...first, key: 'own', scope: [seller] })).toMatchObject({
      kind: 'committed',
    });
    const correct = (scope: Scope) =>
      app.correctPayment.execute(
        new CorrectPayment({ ...context(), scope }, paymentIdOf(entityId, 'bank 1'), {
          kind: 'reversal',
          on: today,
          reason: 'test',
        }),
      );
    await expect(correct([provider])).rejects.toBeInstanceOf(OutsideScope);
    expect(await correct([seller])).toMatchObject({ kind: 'committed' });
    await world.close();
  });
});
