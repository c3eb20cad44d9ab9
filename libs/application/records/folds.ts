import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../domain/customer/customer.js';
import {
  emptyProgram,
  evolveProgram,
  type Program,
  type ProgramEvent,
} from '../../domain/program/program.js';
import {
  evolvePartner,
  type Partner,
  type PartnerEvent,
  unknownPartner,
} from '../../domain/partner/partner.js';
import {
  evolvePriceList,
  type PriceList,
  type PriceListEvent,
  unpublishedPriceList,
} from '../../domain/catalog/price-list.js';
import type { Recorded } from '../../domain/shared/event.js';
import {
  type PartnerId,
  partnerId,
  type StreamName,
  type TenantId,
  tenantId,
} from '../../domain/shared/ids.js';
import {
  customerStream,
  partnerStream,
  priceListStream,
  programStream,
} from '../../domain/shared/streams.js';

/** A stream with the fold that gives it meaning. */
export interface Fold<State> {
  readonly stream: StreamName;
  readonly initial: State;
  /**
   * Changes when the same events would give another state: snapshots of an older version are not
   * read. Absent: no snapshots are kept (the state is not plain data, or the stream stays short).
   */
  readonly snapshotVersion?: number;
  /**
   * Nothing is folded: the stream is long, and only how far it reaches is asked for. Its events are
   * not read.
   */
  readonly revisionOnly?: true;
  /**
   * Whether what the stream is about exists: other records may be in it before (a tenant that is no
   * customer yet). Absent: with the stream.
   */
  exists?(state: State): boolean;
  evolve(state: State, event: Recorded): State;
}

/** A stream's state, and the revision of the last event in it (−1: the stream does not exist). */
export interface Loaded<State> {
  readonly state: State;
  readonly revision: number;
}

// The catalogue has checked type and version of every event before it is folded, and a stream's
// name tells its union: hence the casts.
export const partnerFold = (partnerId: PartnerId): Fold<Partner> => ({
  stream: partnerStream(partnerId),
  initial: unknownPartner(partnerId),
  snapshotVersion: 1,
  exists: ({ registration }) => registration !== undefined,
  evolve: (partner, event) => evolvePartner(partner, event as PartnerEvent),
});

export const customerFold = (tenantId: TenantId): Fold<Customer> => ({
  stream: customerStream(tenantId),
  initial: unknownCustomer(tenantId),
  snapshotVersion: 2,
  exists: ({ registration }) => registration !== undefined,
  evolve: (customer, event) => evolveCustomer(customer, event as CustomerEvent),
});

export const programFold: Fold<Program> = {
  stream: programStream,
  initial: emptyProgram,
  evolve: (program, event) => evolveProgram(program, event as ProgramEvent),
};

/** A stream that is only appended to where it ends: what lies in it is found elsewhere. */
export const revisionFold = (stream: StreamName): Fold<undefined> => ({
  stream,
  initial: undefined,
  revisionOnly: true,
  evolve: () => undefined,
});

export const priceListFold = (market: string, month: string): Fold<PriceList> => ({
  stream: priceListStream(market, month),
  initial: unpublishedPriceList(market, month),
  exists: ({ published }) => published !== undefined,
  evolve: (list, event) => evolvePriceList(list, event as PriceListEvent),
});

/**
 * The fold that gives a stream its meaning, told by its name; undefined for streams that no
 * judgement looks at.
 */
export function foldOf(stream: StreamName): Fold<unknown> | undefined {
  if (stream === programStream) return programFold as Fold<unknown>;
  const [, kind, id = ''] = /^(partner|customer|pricelist)-(.+)$/.exec(stream) ?? [];
  if (kind === 'partner') return partnerFold(partnerId(id)) as Fold<unknown>;
  if (kind === 'customer') return customerFold(tenantId(id)) as Fold<unknown>;
  const [, market, month] = (kind === 'pricelist' && /^(.+)-(\d{4}-\d{2})$/.exec(id)) || [];
  return market === undefined || month === undefined
    ? undefined
    : (priceListFold(market, month) as Fold<unknown>);
}
