import type { Customer } from '../../domain/customer/customer.js';
import type { Partner } from '../../domain/partner/partner.js';
import type { DirectBillApplication } from '../../domain/direct-bill/application.js';
import type { CapabilitiesAssessment } from '../../domain/direct-bill/assessment.js';
import type { PartnerId, TenantId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import type {
  ScanPage,
  SellerCustomerIds,
  SellerCustomerPage,
  PartnerPage,
  ScanQuery,
  PartnerView,
} from '../version-queries.js';
import type { Projection } from '../projection.js';
import { applicationVersions } from '../projections/application-versions.js';
import { customerVersions } from '../projections/customer-versions.js';
import { type AssessmentRow, directBillProjection } from '../projections/direct-bill.projection.js';
import { eligibilityProjection, type PairRow } from '../projections/eligibility.projection.js';
import { partnerVersions } from '../projections/partner-versions.js';
import { tenureProjection } from '../projections/tenure.projection.js';
import {
  type CurrentRow,
  type ReplacedRow,
  stateAt,
  type Versioning,
} from '../projections/versions.js';
import {
  wherePartner,
  pairsAfter,
  replacedBehind,
  type Scan,
  versionsAfter,
  versionsOf,
} from '../queries/version-rows.js';
import type { QueryOf, Selected } from '../store.js';
import type { ScopeFilter } from './scope-filter.js';

/** Runs a query once the projection's rows cover the position. */
type Select = (
  projection: Projection,
  query: QueryOf,
  covering: Position,
) => Promise<Selected['rows']>;
type Reading<State> = Pick<Versioning<State, never>, 'initial' | 'join'>;

const PAGE_ROWS = 500;
const views: Readonly<Record<PartnerView, Projection>> = {
  eligibility: eligibilityProjection,
  tenure: tenureProjection,
  'direct-bill': directBillProjection,
};

/** Reads partners and customers as they were known at a position. */
export class VersionReader {
  constructor(
    private readonly select: Select,
    private readonly scopes: ScopeFilter,
  ) {}

  partners(
    view: PartnerView,
    partnerIds: readonly PartnerId[],
    knownAt: Position,
  ): Promise<readonly Partner[]> {
    return this.states(views[view], 'partners', partnerVersions, partnerIds, knownAt);
  }

  customers(tenantIds: readonly TenantId[], knownAt: Position): Promise<readonly Customer[]> {
    return this.states(eligibilityProjection, 'customers', customerVersions, tenantIds, knownAt);
  }

  async scanPartners(view: PartnerView, query: ScanQuery): Promise<PartnerPage> {
    const scan = scanOf(query);
    const rows = await this.rows<CurrentRow>(
      views[view],
      versionsAfter('partners', scan, query.partnerIds),
      query.knownAt,
    );
    return page(
      await this.statesOf(views[view], 'partners', partnerVersions, rows, query.knownAt),
      rows,
      scan,
    );
  }

  async scanSellerCustomers(query: ScanQuery): Promise<SellerCustomerPage> {
    const scan = scanOf(query);
    const rows = await this.rows<PairRow>(
      eligibilityProjection,
      pairsAfter(scan, query.partnerIds),
      query.knownAt,
    );
    // A pair without an order comes from a relationship, which a correction may have removed since,
    // or added later.
    const unordered = rows
      .filter(({ orderedAt = Infinity }) => orderedAt > query.knownAt)
      .map(({ tenantId }) => tenantId as TenantId);
    const customers = new Map(
      (await this.customers([...new Set(unordered)], query.knownAt)).map((one) => [
        one.tenantId,
        one,
      ]),
    );
    const items = rows.filter(({ tenantId, partnerId, orderedAt = Infinity }) => {
      const relationships = customers.get(tenantId as TenantId)?.relationships ?? [];
      return (
        orderedAt <= query.knownAt ||
        relationships.some(({ value, retracted }) => !retracted && value.partnerId === partnerId)
      );
    });
    return page((await this.scopes.kept(items, query.scope)).map(pairOf), rows, scan);
  }

  async applicationsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly DirectBillApplication[]> {
    const rows = await this.rows<CurrentRow>(
      directBillProjection,
      wherePartner('applications', partnerId, knownAt),
      knownAt,
    );
    return this.statesOf(directBillProjection, 'applications', applicationVersions, rows, knownAt);
  }

  async assessmentsOf(
    partnerId: PartnerId,
    knownAt: Position,
  ): Promise<readonly CapabilitiesAssessment[]> {
    const rows = await this.rows<AssessmentRow>(
      directBillProjection,
      wherePartner('assessments', partnerId, knownAt),
      knownAt,
    );
    return rows.map(({ assessment }) => assessment);
  }

  /**
   * One state for each subject, in the order of the ids; the initial state of a subject that did
   * not exist yet.
   */
  private async states<State>(
    projection: Projection,
    table: string,
    reading: Reading<State>,
    subjects: readonly string[],
    knownAt: Position,
  ): Promise<readonly State[]> {
    const rows = await this.rows<CurrentRow>(projection, versionsOf(table, subjects), knownAt);
    const states = await this.statesOf(projection, table, reading, rows, knownAt);
    const found = new Map(rows.map(({ subject }, index) => [subject, states[index]]));
    return subjects.map((subject) => found.get(subject) ?? reading.initial(subject));
  }

  /**
   * The newest versions are enough if nothing has changed since the position. Replaced pieces are
   * read after them: a piece that is replaced in between is still in the newest versions.
   */
  private async statesOf<State>(
    projection: Projection,
    table: string,
    reading: Reading<State>,
    rows: readonly CurrentRow[],
    knownAt: Position,
  ): Promise<readonly State[]> {
    const changed = rows.filter(({ since }) => since > knownAt).map(({ subject }) => subject);
    const replaced = await this.rows<ReplacedRow>(
      projection,
      replacedBehind(table, changed, knownAt),
      knownAt,
    );
    const bySubject = Map.groupBy(replaced, ({ subject }) => subject);
    return rows.map((row) => stateAt(reading, row, bySubject.get(row.subject) ?? [], knownAt));
  }

  private async rows<R>(
    projection: Projection,
    query: QueryOf,
    knownAt: Position,
  ): Promise<readonly R[]> {
    // The projection that owns the table wrote the rows in its own type.
    return (await this.select(projection, query, knownAt)).map(
      ({ row }) => JSON.parse(String(row)) as R,
    );
  }
}

const scanOf = ({ knownAt, after, limit = PAGE_ROWS }: ScanQuery): Scan => ({
  knownAt,
  after,
  rows: limit,
});

const page = <Item>(
  items: readonly Item[],
  rows: readonly { readonly position: Position }[],
  { rows: limit }: Scan,
): ScanPage<Item> => ({
  items,
  next: rows.length < limit ? undefined : rows.at(-1)?.position,
});

// The keys of pairs were built from these ids.
const pairOf = ({ tenantId, partnerId }: PairRow): SellerCustomerIds =>
  ({ tenantId, partnerId }) as SellerCustomerIds;
