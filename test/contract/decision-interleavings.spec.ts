import { describe, expect, it } from '@jest/globals';
import { ChangeCustomer } from '../../libs/application/customers/customer.commands.js';
import type { Outcome } from '../../libs/application/engine/commands/decision.js';
import { judgeOrder } from '../../libs/application/gate/order-judgement.js';
import { ChangePartner } from '../../libs/application/partners/partner.commands.js';
import { PublishPriceList } from '../../libs/application/price-lists/price-list.command.js';
import { ChangeProgram } from '../../libs/application/program/program.commands.js';
import {
  type Application,
  context,
  provider,
  seller,
  tenant,
} from '../../libs/application/testing/application.js';
import { order, orderOf, place, type Process, today, World } from './decision-world.js';
import { repeats } from '../support/repeats.js';
import { everySchedule, type Schedule, someSchedules } from './schedules.js';
import { Crash, type LogCall } from './process-log.js';

const otherList = Buffer.from(
  'ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,' +
    'PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price\n' +
    'Other,CFQ7TTC0LH99,0001,Other,Microsoft,,,P1M,Monthly,JP,JPY,4500,,,,,,5400',
);

/**
 * Changes while an order is decided: in the customer's stream, and in every stream that a decision
 * reads.
 */
const changes: readonly (readonly [string, (app: Application) => Promise<unknown>])[] = [
  [
    'the agreement is withdrawn',
    (app) =>
      app.changeCustomer.execute(
        new ChangeCustomer(context(), tenant, {
          type: 'withdraw-agreement',
          on: today,
          reason: 'no',
        }),
      ),
  ],
  [
    'the tenant becomes a CSP tenant',
    (app) => app.associations.register(context(), provider, tenant),
  ],
  [
    'the membership ends',
    (app) =>
      app.changePartner.execute(
        new ChangePartner(context(), seller, {
          type: 'end-fact',
          kind: 'membership',
          on: today,
          reason: 'no',
        }),
      ),
  ],
  [
    'the price list has a revision without the offer',
    (app) =>
      app.publishPriceList.execute(new PublishPriceList(context(), 'JP', '2026-11', otherList)),
  ],
  [
    'the policy asks for a relationship',
    (app) =>
      app.changeProgram.execute(
        new ChangeProgram(context(), {
          type: 'publish-policy',
          effectiveFrom: today,
          changes: { customerRelationshipRequired: true },
        }),
      ),
  ],
];

/**
 * The calls whose order matters: all that write, and the moment after the order's append. Voids
 * have a test of their own.
 */
const isStep = ({ name, moment, append, stream }: LogCall): boolean => {
  const type = append?.events[0]?.type;
  if (name === 'append')
    return (
      type !== 'OrderVoided' &&
      !stream?.startsWith('import-') &&
      (moment === 'before' || type === 'OrderPlaced')
    );
  return moment === 'before' && (name === 'claim' || name === 'claimOn' || name === 'releaseClaim');
};

/** The number of its own step at which the first process ends. */
type DiesAt = 'never' | number;

/**
 * One run: a client at a first process, its repeat at a second, a change at a third; the schedule
 * chooses every step.
 */
async function run(
  schedule: Schedule,
  change: (app: Application) => Promise<unknown>,
  diesAt: DiesAt,
): Promise<void> {
  const world = await World.open('none');
  const [first, second, third] = [
    await world.process(),
    await world.process(),
    await world.process({ isStarted: false }),
  ];
  for (const process of [first, second, third]) await warm(process);
  let firstSteps = 0;
  let began: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (began = resolve));
  first.log.barrier = async (call) => {
    if (!isStep(call)) return;
    firstSteps += 1;
    if (firstSteps === diesAt) first.log.die();
    else await schedule.step(`first: ${call.moment} ${call.name}`);
    began();
  };
  second.log.barrier = (call) =>
    isStep(call) ? schedule.step(`second: ${call.moment} ${call.name}`) : undefined;
  third.log.barrier = (call) =>
    isStep(call) && call.name === 'append' ? schedule.step('third: before append') : undefined;

  // The two clients do the same, so it makes no difference which of them begins.
  const answers = Promise.all([
    client(world, first.app).catch(crashed),
    hasBegun.then(() => client(world, second.app)),
    change(third.app).then(() => undefined),
  ]);
  await schedule.drive(answers);
  await finish(world, await answers);
}

/**
 * Fills the state cache, as after the first minute of a process, so that a decision begins with its
 * claim. From here on others' events arrive late.
 */
async function warm({ app, log }: Process): Promise<void> {
  const time = { instant: `${today}T09:00:00.000Z`, date: today, latestDate: today };
  const { judgement } = await judgeOrder(order, time, app.states, app.priceRows);
  expect(judgement.decision.outcome).toBe('accepted');
  log.lags = true;
}

/** Repeats its request until it has an answer: after a 409 for a claim, 31 s later. */
async function client(world: World, app: Application): Promise<Outcome<never>> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    try {
      return await place(app, 'order-1');
    } catch (error) {
      if (!(error instanceof Error) || !['RequestInFlight', 'Contention'].includes(error.name))
        throw error;
      world.nowMs += 31_000;
    }
  }
  throw new Error('no answer in eight attempts');
}

async function finish(
  world: World,
  answers: readonly (Outcome<never> | undefined)[],
): Promise<void> {
  await world.check();
  for (const answer of answers) await world.expectTold(answer);
  expect(new Set(answers.flatMap((answer) => (answer ? [orderOf(answer)] : []))).size).toBe(1);
  const decided = (await world.events()).filter(
    ({ type }) => type === 'OrderPlaced' || type === 'OrderRefused',
  );
  expect(decided).toHaveLength(1);
  await world.close();
}

function crashed(error: unknown): undefined {
  if (!(error instanceof Crash)) throw error;
}

/** How many random schedules a case with many has in the usual run; the full run takes every one. */
const SCHEDULES = repeats('SCHEDULES', { usual: 24, full: 2_000 });

async function schedules(
  change: (app: Application) => Promise<unknown>,
  diesAt: DiesAt,
  most: 'many' | 'few',
): Promise<number> {
  const one = (schedule: Schedule): Promise<void> => run(schedule, change, diesAt);
  return most === 'few' || SCHEDULES >= 2_000
    ? everySchedule(one, 2_000)
    : someSchedules(one, { count: SCHEDULES, seed: 20_261_122 });
}

describe('interleavings of an order on a log without guards, its repeat on a second process, and a change', () => {
  it.each(changes)(
    '%s',
    async (_what, change) => {
      expect(await schedules(change, 'never', 'many')).toBeGreaterThan(
        SCHEDULES >= 2_000 ? 50 : SCHEDULES / 3,
      );
    },
    60_000,
  );

  const places = [
    ['before its claim', 1],
    ['between claim and append', 2],
    ['between append and answer', 3],
    ['after a conflict', 4],
  ] as const;
  it.each(
    changes.flatMap(([what, change]) =>
      places.map(([where, step]) => [what, where, step, change] as const),
    ),
  )(
    '%s; the first process dies %s',
    async (_what, _where, step, change) => {
      expect(await schedules(change, step, step <= 2 ? 'few' : 'many')).toBeGreaterThan(2);
    },
    60_000,
  );
});
