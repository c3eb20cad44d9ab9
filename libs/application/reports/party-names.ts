import type { PartnerId, StreamName, TenantId } from '../../domain/shared/ids.js';
import { customerStream, partnerStream } from '../../domain/shared/streams.js';
import type { Position } from '../../event-log/event-log.js';
import type { ReadModels } from '../../read-models/read-models.js';

/** The names of the partners and customers on a page, as known at a position. */
export interface PartyNames {
  partner(partnerId: PartnerId): string | null;
  customer(tenantId: TenantId): string | null;
}

export async function partyNames(
  readModels: ReadModels,
  knownAt: Position,
  {
    partners = [],
    customers = [],
  }: { readonly partners?: readonly PartnerId[]; readonly customers?: readonly TenantId[] },
): Promise<PartyNames> {
  const streams = new Set<StreamName>([
    ...partners.map(partnerStream),
    ...customers.map(customerStream),
  ]);
  const names = new Map(Object.entries(await readModels.namesAtPosition([...streams], knownAt)));
  return {
    partner: (partnerId) => names.get(partnerStream(partnerId)) ?? null,
    customer: (tenantId) => names.get(customerStream(tenantId)) ?? null,
  };
}
