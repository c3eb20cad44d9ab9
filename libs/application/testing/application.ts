import { partnerId, tenantId, type PartnerId, type TenantId } from '../../domain/shared/ids.js';
import { CommitSignal } from '../../event-log/commits.js';
import type { EventLog } from '../../event-log/event-log.js';
import { commandIdFrom, randomCommandId } from '../../event-log/identity.js';
import type { KeyStore } from '../../platform/keys/key-store.js';
import { MemoryKeyStore } from '../../platform/keys/memory-key-store.js';
import { AccountDecisions } from '../billing/payments/account-decisions.js';
import { CorrectPaymentHandler } from '../billing/payments/correct-payment.handlers.js';
import { ReceivePaymentHandler } from '../billing/payments/receive-payment.handler.js';
import { SetBillingEntityHandler } from '../billing/parties/set-billing-entity.handler.js';
import { TermPricing } from '../billing/term-pricing.js';
import { ChangeCustomer, SignAgreement } from '../customers/customer.commands.js';
import { ChangeCustomerHandler, SignAgreementHandler } from '../customers/customer.handlers.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { DecisionLog } from '../engine/commands/decision-log.js';
import { Decisions } from '../engine/commands/decisions.js';
import { Fingerprints, plainFingerprint } from '../engine/commands/request-fingerprints.js';
import { GuardedCommit } from '../engine/commands/guarded-commit.js';
import { LogHead } from '../engine/commands/log-head.js';
import { PriceRows } from '../gate/price-rows.js';
import { SubscriptionEffects } from '../days/subscription-effects.js';
import { CreditWaits } from '../orders/credit-waits.js';
import { PlaceOrderHandler } from '../orders/place-order.handler.js';
import { CspTenantAssociations } from '../partners/csp-tenant-associations.js';
import { EndCspTenantHandler } from '../partners/end-csp-tenant.handler.js';
import { ChangePartner, StateSigningAuthority } from '../partners/partner.commands.js';
import {
  ChangePartnerHandler,
  StateSigningAuthorityHandler,
} from '../partners/partner.handlers.js';
import { RegisterPartnerHandler } from '../partners/register-partner.handler.js';
import { Erasures } from '../personal-data/erasures.js';
import { PersonalData } from '../personal-data/personal-data.js';
import { ListPublication } from '../price-lists/list-publication.js';
import { PublishPriceList } from '../price-lists/price-list.command.js';
import {
  PublishPartnerOffersHandler,
  PublishSellingPricesHandler,
} from '../price-lists/publish-partner-list.handlers.js';
import { PublishPriceListHandler } from '../price-lists/publish-price-list.handler.js';
import { DayEffects } from '../days/day-effects.js';
import { ChangeProgramHandler } from '../program/program.handler.js';
import { foldOf } from '../records/folds.js';
import { Records } from '../records/records.js';
import { decisionsOptions } from '../records/subjects.js';
import { StateCache } from '../engine/states/state-cache.js';
import { type Clock, LogClock } from '../engine/time/clock.js';

/**
 * A small cache, because the cache allocates its arrays at once and tests create many applications.
 */
const FEW_STREAMS = 500;

/**
 * The application over one log, without Nest, as in one process. Several applications over one log
 * act as several processes.
 */
export async function application(
  log: EventLog,
  clock: LogClock,
  keys: KeyStore,
  decisionLog: DecisionLog = new GuardedCommit(log),
  daysOf: (made: {
    states: StateCache;
    decisions: Decisions;
    changeProgram: ChangeProgramHandler;
  }) => DayEffects = () => noDays,
) {
  const states = new StateCache(log, foldOf, undefined, FEW_STREAMS);
  const priceRows = new PriceRows(log);
  const head = await LogHead.follow(log, clock);
  const decisions = new Decisions(
    states,
    decisionLog,
    new Fingerprints(keys),
    head,
    decisionsOptions,
  );
  const lists = new ListPublication(decisions, priceRows, log);
  const personalData = new PersonalData(keys);
  const port: Clock = clock;
  const changeProgram = new ChangeProgramHandler(decisions, port);
  const days = daysOf({ states, decisions, changeProgram });
  const changePartner = new ChangePartnerHandler(decisions, states, port, days);
  const changeCustomer = new ChangeCustomerHandler(decisions, states, port);
  // No process charges orders here, so there is nothing to wait for.
  const effects = new SubscriptionEffects({
    process: { takenThrough: Number.MAX_SAFE_INTEGER, taken: new CommitSignal() },
    states,
    clock,
    log,
    startDays: async () => undefined,
    follow: () => undefined,
  });
  const accounts = new AccountDecisions(decisions, states, log);
  const associations = new CspTenantAssociations(
    decisions,
    states,
    new Records(log, states, port),
    port,
    log,
  );
  return {
    states,
    decisions,
    days,
    priceRows,
    changePartner,
    changeCustomer,
    associations,
    personalData,
    signAgreement: new SignAgreementHandler(personalData, changeCustomer, decisions, port),
    stateSigningAuthority: new StateSigningAuthorityHandler(personalData, changePartner, decisions),
    registerPartner: new RegisterPartnerHandler(decisions, states, associations, port, days),
    endCspTenant: new EndCspTenantHandler(changePartner, associations),
    changeProgram,
    publishPriceList: new PublishPriceListHandler(lists, states),
    publishPartnerOffers: new PublishPartnerOffersHandler(lists, states),
    publishSellingPrices: new PublishSellingPricesHandler(lists, states),
    termPricing: new TermPricing(log, priceRows),
    placeOrder: new PlaceOrderHandler(
      decisions,
      states,
      priceRows,
      port,
      days,
      new CreditWaits(effects),
    ),
    erasures: new Erasures(decisions, keys),
    setBillingEntity: new SetBillingEntityHandler(decisions, states),
    receivePayment: new ReceivePaymentHandler(decisions, accounts, states, port),
    correctPayment: new CorrectPaymentHandler(accounts, states, port),
  };
}
/** No process handles days in these tests, so no command waits for them. */
const noDays = new DayEffects({
  states: { load: (fold) => ({ state: fold.initial, revision: -1 }) },
  clock: new LogClock(() => 0),
  log: { head: async () => -1 },
  days: { takenThrough: '', taken: new CommitSignal() },
  startDays: async () => undefined,
  followDays: () => undefined,
});

export type Application = Awaited<ReturnType<typeof application>>;

/** A command's context. The same key gives the same command id. */
export function context(key?: string, body: unknown = null): CommandContext {
  const base = { actor: 'test', correlationId: 'test' };
  return key === undefined
    ? { ...base, commandId: randomCommandId() }
    : {
        ...base,
        commandId: commandIdFrom('key:test', key),
        fingerprint: plainFingerprint('POST', '/test', body),
      };
}

/** Keys that are the same in every run. */
export class KnownKeys extends MemoryKeyStore {
  constructor() {
    super((generation) => Buffer.alloc(32, generation));
  }
}

export const seller: PartnerId = partnerId('reseller-jp');
export const provider: PartnerId = partnerId('provider-jp');
export const tenant: TenantId = tenantId('11111111-2222-4333-8444-555555555555');

const FROM = '2020-01-01';
const CSV = [
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price',
  'Microsoft 365,CFQ7TTC0LH18,0001,Microsoft 365 E3,Microsoft,,,P1M,Monthly,JP,JPY,4500,,,,,,5400',
].join('\n');

/**
 * A provider, a reseller, a customer with an agreement and a checked tenant, and a price list: all
 * that a valid order needs.
 */
export async function believableWorld(
  app: Application,
  { month, today }: { month: string; today: string },
): Promise<void> {
  for (const [id, model] of [
    [provider, 'indirect-provider'] as const,
    [seller, 'indirect-reseller'] as const,
  ]) {
    const change = (command: ChangePartner['change']) =>
      app.changePartner.execute(new ChangePartner(context(), id, command));
    await change({ type: 'register-partner', legalName: id, country: 'JP', model });
    await change({ type: 'start-fact', fact: { kind: 'membership', value: { from: FROM } } });
    await change({
      type: 'start-fact',
      fact: {
        kind: 'location',
        value: { partnerLocationId: `${id}-tokyo`, country: 'JP', from: FROM },
      },
    });
  }
  await app.changePartner.execute(
    new ChangePartner(context(), provider, {
      type: 'start-fact',
      fact: { kind: 'providerAuthorization', value: { from: FROM } },
    }),
  );
  await app.changePartner.execute(
    new ChangePartner(context(), seller, {
      type: 'start-fact',
      fact: { kind: 'providerRelationship', value: { providerId: provider, from: FROM } },
    }),
  );
  await app.stateSigningAuthority.execute(
    new StateSigningAuthority(context(), seller, { name: '山田 花子', title: 'CEO', from: FROM }),
  );
  await app.changeCustomer.execute(
    new ChangeCustomer(context(), tenant, {
      type: 'register-customer',
      legalName: 'Kobe Foods',
      country: 'JP',
    }),
  );
  await sign(app, today);
  await app.changeCustomer.execute(
    new ChangeCustomer(context(), tenant, {
      type: 'observe-csp-association',
      associated: false,
      observedOn: today,
      source: 'test',
    }),
  );
  await app.publishPriceList.execute(
    new PublishPriceList(context(), 'JP', month, Buffer.from(CSV)),
  );
}

export const sign = (app: Application, signedOn: string) =>
  app.signAgreement.execute(
    new SignAgreement(
      context(),
      tenant,
      { signedOn, country: 'JP', language: 'ja-JP', method: 'partner-attested' },
      { firstName: '花子', lastName: '山田', email: 'hanako@example.com' },
    ),
  );
