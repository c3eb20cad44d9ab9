import { addDays, monthOf } from './calendar.js';
import type { LogEvent } from './answers.js';

/**
 * A second implementation of the rulebook that shares no code with the product. It reads the log
 * from the first event and says, for each order, the reasons to refuse it at its place in the log.
 * It knows only the rules that the races affect; those tests use one region, one currency and no
 * direct billing.
 */
export interface OrderSeen {
  readonly event: LogEvent;
  /** The reasons that follow from the events before the order. */
  readonly expected: readonly string[];
  readonly recorded: readonly string[];
  /** Streams whose recorded revision differs from their revision at that place in the log. */
  readonly staleReads: readonly string[];
}

/** The distinct reasons of a recorded decision. */
export const recordedReasons = ({
  checks,
}: {
  readonly checks: readonly (readonly [string, string, string | 0])[];
}): readonly string[] => [
  ...new Set(checks.flatMap(([, , reason]) => (reason === 0 ? [] : [reason]))),
];

interface Fact {
  from?: string;
  to?: string;
  retracted?: boolean;
  value: Record<string, unknown>;
}
type Facts = Map<string, Fact>;

class PartnerSeen {
  isRegistered = false;
  model = '';
  readonly facts: Record<string, Facts> = {};
  readonly cspTenants = new Map<string, string | undefined>();

  kind(name: string): Facts {
    return (this.facts[name] ??= new Map());
  }
  inForce(name: string, date: string): readonly Fact[] {
    return [...this.kind(name).values()].filter((fact) => holds(fact, date));
  }
}

class CustomerSeen {
  isRegistered = false;
  closedOn: string | undefined;
  readonly agreements: { signedOn: string; withdrawnOn?: string }[] = [];
  readonly observations: { associated: boolean; observedOn: string }[] = [];
  readonly registrations = new Map<string, string | undefined>();
  readonly relationships: Facts = new Map();
}

const holds = ({ from, to, retracted }: Fact, date: string): boolean =>
  !retracted && (from === undefined || from <= date) && (to === undefined || date <= to);
const on = (data: Record<string, unknown>): string => String(data['on']);

export class Oracle {
  readonly orders: OrderSeen[] = [];
  private readonly partners = new Map<string, PartnerSeen>();
  private readonly customers = new Map<string, CustomerSeen>();
  private readonly revisions = new Map<string, number>();
  private readonly imports = new Map<string, Set<string>>();
  private readonly priceLists = new Map<string, Set<string>>();
  /** The offers that partners own, by partner and month. */
  private readonly ownLists = new Map<string, Set<string>>();
  private readonly policies: { effectiveFrom: string; policy: Record<string, unknown> }[] = [];

  read(events: readonly LogEvent[]): this {
    for (const event of events) {
      this.see(event);
      this.revisions.set(event.stream, event.revision);
    }
    return this;
  }

  /** A partner as lists show it for a day. */
  partnerOn(id: string, date: string) {
    const partner = this.partner(id);
    return {
      membershipActive: partner.inForce('Membership', date).length > 0,
      providerIds: partner
        .inForce('ProviderRelationship', date)
        .map(({ value }) => value['providerId']),
      cspTenantIds: [...partner.cspTenants]
        .filter(([, endedOn]) => endedOn === undefined || endedOn > date)
        .map(([tenantId]) => tenantId),
    };
  }

  /** A customer as lists show it for a day. */
  customerOn(id: string, date: string) {
    const { closedOn, relationships } = this.customer(id);
    const partnerIds = [...relationships.values()]
      .filter((fact) => holds(fact, date))
      .map(({ value }) => value['partnerId']);
    return { closedOn, partnerIds };
  }

  private see(event: LogEvent): void {
    const { type, data, stream } = event;
    if (type === 'OrderPlaced' || type === 'OrderRefused') this.seeOrder(event);
    else if (type === 'PolicyPublished') this.policies.push(data as never);
    else if (type === 'ImportChunkAdded')
      this.seeRows(stream, data['rows'] as { offerId: string; currency: string }[]);
    else if (type === 'PriceListPublished')
      this.priceLists.set(
        `${String(data['market'])} ${String(data['month'])}`,
        this.imports.get(`import-${String(data['importId'])}`) ?? new Set(),
      );
    else if (type === 'PartnerOffersPublished')
      this.ownLists.set(
        `${String(data['partnerId'])} ${String(data['month'])}`,
        this.imports.get(`import-${String(data['importId'])}`) ?? new Set(),
      );
    else if (stream.startsWith('partner-'))
      this.seePartner(this.partner(stream.slice('partner-'.length)), event);
    else if (stream.startsWith('customer-'))
      this.seeCustomer(this.customer(stream.slice('customer-'.length)), event);
  }

  private seeRows(stream: string, rows: readonly { offerId: string; currency: string }[]): void {
    const known = this.imports.get(stream) ?? new Set();
    for (const { offerId, currency } of rows) known.add(`${offerId} ${currency}`);
    this.imports.set(stream, known);
  }

  private seePartner(partner: PartnerSeen, { id, type, data }: LogEvent): void {
    if (type === 'PartnerRegistered')
      Object.assign(partner, { isRegistered: true, model: data['model'] });
    if (type === 'PartnerCspTenantRegistered')
      partner.cspTenants.set(String(data['tenantId']), undefined);
    if (type === 'PartnerCspTenantEnded')
      partner.cspTenants.set(String(data['tenantId']), on(data));
    const [, kind, what] =
      /^Partner(Location|Membership|SigningAuthority|ProviderAuthorization|ProviderRelationship)(Started|Ended|Corrected)$/.exec(
        type,
      ) ?? [];
    if (kind !== undefined) seeFact(partner.kind(kind), what!, id, data);
  }

  private seeCustomer(customer: CustomerSeen, { id, type, data }: LogEvent): void {
    if (type === 'CustomerRegistered') customer.isRegistered = true;
    if (type === 'CustomerClosed') customer.closedOn = on(data);
    if (type === 'CustomerAgreementSigned')
      customer.agreements.push({ signedOn: String(data['signedOn']) });
    if (type === 'CustomerAgreementWithdrawn') {
      for (const agreement of customer.agreements)
        if (!(agreement.withdrawnOn! <= on(data))) agreement.withdrawnOn = on(data);
    }
    if (type === 'TenantCspAssociationObserved') customer.observations.push(data as never);
    if (type === 'TenantCspAssociationRegistered')
      customer.registrations.set(String(data['partnerId']), undefined);
    if (type === 'TenantCspAssociationRegistrationEnded')
      customer.registrations.set(String(data['partnerId']), on(data));
    const what = /^CustomerPartnerRelationship(Started|Ended|Corrected)$/.exec(type)?.[1];
    if (what !== undefined) seeFact(customer.relationships, what, id, data);
  }

  private seeOrder(event: LogEvent): void {
    const decision = event.data['decision'] as {
      date: string;
      checks: [string, string, string | 0][];
      reads: [string, number][];
    };
    this.orders.push({
      event,
      expected: this.reasons(event, decision.date),
      recorded: recordedReasons(decision),
      staleReads: decision.reads
        .filter(([stream, revision]) => (this.revisions.get(stream) ?? -1) !== revision)
        .map(([stream]) => stream),
    });
  }

  private reasons({ stream, data }: LogEvent, date: string): readonly string[] {
    const seller = this.partner(String(data['partnerId']));
    const customer = this.customer(stream.slice('customer-'.length));
    const policy = this.policyOn(date);
    const ofCustomer = !customer.isRegistered
      ? ['customer-unknown']
      : (customer.closedOn ?? '9999') <= date
        ? ['customer-closed']
        : [];
    if (this.isPartnerOwned(data, date)) {
      if (!seller.isRegistered) return ['seller-unknown', ...ofCustomer];
      const isMember = seller.inForce('Membership', date).length > 0;
      return [
        ...(isMember ? [] : ['seller-membership-inactive']),
        ...ofCustomer,
        ...(customer.isRegistered ? this.ofOffers(data, date) : []),
      ];
    }
    return [
      ...this.ofSeller(seller, data['providerId'] as string | undefined, date),
      ...ofCustomer,
      ...(customer.isRegistered ? ofAgreements(customer.agreements, date) : []),
      ...ofTenant(customer, date, policy),
      ...(policy['customerRelationshipRequired'] === true &&
      customer.isRegistered &&
      seller.isRegistered
        ? [...customer.relationships.values()].some(
            (fact) => fact.value['partnerId'] === data['partnerId'] && holds(fact, date),
          )
          ? []
          : ['customer-relationship-missing']
        : []),
      ...(customer.isRegistered ? this.ofOffers(data, date) : []),
    ];
  }

  private ofSeller(
    seller: PartnerSeen,
    providerId: string | undefined,
    date: string,
  ): readonly string[] {
    if (!seller.isRegistered) return ['seller-unknown'];
    return [
      ...(seller.inForce('Membership', date).length > 0 ? [] : ['seller-membership-inactive']),
      ...(seller.inForce('Location', date).length > 0 ? [] : ['seller-location-missing']),
      ...(seller.inForce('SigningAuthority', date).length > 0
        ? []
        : ['seller-signing-authority-missing']),
      ...this.ofProvider(seller, providerId, date),
    ];
  }

  private ofProvider(
    seller: PartnerSeen,
    providerId: string | undefined,
    date: string,
  ): readonly string[] {
    const related = new Set(
      seller.inForce('ProviderRelationship', date).map(({ value }) => String(value['providerId'])),
    );
    const named = [...related].filter(
      (related) => providerId === undefined || related === providerId,
    );
    if (named.length === 0) return ['provider-relationship-missing'];
    const authorized = named.filter(
      (id) => this.partner(id).inForce('ProviderAuthorization', date).length > 0,
    );
    return authorized.length === 1
      ? []
      : [authorized.length === 0 ? 'provider-not-authorized' : 'provider-ambiguous'];
  }

  private ofOffers(data: LogEvent['data'], date: string): readonly string[] {
    const list = this.priceLists.get(`JP ${monthOf(date)}`);
    if (!list && !this.isPartnerOwned(data, date)) return ['price-list-missing'];
    const lines = data['lines'] as { offerId: string }[];
    const own = this.ownLists.get(`${String(data['partnerId'])} ${monthOf(date)}`);
    return lines.every(({ offerId }) =>
      (this.isOwned(data, offerId, date) ? own : list)?.has(
        `${offerId} ${String(data['currency'])}`,
      ),
    )
      ? []
      : ['offer-not-on-price-list'];
  }

  private isPartnerOwned(data: LogEvent['data'], date: string): boolean {
    const lines = data['lines'] as { offerId: string }[];
    return lines.every(({ offerId }) => this.isOwned(data, offerId, date));
  }

  /** The seller's list has the offer, and the market's does not, in whatever currency. */
  private isOwned({ partnerId }: LogEvent['data'], offerId: string, date: string): boolean {
    const has = (list: Set<string> | undefined): boolean =>
      [...(list ?? [])].some((offer) => offer.startsWith(`${offerId} `));
    return (
      has(this.ownLists.get(`${String(partnerId)} ${monthOf(date)}`)) &&
      !has(this.priceLists.get(`JP ${monthOf(date)}`))
    );
  }

  private policyOn(date: string): Record<string, unknown> {
    let best: { effectiveFrom: string; policy: Record<string, unknown> } | undefined;
    for (const one of this.policies)
      if (one.effectiveFrom <= date && (!best || one.effectiveFrom >= best.effectiveFrom))
        best = one;
    return best!.policy;
  }

  private partner(id: string): PartnerSeen {
    if (!this.partners.has(id)) this.partners.set(id, new PartnerSeen());
    return this.partners.get(id)!;
  }
  private customer(id: string): CustomerSeen {
    if (!this.customers.has(id)) this.customers.set(id, new CustomerSeen());
    return this.customers.get(id)!;
  }
}

function seeFact(facts: Facts, what: string, id: string, data: Record<string, unknown>): void {
  if (what === 'Started') facts.set(id, factOf(data));
  const fact = facts.get(String(data['factId']));
  if (!fact) return;
  if (what === 'Ended') fact.to = addDays(on(data), -1);
  if (what === 'Corrected')
    facts.set(
      String(data['factId']),
      data['retracted'] === true ? { ...fact, retracted: true } : factOf(data['value']),
    );
}

function factOf(stated: unknown): Fact {
  const { from, to, ...value } = stated as { from?: string; to?: string };
  return { value, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function ofAgreements(
  agreements: readonly { withdrawnOn?: string }[],
  date: string,
): readonly string[] {
  if (agreements.length === 0) return ['agreement-missing'];
  return agreements.some(({ withdrawnOn }) => withdrawnOn === undefined || withdrawnOn > date)
    ? []
    : ['agreement-withdrawn'];
}

function ofTenant(
  { observations, registrations }: CustomerSeen,
  date: string,
  policy: Record<string, unknown>,
): readonly string[] {
  const latest = observations
    .map(({ observedOn }) => observedOn)
    .sort()
    .at(-1);
  const isAssociated =
    [...registrations.values()].some((endedOn) => endedOn === undefined || endedOn > date) ||
    observations.some(({ associated, observedOn }) => associated && observedOn === latest);
  const lookedUp =
    latest !== undefined && addDays(latest, Number(policy['tenantCheckMaxAgeDays'])) >= date;
  return [
    ...(isAssociated ? ['tenant-csp-associated'] : []),
    ...(policy['tenantCheckRequired'] === true && !lookedUp
      ? ['tenant-association-unverified']
      : []),
  ];
}
