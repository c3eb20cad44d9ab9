import { Injectable } from '@nestjs/common';
import { Records } from '../../../libs/application/records/records.js';
import { partnerId, type TenantId } from '../../../libs/domain/shared/ids.js';
import type { Position } from '../../../libs/event-log/event-log.js';
import type { RequestContext } from '../http/request/request-context.js';

/**
 * Whether a read may show a customer to the caller. Commands check the scope in their decisions.
 */
@Injectable()
export class CustomerScope {
  constructor(private readonly records: Records) {}

  /** A key without a scope may see all customers. */
  async includes(
    { principal }: Pick<RequestContext, 'principal'>,
    tenantId: TenantId,
    known?: Position,
  ): Promise<boolean> {
    const { partnerIds } = principal;
    return (
      partnerIds === undefined ||
      this.records.customerIsInScope(tenantId, partnerIds.map(partnerId), known)
    );
  }
}
