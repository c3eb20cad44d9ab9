import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderDecision } from '../../domain/gate/decision-view.js';
import type { OrderRequest } from '../../domain/order/order.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import { requiredPolicyOn } from '../../domain/program/program.js';
import { providersOfTenure, tenureOf } from '../../domain/qualification/tenure.js';
import { judgeDirectBill } from '../../domain/direct-bill/direct-bill-rules.js';
import { partnerId, type PartnerId, type TenantId } from '../../domain/shared/ids.js';
import { customerStream } from '../../domain/shared/streams.js';
import type { Position } from '../../event-log/event-log.js';
import type { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import { memoryLog, openBench } from '../../read-models/testing/bench.js';
import { judgeOrder } from '../gate/order-judgement.js';
import { PriceRows } from '../gate/price-rows.js';
import { initialiseLog } from '../program/initialise-log.js';
import { partnerFold } from '../records/folds.js';
import { ProgramHistory } from '../records/program-history.js';
import { PastView } from '../engine/states/view.js';
import { smallReferenceData } from '../testing/small-reference-data.js';
import { timeOf } from '../engine/time/clock.js';
import { sellerCustomerJudgements, judgeSellerCustomers } from './seller-customer-judgements.js';
import { judgedTenures, tenureProviders } from './tenure-judgements.js';
import {
  anyDay,
  anyHistory,
  sellers,
  type Step,
  tellHistory,
  tenants,
} from './testing/generated-world.js';
import { repeats } from '../../../test/support/repeats.js';

const RUNS = repeats('AGREEMENT_WORLDS', { usual: 10, full: 40 });

const now = { instant: '2026-11-22T10:00:00.000Z', date: '2026-11-22', latestDate: '2026-11-23' };
const withoutOrder = /^(SELLER-\d|MARKET-1|CUSTOMER-1|AGREEMENT-1|TENANT-\d|RELATIONSHIP-1)$/;
const customerSide = /^(MARKET-1|CUSTOMER-1|AGREEMENT-1|TENANT-\d)$/;

interface Question {
  readonly partnerId: PartnerId;
  readonly tenantId: TenantId;
  readonly providerId: PartnerId | undefined;
  readonly asOf: string | undefined;
  /** The position of the question, as a share of the log. */
  readonly share: number;
}
const anyQuestion: fc.Arbitrary<Question> = fc.record({
  partnerId: fc.constantFrom(...sellers),
  tenantId: fc.constantFrom(...tenants),
  providerId: fc.constantFrom(undefined, undefined, partnerId('p1'), partnerId('s1')),
  asOf: fc.option(anyDay, { nil: undefined }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

/**
 * The checks of a decision as an answer shows them: without facts that were read but are no
 * evidence.
 */
const shown = (decision: StoredDecision, tenantId: TenantId, rules: RegExp) =>
  renderDecision(decision, customerStream(tenantId), 'en', 'x').checks.filter(({ rule }) =>
    rules.test(rule),
  );

async function inWorld(
  steps: readonly Step[],
  ask: (world: World) => Promise<void>,
): Promise<void> {
  const log = memoryLog();
  await initialiseLog(log, {
    logId: 'log',
    clock: 'system',
    now: now.instant,
    referenceData: smallReferenceData,
  });
  const first = await log.head();
  const { readModels, close } = openBench(log);
  try {
    await tellHistory(log, steps);
    const head = await log.head();
    await readModels.waitFor(head);
    const at = (share: number): Position => first + Math.round(share * (head - first));
    await ask({ log, readModels, history: new ProgramHistory(log), at });
  } finally {
    await close();
  }
}
interface World {
  readonly log: MemoryEventLog;
  readonly readModels: ReturnType<typeof openBench>['readModels'];
  readonly history: ProgramHistory;
  readonly at: (share: number) => Position;
}

describe('in generated logs, for any asOf and knownAt', () => {
  it('judges a seller and a customer as the gate judges their order, with the same evidence', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory,
        fc.array(anyQuestion, { minLength: 6, maxLength: 10 }),
        (steps, questions) =>
          inWorld(steps, async ({ log, readModels, history, at }) => {
            const priceRows = new PriceRows(log);
            for (const { partnerId: seller, tenantId, providerId, asOf, share } of questions) {
              const knownAt = at(share);
              const pairAsked = {
                partnerId: seller,
                tenantId,
                ...(providerId === undefined ? {} : { providerId }),
              };
              const order: OrderRequest = {
                ...pairAsked,
                currency: 'JPY',
                lines: [{ offerId: 'A:1', quantity: 1, term: 'P1Y', billingPlan: 'annual' }],
              };
              const time = timeOf(now, asOf);
              const { judgement } = await judgeOrder(
                order,
                time,
                new PastView(log, knownAt),
                priceRows,
              );
              const program = await history.at(knownAt);
              const [pair, customer] = await judgeSellerCustomers(
                readModels,
                [pairAsked, { tenantId }],
                {
                  knownAt,
                  time,
                  program,
                },
              );
              expect(shown(pair!.decision, tenantId, /./)).toEqual(
                shown(judgement.decision, tenantId, withoutOrder),
              );
              const alone = shown(judgement.decision, tenantId, customerSide);
              // Without a seller there is no region for the market rule.
              const seen = shown(customer!.decision, tenantId, /./);
              expect(seen.filter(({ rule }) => rule !== 'MARKET-1')).toEqual(
                alone.filter(({ rule }) => rule !== 'MARKET-1'),
              );
              expect(pair!.decision.policy).toBe(judgement.decision.policy);
            }
          }),
      ),
      { numRuns: RUNS },
    );
  });

  it('judges tenure and direct billing as on the partners folded from the log', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory,
        fc.array(anyQuestion, { minLength: 4, maxLength: 6 }),
        (steps, questions) =>
          inWorld(steps, async ({ log, readModels, history, at }) => {
            for (const { partnerId, asOf = now.date, share } of questions) {
              const knownAt = at(share);
              const view = new PastView(log, knownAt);
              const program = await history.at(knownAt);
              const { policy } = requiredPolicyOn(program, asOf);
              const { state } = await view.load(partnerFold(partnerId));
              const states = await Promise.all(
                providersOfTenure(state).map(
                  async (id) => [id, (await view.load(partnerFold(id))).state] as const,
                ),
              );

              const [tenured] = await readModels.partnersAtPosition('tenure', [partnerId], knownAt);
              const providers = await tenureProviders(readModels, 'tenure', [tenured!], knownAt);
              expect(tenureOf(tenured!, providers, { asOf, policy })).toEqual(
                tenureOf(state, new Map(states), { asOf, policy }),
              );

              const [direct] = await readModels.partnersAtPosition(
                'direct-bill',
                [partnerId],
                knownAt,
              );
              const others = await tenureProviders(readModels, 'direct-bill', [direct!], knownAt);
              const facts = { asOf, program, revenue: [], assessments: [] };
              expect(
                judgeDirectBill({ ...facts, partner: direct!, providers: others }, 'entry'),
              ).toEqual(
                judgeDirectBill({ ...facts, partner: state, providers: new Map(states) }, 'entry'),
              );
            }
          }),
      ),
      { numRuns: RUNS },
    );
  });

  it('lists every seller and customer with a relationship or an order, and every partner’s tenure', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.double({ min: 0, max: 1, noNaN: true }), (steps, share) =>
        inWorld(steps, async ({ log, readModels, history, at }) => {
          const knownAt = at(share);
          const program = await history.at(knownAt);
          const { pairs, partners } = await told(log, knownAt);
          const judged = [];
          for await (const page of sellerCustomerJudgements(readModels, {
            knownAt,
            time: now,
            program,
          }))
            judged.push(...page);
          expect(
            judged.map(({ tenantId, partnerId }) => `${tenantId} ${partnerId}`).sort(),
          ).toEqual(pairs);
          const tenures = [];
          for await (const page of judgedTenures(readModels, { knownAt, asOf: now.date, program }))
            tenures.push(...page);
          expect(tenures.map(({ partner }) => partner.partnerId)).toEqual(partners);
        }),
      ),
      { numRuns: RUNS },
    );
  });
});

/** The expected pairs and partners, read from the log without a projection. */
async function told(log: MemoryEventLog, knownAt: Position) {
  const ordered = new Set<string>();
  const relationships = new Map<string, string>();
  const partners: string[] = [];
  for await (const { events } of log.readAll({ after: -1, upTo: knownAt })) {
    for (const { id, type, stream, data } of events) {
      const tenant = stream.slice('customer-'.length);
      const { partnerId, factId, value, retracted } = data as Record<string, string> & {
        value?: { partnerId: string };
      };
      if (type === 'PartnerRegistered') partners.push(String(partnerId));
      if (type === 'OrderPlaced' || type === 'OrderRefused')
        ordered.add(`${tenant} ${String(partnerId)}`);
      if (type === 'CustomerPartnerRelationshipStarted')
        relationships.set(id, `${tenant} ${String(partnerId)}`);
      if (type !== 'CustomerPartnerRelationshipCorrected') continue;
      if (retracted) relationships.delete(String(factId));
      else relationships.set(String(factId), `${tenant} ${String(value?.partnerId)}`);
    }
  }
  return { pairs: [...new Set([...ordered, ...relationships.values()])].sort(), partners };
}
