import type { Customer } from '../../domain/customer/customer.js';
import type { JudgementTime } from '../../domain/shared/calendar.js';
import { providersToRead } from '../../domain/gate/case/foreign-streams.js';
import { judgeSellerCustomer } from '../../domain/gate/seller-customer.js';
import type { StoredDecision } from '../../domain/order/stored-decision.js';
import type { Program } from '../../domain/program/program.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { PartnerId, TenantId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import type { ScanQuery } from '../../read-models/version-queries.js';
import type { ReadModels } from '../../read-models/read-models.js';
import { activeRuleset } from '../gate/order-judgement.js';

/** The date and the log position to judge at, and the program as known there. */
export interface JudgementMoment {
  readonly knownAt: Position;
  readonly time: JudgementTime;
  /** As known at `knownAt`. */
  readonly program: Program;
}

export interface AskedSellerCustomer {
  readonly tenantId: TenantId;
  /** If absent, only the rules on the customer's side are judged. */
  readonly partnerId?: PartnerId;
  readonly providerId?: PartnerId;
}

export interface SellerCustomerJudgement extends AskedSellerCustomer {
  readonly customer: Customer;
  readonly seller?: Partner;
  readonly decision: StoredDecision;
}

/**
 * Judges every seller and customer with a relationship or an order, a page at a time, in the order
 * of the first relationship or order.
 */
export async function* sellerCustomerJudgements(
  readModels: ReadModels,
  at: JudgementMoment,
  among: Pick<ScanQuery, 'partnerIds' | 'scope'> = {},
): AsyncGenerator<readonly SellerCustomerJudgement[]> {
  for (let after: Position | undefined; ;) {
    const { items, next } = await readModels.scanSellerCustomers({
      knownAt: at.knownAt,
      after,
      ...among,
    });
    yield await judgeSellerCustomers(readModels, items, at);
    if (next === undefined) return;
    after = next;
  }
}

/**
 * Judges sellers and customers by the gate's own rules, on what the read models knew at that
 * position. Each partner and customer is read once.
 */
export async function judgeSellerCustomers(
  readModels: ReadModels,
  asked: readonly AskedSellerCustomer[],
  at: JudgementMoment,
): Promise<readonly SellerCustomerJudgement[]> {
  const { knownAt, time, program } = at;
  const ruleset = activeRuleset(program);
  const customers = await byId(
    asked.map(({ tenantId }) => tenantId),
    (ids) => readModels.customersAtPosition(ids, knownAt),
  );
  const partners = (ids: readonly PartnerId[]) =>
    byId(ids, (some) => readModels.partnersAtPosition('eligibility', some, knownAt));
  const sellers = await partners(asked.flatMap(({ partnerId }) => partnerId ?? []));

  const known = asked.map((pair) => {
    const seller = pair.partnerId && required(sellers, pair.partnerId);
    return { pair, seller, providerIds: seller ? providersToRead(pair, seller, time.date) : [] };
  });
  const providers = await partners(known.flatMap(({ providerIds }) => providerIds));

  return known.map(({ pair, seller, providerIds }) => {
    const customer = required(customers, pair.tenantId);
    const facts = {
      customer,
      ...(seller ? { seller } : {}),
      ...(seller && pair.providerId !== undefined ? { providerId: pair.providerId } : {}),
      providers: new Map(providerIds.map((id) => [id, required(providers, id)])),
    };
    return {
      ...pair,
      customer,
      ...(seller ? { seller } : {}),
      decision: judgeSellerCustomer(facts, time, program, ruleset),
    };
  });
}

async function byId<Id, State>(
  ids: readonly Id[],
  read: (ids: readonly Id[]) => Promise<readonly State[]>,
): Promise<ReadonlyMap<Id, State>> {
  const once = [...new Set(ids)];
  const states = once.length === 0 ? [] : await read(once);
  // `read` returns one state for each id, in the same order
  return new Map(states.map((state, index) => [once[index] as Id, state]));
}

function required<Id, State>(states: ReadonlyMap<Id, State>, id: Id): State {
  const state = states.get(id);
  if (state === undefined) throw new Error(`${String(id)} was not read`);
  return state;
}
