import type { Customer, CustomerEvent } from '../../domain/customer/customer.js';
import { evolveCustomer } from '../../domain/customer/customer.js';
import { type CustomerCommand, decideCustomer } from '../../domain/customer/customer.decide.js';
import { decideSubscriptionImport } from '../../domain/billing/subscription/import-subscription.decide.js';
import type { Partner, PartnerEvent } from '../../domain/partner/partner.js';
import { evolvePartner } from '../../domain/partner/partner.js';
import { decidePartner, type PartnerCommand } from '../../domain/partner/partner.decide.js';
import { marketOf } from '../../domain/program/program-queries.js';
import { assumed, type Proposed, type Recorded } from '../../domain/shared/event.js';
import type { PartnerId, SubscriptionId, TenantId } from '../../domain/shared/ids.js';
import { accept, refuse, type Result } from '../../domain/shared/result.js';
import { customerStream } from '../../domain/shared/streams.js';
import { subscriptionFold } from '../billing/billing-folds.js';
import type { View } from '../engine/states/view.js';
import { customerFold, partnerFold } from '../records/folds.js';
import type { ProgramFacts } from '../records/program-facts.js';
import type { RecordToTakeOver, RefusedLine } from './record-to-take-over.js';

type Of<Kind extends RecordToTakeOver['kind']> = Extract<RecordToTakeOver, { kind: Kind }>;

/**
 * Judges the lines of a file with the domain's own decisions, on the log's states and with the
 * earlier lines assumed. Partners come first, then customers, then subscriptions.
 */
export class LineJudgement {
  private readonly partners = new Map<PartnerId, Partner>();
  private readonly customers = new Map<TenantId, Customer>();
  private readonly subscriptions = new Set<SubscriptionId>();
  /** Partners and customers whose line is refused: what follows from that is not reported. */
  private readonly refused = new Set<PartnerId | TenantId>();

  constructor(
    private readonly states: View,
    private readonly facts: ProgramFacts,
  ) {}

  async refusalOf(record: RecordToTakeOver): Promise<RefusedLine['refusal'] | undefined> {
    const refusal = await this.judge(record);
    if (refusal && record.kind === 'partner') this.refused.add(record.partnerId);
    if (refusal && record.kind === 'customer') this.refused.add(record.tenantId);
    return refusal;
  }

  private judge(record: RecordToTakeOver): Promise<RefusedLine['refusal'] | undefined> {
    switch (record.kind) {
      case 'partner':
        return this.refusalOfPartner(record);
      case 'customer':
        return this.refusalOfCustomer(record);
      case 'subscription':
        return this.refusalOfSubscription(record);
    }
  }

  private async refusalOfPartner({
    partnerId,
    details,
    cspTenantIds,
  }: Of<'partner'>): Promise<RefusedLine['refusal'] | undefined> {
    const commands: readonly Given<PartnerCommand>[] = [
      { at: '', command: { type: 'register-partner', ...details } },
      ...cspTenantIds.map((tenantId, index): Given<PartnerCommand> => ({
        at: `/cspTenantIds/${index}`,
        command: { type: 'register-csp-tenant', tenantId },
      })),
    ];
    const after = afterAll<Partner, PartnerEvent, PartnerCommand>(
      await this.partner(partnerId),
      commands,
      (command, partner) => decidePartner(command, partner, this.facts),
      evolvePartner,
    );
    if (!after.ok) return after.refusal;
    this.partners.set(partnerId, after.value);
    return undefined;
  }

  private async refusalOfCustomer({
    tenantId,
    registration,
    agreements,
    relationships,
  }: Of<'customer'>): Promise<RefusedLine['refusal'] | undefined> {
    const commands: readonly Given<CustomerCommand>[] = [
      { at: '', command: registration },
      ...agreements.map(
        ({ signatory: _signatory, ...agreement }, index): Given<CustomerCommand> => ({
          at: `/agreements/${index}`,
          command: { type: 'sign-agreement', ...agreement, signatory: notSealed(tenantId) },
        }),
      ),
      ...relationships.map((value, index): Given<CustomerCommand> => ({
        at: `/relationships/${index}`,
        command: { type: 'start-relationship', value },
      })),
    ];
    const after = afterAll<Customer, CustomerEvent, CustomerCommand>(
      await this.customer(tenantId),
      commands,
      (command, customer) => decideCustomer(command, customer, this.facts),
      evolveCustomer,
    );
    if (!after.ok) return after.refusal;
    this.customers.set(tenantId, after.value);
    for (const { partnerId } of relationships)
      if (!(await this.isPartner(partnerId))) return { code: 'partner-unknown' };
    return undefined;
  }

  private async refusalOfSubscription({
    subscriptionId,
    subscription,
  }: Of<'subscription'>): Promise<RefusedLine['refusal'] | undefined> {
    if (this.subscriptions.has(subscriptionId)) return { code: 'subscription-repeated' };
    this.subscriptions.add(subscriptionId);
    const { tenantId, partnerId, providerId } = subscription;
    if (this.refused.has(tenantId)) return undefined;
    const { registration } = await this.customer(tenantId);
    const market =
      registration &&
      marketOf(this.facts.program, registration.country, registration.marketCode)?.marketCode;
    const { state } = await this.states.load(subscriptionFold(subscriptionId));
    const decided = decideSubscriptionImport(subscription, subscriptionId, state, {
      today: this.facts.today,
      customer: registration && (market === undefined ? {} : { market }),
      isSellerRegistered: await this.isPartner(partnerId),
      isProviderRegistered: providerId !== undefined && (await this.isPartner(providerId)),
    });
    return decided.ok ? undefined : decided.refusal;
  }

  private async partner(id: PartnerId): Promise<Partner> {
    return this.partners.get(id) ?? (await this.states.load(partnerFold(id))).state;
  }

  /** Registered, or about to be by a line that is refused for another reason. */
  private async isPartner(id: PartnerId): Promise<boolean> {
    return this.refused.has(id) || (await this.partner(id)).registration !== undefined;
  }

  private async customer(id: TenantId): Promise<Customer> {
    return this.customers.get(id) ?? (await this.states.load(customerFold(id))).state;
  }
}

interface Given<Command> {
  readonly command: Command;
  /** Where the line states it: a JSON pointer. */
  readonly at: string;
}

/** The state after several commands, or the first refusal. */
function afterAll<State, E extends Recorded, Command>(
  before: State,
  commands: readonly Given<Command>[],
  decide: (
    command: Command,
    state: State,
  ) => Result<readonly Proposed<E>[], RefusedLine['refusal']>,
  evolve: (state: State, event: E) => State,
): Result<State, RefusedLine['refusal']> {
  let state = before;
  for (const { command, at } of commands) {
    const decided = decide(command, state);
    if (!decided.ok) {
      const { path = '', ...refusal } = decided.refusal;
      return refuse(at === '' && path === '' ? refusal : { ...refusal, path: `${at}${path}` });
    }
    state = decided.value.map((event) => assumed<E>(event)).reduce(evolve, state);
  }
  return accept(state);
}

/** In place of a person's data while a line is judged: nothing is sealed before the import begins. */
const notSealed = (tenantId: TenantId) =>
  ({
    sealed: 1,
    subject: customerStream(tenantId),
    generation: 0,
    iv: '',
    box: '',
    mac: '',
  }) as const;
