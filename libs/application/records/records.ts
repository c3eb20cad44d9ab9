import { Injectable } from '@nestjs/common';
import type { Customer } from '../../domain/customer/customer.js';
import { isInScope } from '../../domain/customer/customer-scope.js';
import type { Program } from '../../domain/program/program.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { PartnerId, Scope, TenantId } from '../../domain/shared/ids.js';
import { EventLog, type Position } from '../../event-log/event-log.js';
import { Clock } from '../engine/time/clock.js';
import { customerFold, partnerFold, programFold } from './folds.js';
import type { Fold, Loaded } from '../engine/states/fold.js';
import { StateCache } from '../engine/states/state-cache.js';
import { readState } from '../engine/states/view.js';

/**
 * Reads one record, folded from its stream, with its revision. The answer is current, even if
 * another process appended last. `known` is a log position that the request already knows (a head,
 * or its own append); with it the log's head is not read again.
 */
@Injectable()
export class Records {
  constructor(
    private readonly log: EventLog,
    private readonly states: StateCache,
    private readonly clock: Clock,
  ) {}

  partner(partnerId: PartnerId, known?: Position): Promise<Loaded<Partner>> {
    return this.present(partnerFold(partnerId), known);
  }

  customer(tenantId: TenantId, known?: Position): Promise<Loaded<Customer>> {
    return this.present(customerFold(tenantId), known);
  }

  program(known?: Position): Promise<Loaded<Program>> {
    return this.present(programFold, known);
  }

  /** A record at a revision, for the repeated answer to a request. */
  at<State>(fold: Fold<State>, revision: number): Promise<Loaded<State>> {
    return readState(this.log, fold, { through: revision });
  }

  /** A record as of today, whatever date the request names. */
  async customerIsInScope(tenantId: TenantId, scope: Scope, known?: Position): Promise<boolean> {
    const { state } = await this.customer(tenantId, known);
    return isInScope(state, scope, this.clock.judgementTime().date);
  }

  async present<State>(fold: Fold<State>, known?: Position): Promise<Loaded<State>> {
    // In this process's own store this check costs almost nothing.
    if (known === undefined || this.log.capabilities.guards === 'atomic') await this.log.catchUp();
    return this.states.load(fold);
  }
}
