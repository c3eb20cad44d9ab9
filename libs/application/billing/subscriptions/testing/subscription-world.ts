import { expect } from '@jest/globals';
import type { AccountEvent } from '../../../../domain/billing/account/account-events.js';
import { customerPayer, partnerPayer } from '../../../../domain/billing/parties/billing-profile.js';
import { billingEntityId, type PartnerId } from '../../../../domain/shared/ids.js';
import { accountStream } from '../../../../domain/shared/streams.js';
import { monthOf } from '../../../../domain/shared/calendar.js';
import {
  MemoryEventLog,
  type MemoryEventLogOptions,
} from '../../../../event-log/memory/memory-event-log.js';
import { openLocalReadModels } from '../../../../read-models/composition/open-read-models.js';
import { GuardedCommit } from '../../../engine/commands/guarded-commit.js';
import type { ProcessReport } from '../../../engine/processes/log-process.js';
import { ProcessFollower } from '../../../engine/processes/process-follower.js';
import { LogClock } from '../../../engine/time/clock.js';
import { PlaceOrder } from '../../../orders/order.commands.js';
import { PublishPriceList } from '../../../price-lists/price-list.command.js';
import { initialiseLog } from '../../../program/initialise-log.js';
import { ChangeProgram } from '../../../program/program.commands.js';
import {
  application,
  believableWorld,
  context,
  KnownKeys,
  provider,
  seller,
  tenant,
} from '../../../testing/application.js';
import type { MemoryProcessCheckpoints } from '../../../testing/memory-process-checkpoints.js';
import { smallReferenceData } from '../../../testing/small-reference-data.js';
import { SetBillingEntity } from '../../parties/billing.commands.js';
import { SubscriptionsProcess } from '../subscriptions.process.js';

export const TODAY = '2026-11-10';
export const offerId = 'CFQ7TTC0LH18:0001';

const open: { stop(): Promise<void> }[] = [];
/** Call this after each test. */
export async function stopAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.stop();
}

const HEADER =
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Family';
const row = (sku: string, term: string, plan: string, price: number, family = 'cloud'): string =>
  `Microsoft 365,CFQ7TTC0LH18,${sku},Microsoft 365 E3,Microsoft,,,${term},${plan},JP,JPY,${price},,,,,,${price * 1.2},${family}`;
const listOf = (price: number): Buffer =>
  Buffer.from(
    [
      HEADER,
      row('0001', 'P1M', 'Monthly', price),
      row('0001', 'P1Y', 'Monthly', price * 12),
      row('0002', '', 'OneTime', price * 10, 'perpetual-software'),
    ].join('\n'),
  );

/** A reseller with a customer, its provider, and the process that bills both of them. */
export async function subscriptionWorld({ barrier }: Pick<MemoryEventLogOptions, 'barrier'> = {}) {
  let nowMs = Date.parse(`${TODAY}T09:00:00.000Z`);
  const clock = new LogClock(() => nowMs);
  clock.setAt(`${TODAY}T09:00:00.000Z`);
  const log = new MemoryEventLog({
    guards: 'atomic',
    clock: () => clock.now(),
    ...(barrier ? { barrier } : {}),
  });
  await initialiseLog(log, {
    logId: 'log',
    clock: 'manual',
    now: clock.instant(),
    referenceData: smallReferenceData,
  });
  const { readModels, close } = openLocalReadModels({
    log,
    project: true,
    report: () => undefined,
  });
  open.push({ stop: close });
  const app = await application(log, clock, new KnownKeys(), new GuardedCommit(log));
  const reports: ProcessReport[] = [];

  /** Another service that runs the process. */
  const follow = async (checkpoints?: MemoryProcessCheckpoints) => {
    const { states, decisions, termPricing } = await application(
      log,
      clock,
      new KnownKeys(),
      new GuardedCommit(log),
    );
    const process = new SubscriptionsProcess(log, readModels, states, decisions, termPricing);
    const follower = new ProcessFollower(process, {
      log,
      checkpoints,
      report: (one) => void reports.push(one),
    });
    open.push(follower);
    follower.start();
    return { process, follower };
  };
  /** Waits until the process has taken everything that is in the log now. */
  const settled = async ({ process }: { readonly process: SubscriptionsProcess }) => {
    const head = await log.head();
    for (let tries = 0; process.takenThrough < head; tries += 1) {
      if (tries > 200) throw new Error(`stays at ${process.takenThrough} of ${head}`);
      await process.taken.changedWithin(process.taken.now(), 50);
    }
  };
  const publish = (month: string, price: number) =>
    app.publishPriceList.execute(new PublishPriceList(context(), 'JP', month, listOf(price)));
  const tick = async (on: string): Promise<void> => {
    nowMs = Date.parse(`${on}T09:00:00.000Z`);
    await app.changeProgram.execute(new ChangeProgram(context(), { type: 'tick', on }));
    clock.setAt(`${on}T09:00:00.000Z`);
  };
  const order = async (
    line: { sku?: string; quantity: number; term: 'P1M' | 'P1Y' | 'none' },
    key?: string,
  ) => {
    const { sku = '0001', quantity, term } = line;
    const outcome = await app.placeOrder.execute(
      new PlaceOrder(context(key), {
        partnerId: seller,
        tenantId: tenant,
        currency: 'JPY',
        lines: [
          {
            offerId: `CFQ7TTC0LH18:${sku}`,
            quantity,
            term,
            billingPlan: term === 'none' ? 'one_time' : 'monthly',
          },
        ],
      }),
    );
    expect(outcome).toMatchObject({ events: [{ type: 'OrderPlaced' }] });
    return outcome;
  };
  const entity = (partnerId: PartnerId, adjustmentPercent = '0') =>
    app.setBillingEntity.execute(
      new SetBillingEntity(context(), {
        entityId: billingEntityId(`${partnerId}-entity`),
        partnerId,
        legalName: partnerId,
        address: { lines: ['1'], country: 'JP' },
        currency: 'JPY',
        language: 'ja',
        numberPrefix: 'A-',
        timeZone: 'Asia/Tokyo',
        taxRounding: 'truncate',
        pricing: { basis: 'unit-price', adjustmentPercent },
      }),
    );
  /** The account's events, each charge as `type quantity amount from..to`. */
  const account = async (payer: 'customer' | 'reseller'): Promise<readonly string[]> => {
    const stream = accountStream(
      payer === 'customer' ? customerPayer(tenant) : partnerPayer(seller),
    );
    const lines: string[] = [];
    for await (const page of log.readStream(stream))
      for (const event of page) {
        const { type, data } = event as unknown as AccountEvent;
        if (type === 'ChargesRecorded')
          for (const { type: kind, quantity, amount, from, to } of data.charges)
            lines.push(`${kind} ${quantity} ${amount} ${from}..${to}`);
        else lines.push(type);
      }
    return lines;
  };

  await believableWorld(app, { month: monthOf(TODAY), today: TODAY });
  await publish(monthOf(TODAY), 4_500);
  return {
    log,
    app,
    clock,
    reports,
    readModels,
    follow,
    settled,
    publish,
    tick,
    order,
    entity,
    account,
    seller,
    provider,
    tenant,
  };
}
