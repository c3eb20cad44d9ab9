import { Injectable } from '@nestjs/common';
import { Records } from '../../../libs/application/states/records.js';
import { partnerId, type TenantId } from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import { outsideScope, type RequestContext } from '../http/context/request-context.js';

/** Whether a customer is in the caller's scope: by a relationship with, or an accepted order of, one of its partners. */
@Injectable()
export class CustomerScope {
  constructor(private readonly records: Records) {}

  /** A key without a scope may see everything. */
  async includes({ principal }: Pick<RequestContext, 'principal'>, tenantId: TenantId, known?: Position): Promise<boolean> {
    const { partnerIds } = principal;
    return partnerIds === undefined || this.records.customerIsInScope(tenantId, partnerIds.map(partnerId), known);
  }

  /** 403 for a write to a customer outside it. */
  async require(context: Pick<RequestContext, 'principal'>, tenantId: TenantId, known?: Position): Promise<void> {
    if (!(await this.includes(context, tenantId, known))) throw outsideScope();
  }
}
