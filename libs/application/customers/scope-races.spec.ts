import { describe, expect, it } from '@jest/globals';
import type { CustomerCommand } from '../../domain/customer/customer.decide.js';
import { partnerId } from '../../domain/shared/ids.js';
import { customerStream } from '../../domain/shared/streams.js';
import { OutsideScope } from '../engine/commands/failures.js';
import { CommitSignal } from '../../event-log/commits.js';
import { PlaceOrder } from '../orders/order.commands.js';
import { EndCspTenant, RegisterPartner } from '../partners/partner.commands.js';
import { DayEffects } from '../days/day-effects.js';
import { type Application, application, context, seller, tenant } from '../testing/application.js';
import { opened } from '../testing/opened.js';
import { LogClock } from '../engine/time/clock.js';
import { ChangeCustomer, SignAgreement } from './customer.commands.js';

const other = partnerId('other');
const dates = { from: '2020-01-01' };
const register = { type: 'register-customer', legalName: 'Kobe Foods', country: 'JP' } as const;
const startOf = (partner: typeof other) =>
  ({ type: 'start-relationship', value: { partnerId: partner, ...dates } }) as const;
const ended = {
  type: 'end-relationship',
  partnerId: seller,
  on: '2026-11-22',
  reason: 'x',
} as const;
const scoped = (key?: string) => ({ ...context(key), scope: [seller] });
const by = (app: Application, change: CustomerCommand, key?: string) =>
  app.changeCustomer.execute(new ChangeCustomer({ ...context(key) }, tenant, change));

/** DayEffects with or without days whose effects a repeat would have to wait for. */
const daysThat = (isWaiting: boolean): DayEffects => {
  const days = new DayEffects({
    states: { load: (fold) => ({ state: fold.initial, revision: -1 }) },
    clock: new LogClock(() => 0),
    log: { head: async () => -1 },
    days: { takenThrough: '', taken: new CommitSignal() },
    startDays: async () => undefined,
    followDays: () => undefined,
  });
  days.isSettledFor = async () => !isWaiting;
  return days;
};

/**
 * Runs a command of a scoped key. Between its decision and its append, another process moves the
 * customer out of the key's scope.
 */
async function raced(
  before: readonly CustomerCommand[],
  meanwhile: CustomerCommand,
  command: (app: Application) => Promise<unknown>,
) {
  let interfere: (() => Promise<unknown>) | undefined;
  const world = await opened(async (at, { stream }) => {
    if (at !== 'before-append' || stream !== customerStream(tenant) || !interfere) return;
    const first = interfere;
    interfere = undefined;
    await first();
  });
  const another = await world.another();
  for (const change of before) await by(world.app, change);
  interfere = () => by(another, meanwhile);
  const outcome = await command(world.app).catch((error: unknown) => error);
  return {
    outcome,
    last: (await world.events(customerStream(tenant))).at(-1)?.type,
    interfered: interfere === undefined,
  };
}

const sign = (app: Application) =>
  app.signAgreement.execute(
    new SignAgreement(
      scoped('k'),
      tenant,
      { signedOn: '2026-11-20', country: 'JP', language: 'ja-JP', method: 'partner-attested' },
      { firstName: 'T', lastName: 'S', email: 't@s.example' },
    ),
  );
const change = (command: CustomerCommand) => (app: Application) =>
  app.changeCustomer.execute(new ChangeCustomer(scoped(), tenant, command));

describe('a command whose scope ends between its decision and its append is refused', () => {
  it.each([
    [
      'registering a customer that another partner registers',
      [],
      { ...register, relationshipWith: other },
      { ...register, relationshipWith: seller },
    ],
    [
      'changing a customer that becomes shared',
      [register, startOf(seller)],
      startOf(other),
      { ...register, legalName: 'Mine' },
    ],
    [
      'starting a relationship',
      [register, startOf(seller)],
      ended,
      { type: 'start-relationship', value: { partnerId: seller, from: '2026-11-22' } },
    ],
    [
      'recording a CSP association',
      [register, startOf(seller)],
      ended,
      { type: 'observe-csp-association', associated: true, observedOn: '2026-11-22', source: 's' },
    ],
  ] as const)('%s', async (_what, before, meanwhile, command) => {
    const { outcome, last, interfered } = await raced(before, meanwhile, change(command));
    expect(outcome).toBeInstanceOf(OutsideScope);
    expect(interfered).toBe(true);
    expect(last).toMatch(/^CustomerPartnerRelationship(Started|Ended)$/);
  });

  it('signing an agreement', async () => {
    const { outcome, last } = await raced([register, startOf(seller)], ended, sign);
    expect([outcome, last]).toEqual([expect.any(OutsideScope), 'CustomerPartnerRelationshipEnded']);
  });

  it('registering a CSP tenant that becomes a customer of another partner', async () => {
    const details = {
      legalName: 'Kansai Cloud',
      country: 'JP',
      model: 'indirect-reseller',
    } as const;
    const registration = { ...register, relationshipWith: other };
    const { outcome, last } = await raced([], registration, (app) =>
      app.registerPartner.execute(new RegisterPartner(scoped(), seller, details, [tenant])),
    );
    expect([outcome, last]).toEqual([
      expect.any(OutsideScope),
      'CustomerPartnerRelationshipStarted',
    ]);
  });
});

describe('the first answer to an idempotency key', () => {
  it('is not returned to a caller whose scope has changed', async () => {
    const { app } = await opened();
    await by(app, { ...register, relationshipWith: seller });
    const observe = {
      type: 'observe-csp-association',
      associated: true,
      observedOn: '2026-11-22',
      source: 's',
    } as const;
    const repeat = (scope: readonly (typeof other)[]) =>
      app.changeCustomer.execute(new ChangeCustomer({ ...context('key'), scope }, tenant, observe));
    expect(await repeat([seller])).toMatchObject({ kind: 'committed', replayed: false });
    expect(await repeat([seller])).toMatchObject({ kind: 'committed', replayed: true });
    await expect(repeat([other])).rejects.toThrow(OutsideScope);
    await expect(repeat([])).rejects.toThrow(OutsideScope);
  });
});

describe('a first answer about a customer that has left the scope', () => {
  /**
   * A cached state that still admits the caller is not enough: an answer without an append is not
   * checked by an expected revision.
   */
  it.each([false, true])(
    'is not returned, with effects of the day to wait for: %s',
    async (isWaiting) => {
      const world = await opened();
      const app = await application(world.log, world.clock, world.keys, undefined, () =>
        daysThat(isWaiting),
      );
      await by(app, { ...register, relationshipWith: seller });
      const order = { partnerId: seller, tenantId: tenant, currency: 'JPY', lines: [] };
      const place = () => app.placeOrder.execute(new PlaceOrder({ ...scoped('order') }, order));
      expect(await place()).toMatchObject({ kind: 'committed', replayed: false });
      expect(await place()).toMatchObject({ kind: 'committed', replayed: true });
      await by(await world.another(), ended);
      await expect(place()).rejects.toThrow(OutsideScope);
    },
  );

  it('is not returned to the partner whose CSP tenant it was', async () => {
    const { app } = await opened();
    const details = {
      legalName: 'Kansai Cloud',
      country: 'JP',
      model: 'indirect-reseller',
    } as const;
    const registration = () =>
      app.registerPartner.execute(new RegisterPartner(scoped('put'), seller, details, [tenant]));
    const ending = () =>
      app.endCspTenant.execute(
        new EndCspTenant(scoped('end'), seller, tenant, { on: '2026-11-22', reason: 'x' }),
      );
    await registration();
    await ending();
    expect(await ending()).toMatchObject({ kind: 'committed', replayed: true });
    await by(app, { ...register, relationshipWith: other });
    await expect(ending()).rejects.toThrow(OutsideScope);
    await expect(registration()).rejects.toThrow(OutsideScope);
  });
});

describe('a command whose handler has no scope rule', () => {
  it('is refused for every scoped key', async () => {
    const { app } = await opened();
    await by(app, register);
    await expect(app.erasures.erase(scoped(), `customer:${tenant}`)).rejects.toThrow(OutsideScope);
  });
});
