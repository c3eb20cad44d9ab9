import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  decideSubscriptionImport,
  type SubscriptionToImport,
} from '../../domain/billing/subscription/import-subscription.decide.js';
import type { Customer, CustomerEvent } from '../../domain/customer/customer.js';
import { evolveCustomer } from '../../domain/customer/customer.js';
import { type CustomerCommand, decideCustomer } from '../../domain/customer/customer.decide.js';
import type { Partner, PartnerEvent } from '../../domain/partner/partner.js';
import { evolvePartner } from '../../domain/partner/partner.js';
import { decidePartner, type PartnerCommand } from '../../domain/partner/partner.decide.js';
import { marketOf } from '../../domain/program/program-queries.js';
import { assumed, type Proposed, type Recorded } from '../../domain/shared/event.js';
import type { PartnerId, SubscriptionId, TenantId } from '../../domain/shared/ids.js';
import type { Malformed } from '../../domain/shared/malformed.js';
import { accept, refuse, type Result } from '../../domain/shared/result.js';
import { customerStream } from '../../domain/shared/streams.js';
import { subscriptionFold } from '../billing/billing-folds.js';
import { ImportSubscription } from '../billing/subscriptions/import-subscription.handler.js';
import { ChangeCustomer, SignAgreement } from '../customers/customer.commands.js';
import type { Signatory } from '../customers/customer.commands.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { RegisterPartner } from '../partners/partner.commands.js';
import { customerFold, partnerFold } from '../records/folds.js';
import { type ProgramFacts, programFacts } from '../records/program-facts.js';

type AgreementToSign = SignAgreement['agreement'] & { readonly signatory: Signatory };

/** A record of an adopter, as its line states it. `line` is its place in the file, from 1. */
export type RecordToTakeOver = { readonly line: number } & (
  | {
      readonly kind: 'partner';
      readonly partnerId: PartnerId;
      readonly details: RegisterPartner['details'];
      readonly cspTenantIds: readonly TenantId[];
    }
  | {
      readonly kind: 'customer';
      readonly tenantId: TenantId;
      readonly registration: Extract<CustomerCommand, { type: 'register-customer' }>;
      readonly agreements: readonly AgreementToSign[];
      readonly relationships: readonly { readonly partnerId: PartnerId; readonly from?: string }[];
    }
  | {
      readonly kind: 'subscription';
      readonly subscriptionId: SubscriptionId;
      readonly subscription: SubscriptionToImport;
    }
);
type Of<Kind extends RecordToTakeOver['kind']> = Extract<RecordToTakeOver, { kind: Kind }>;

export interface RefusedLine {
  readonly line: number;
  readonly refusal: { readonly code: string } & Partial<Omit<Malformed, 'code'>>;
}

/** What the file says of itself, before any of it is in the log. */
interface Assumed {
  readonly facts: ProgramFacts;
  readonly partners: Map<PartnerId, Partner>;
  readonly customers: Map<TenantId, Customer>;
  readonly subscriptions: Set<SubscriptionId>;
  /** Partners and customers whose line is refused: what follows from that is not reported. */
  readonly refused: Set<PartnerId | TenantId>;
}

const AT_ONCE = 32;
const order: readonly RecordToTakeOver['kind'][] = ['partner', 'customer', 'subscription'];

/**
 * Takes over an adopter's partners, customers and running subscriptions. All lines are judged
 * first, with the lines before them assumed; only if none is refused the commands are given.
 */
@Injectable()
export class TakeOver {
  constructor(
    private readonly commands: CommandBus,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  /** The lines that the log would refuse. Nothing is appended. */
  async judge(
    records: readonly RecordToTakeOver[],
    judged: () => void,
  ): Promise<readonly RefusedLine[]> {
    await this.states.catchUp();
    const { facts } = await programFacts(this.states, this.clock);
    const file: Assumed = {
      facts,
      partners: new Map(),
      customers: new Map(),
      subscriptions: new Set(),
      refused: new Set(),
    };
    const refused: RefusedLine[] = [];
    for (const record of inOrder(records)) {
      const refusal = await this.refusalOf(record, file);
      if (refusal) {
        refused.push({ line: record.line, refusal });
        if (record.kind === 'partner') file.refused.add(record.partnerId);
        if (record.kind === 'customer') file.refused.add(record.tenantId);
      }
      judged();
    }
    return refused.sort((a, b) => a.line - b.line);
  }

  /**
   * Gives the commands of all records, some at the same time: partners, then customers, then
   * subscriptions. A command has the same id each time, so an interrupted import can be repeated.
   * Returns the lines that are refused now, because the log has changed since they were judged.
   */
  async apply(
    records: readonly RecordToTakeOver[],
    contextOf: (line: number, step: string) => CommandContext,
    applied: (changed: boolean) => void,
  ): Promise<readonly RefusedLine[]> {
    const refused: RefusedLine[] = [];
    const take = async (record: RecordToTakeOver): Promise<void> => {
      let changed = false;
      for await (const outcome of this.commandsOf(record, contextOf)) {
        if (outcome.kind === 'refused') {
          refused.push({ line: record.line, refusal: outcome.refusal });
          break;
        }
        changed ||= outcome.kind === 'committed' && !outcome.replayed;
      }
      applied(changed);
    };
    for (const kind of order) {
      const ofKind = records.filter((record) => record.kind === kind);
      for (let from = 0; from < ofKind.length; from += AT_ONCE)
        await Promise.all(ofKind.slice(from, from + AT_ONCE).map(take));
    }
    return refused.sort((a, b) => a.line - b.line);
  }

  private refusalOf(
    record: RecordToTakeOver,
    file: Assumed,
  ): Promise<RefusedLine['refusal'] | undefined> {
    switch (record.kind) {
      case 'partner':
        return this.refusalOfPartner(record, file);
      case 'customer':
        return this.refusalOfCustomer(record, file);
      case 'subscription':
        return this.refusalOfSubscription(record, file);
    }
  }

  private async refusalOfPartner(
    { partnerId, details, cspTenantIds }: Of<'partner'>,
    file: Assumed,
  ): Promise<RefusedLine['refusal'] | undefined> {
    const commands: readonly Given<PartnerCommand>[] = [
      { at: '', command: { type: 'register-partner', ...details } },
      ...cspTenantIds.map((tenantId, index): Given<PartnerCommand> => ({
        at: `/cspTenantIds/${index}`,
        command: { type: 'register-csp-tenant', tenantId },
      })),
    ];
    const after = afterAll<Partner, PartnerEvent, PartnerCommand>(
      await this.partner(partnerId, file),
      commands,
      (command, partner) => decidePartner(command, partner, file.facts),
      evolvePartner,
    );
    if (!after.ok) return after.refusal;
    file.partners.set(partnerId, after.value);
    return undefined;
  }

  private async refusalOfCustomer(
    { tenantId, registration, agreements, relationships }: Of<'customer'>,
    file: Assumed,
  ): Promise<RefusedLine['refusal'] | undefined> {
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
      await this.customer(tenantId, file),
      commands,
      (command, customer) => decideCustomer(command, customer, file.facts),
      evolveCustomer,
    );
    if (!after.ok) return after.refusal;
    file.customers.set(tenantId, after.value);
    for (const { partnerId } of relationships)
      if (!(await this.isPartner(partnerId, file))) return { code: 'partner-unknown' };
    return undefined;
  }

  private async refusalOfSubscription(
    { subscriptionId, subscription }: Of<'subscription'>,
    file: Assumed,
  ): Promise<RefusedLine['refusal'] | undefined> {
    if (file.subscriptions.has(subscriptionId)) return { code: 'subscription-repeated' };
    file.subscriptions.add(subscriptionId);
    const { tenantId, partnerId, providerId } = subscription;
    if (file.refused.has(tenantId)) return undefined;
    const { registration } = await this.customer(tenantId, file);
    const market =
      registration &&
      marketOf(file.facts.program, registration.country, registration.marketCode)?.marketCode;
    const { state } = await this.states.load(subscriptionFold(subscriptionId));
    const decided = decideSubscriptionImport(subscription, subscriptionId, state, {
      today: file.facts.today,
      customer: registration && (market === undefined ? {} : { market }),
      isSellerRegistered: await this.isPartner(partnerId, file),
      isProviderRegistered: providerId !== undefined && (await this.isPartner(providerId, file)),
    });
    return decided.ok ? undefined : decided.refusal;
  }

  private async partner(id: PartnerId, { partners }: Assumed): Promise<Partner> {
    return partners.get(id) ?? (await this.states.load(partnerFold(id))).state;
  }

  /** Registered, or about to be by a line that is refused for another reason. */
  private async isPartner(id: PartnerId, file: Assumed): Promise<boolean> {
    return file.refused.has(id) || (await this.partner(id, file)).registration !== undefined;
  }

  private async customer(id: TenantId, { customers }: Assumed): Promise<Customer> {
    return customers.get(id) ?? (await this.states.load(customerFold(id))).state;
  }

  private async *commandsOf(
    record: RecordToTakeOver,
    contextOf: (line: number, step: string) => CommandContext,
  ): AsyncGenerator<Outcome<RefusedLine['refusal']>> {
    const context = (step: string): CommandContext => contextOf(record.line, step);
    if (record.kind === 'partner') {
      const { partnerId, details, cspTenantIds } = record;
      yield this.commands.execute(
        new RegisterPartner(context('partner'), partnerId, details, cspTenantIds),
      );
    } else if (record.kind === 'customer') {
      const { tenantId, registration, agreements, relationships } = record;
      yield this.commands.execute(new ChangeCustomer(context('customer'), tenantId, registration));
      for (const [index, { signatory, ...agreement }] of agreements.entries())
        yield this.commands.execute(
          new SignAgreement(context(`agreement ${index}`), tenantId, agreement, signatory),
        );
      for (const [index, value] of relationships.entries())
        yield this.commands.execute(
          new ChangeCustomer(context(`relationship ${index}`), tenantId, {
            type: 'start-relationship',
            value,
          }),
        );
    } else {
      const { subscriptionId, subscription } = record;
      yield this.commands.execute(
        new ImportSubscription(context('subscription'), subscriptionId, subscription),
      );
    }
  }
}

const inOrder = (records: readonly RecordToTakeOver[]): readonly RecordToTakeOver[] =>
  order.flatMap((kind) => records.filter((record) => record.kind === kind));

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
