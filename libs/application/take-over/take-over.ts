import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ImportSubscription } from '../billing/subscriptions/import-subscription.handler.js';
import { ChangeCustomer, SignAgreement } from '../customers/customer.commands.js';
import type { CommandContext } from '../engine/commands/command-context.js';
import type { Outcome } from '../engine/commands/decision.js';
import { StateCache } from '../engine/states/state-cache.js';
import { Clock } from '../engine/time/clock.js';
import { RegisterPartner } from '../partners/partner.commands.js';
import { programFacts } from '../records/program-facts.js';
import { LineJudgement } from './line-judgement.js';
import type { RecordToTakeOver, RefusedLine } from './record-to-take-over.js';

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
    const judgement = new LineJudgement(this.states, facts);
    const refused: RefusedLine[] = [];
    for (const record of inOrder(records)) {
      const refusal = await judgement.refusalOf(record);
      if (refusal) refused.push({ line: record.line, refusal });
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
