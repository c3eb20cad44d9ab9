import type { PartnerOffers } from '../../catalog/partner-offers.js';
import type { SellingPriceRow } from '../../catalog/selling-prices.js';
import type { PriceList, PriceRow } from '../../catalog/price-list.js';
import {
  type Customer,
  type CustomerEvent,
  evolveCustomer,
  unknownCustomer,
} from '../../customer/customer.js';
import { emptyProgram, evolveProgram, type ProgramEvent } from '../../program/program.js';
import {
  evolvePartner,
  type Partner,
  type PartnerEvent,
  unknownPartner,
} from '../../partner/partner.js';
import { latestDateOnEarth, monthOf } from '../../shared/calendar.js';
import type { Proposed, Recorded } from '../../shared/event.js';
import {
  type EventId,
  eventId,
  importId,
  type PartnerId,
  type StreamName,
} from '../../shared/ids.js';
import {
  customerStream,
  partnerOffersStream,
  partnerStream,
  priceListStream,
  programStream,
} from '../../shared/streams.js';
import { priceListToRead, providersToRead, readsPartnerOffers } from '../case/foreign-streams.js';
import type { Facts } from '../case/facts.js';
import { creditFactsIn, creditStreamsIn, type CreditWorld } from './credit-world.js';
import type { OrderRequest } from '../../order/order.js';
import type { Reason, RuleId } from '../../order/reasons.js';
import { judge, type Judgement, reasonsOf } from '../rulebook.js';
import { rulesetNamed } from '../rulesets.js';
import type { StoredCheck } from '../../order/stored-decision.js';

interface Written {
  readonly stream: StreamName;
  readonly id: EventId;
  readonly type: string;
  readonly data: unknown;
}

/** Plain data, so that a world can be stored in a file. */
export interface Contents {
  readonly date: string;
  readonly order: OrderRequest;
  readonly written: readonly Written[];
  readonly rows: readonly PriceRow[];
  /** The rows of the seller's own offers; absent: it has published none. */
  readonly ownRows?: readonly PriceRow[];
  /** The rows of the seller's selling prices; absent: it has published none. */
  readonly sellingRows?: readonly SellingPriceRow[];
  /** Publications of the order's price list, by market and month. */
  readonly published: readonly string[];
  readonly count: number;
}

/**
 * A small log and an order placed after it, for tests. Immutable: each step returns another world.
 */
export class World {
  constructor(readonly contents: Contents) {}

  on(date: string): World {
    return this.change({ date });
  }

  ordering(order: Partial<OrderRequest>): World {
    return this.change({ order: { ...this.contents.order, ...order } });
  }

  /** The same order with another first line. */
  orderingLine(line: Partial<OrderRequest['lines'][number]>): World {
    const [first, ...others] = this.contents.order.lines;
    return first ? this.ordering({ lines: [{ ...first, ...line }, ...others] }) : this;
  }

  program(...events: readonly Proposed<ProgramEvent>[]): World {
    return this.write(programStream, events);
  }

  partner(partnerId: PartnerId, ...events: readonly Proposed<PartnerEvent>[]): World {
    return this.write(partnerStream(partnerId), events);
  }

  seller(...events: readonly Proposed<PartnerEvent>[]): World {
    return this.partner(this.contents.order.partnerId, ...events);
  }

  customer(...events: readonly Proposed<CustomerEvent>[]): World {
    return this.write(customerStream(this.contents.order.tenantId), events);
  }

  /** The world without these events; without all events of the stream if no type is named. */
  without(stream: StreamName, ...types: readonly string[]): World {
    const gone = (event: Written): boolean =>
      event.stream === stream && (types.length === 0 || types.includes(event.type));
    return this.change({ written: this.contents.written.filter((event) => !gone(event)) });
  }

  withoutSeller(...types: readonly PartnerEvent['type'][]): World {
    return this.without(partnerStream(this.contents.order.partnerId), ...types);
  }

  withoutCustomer(...types: readonly CustomerEvent['type'][]): World {
    return this.without(customerStream(this.contents.order.tenantId), ...types);
  }

  /** The rows of every published list. */
  selling(...rows: readonly PriceRow[]): World {
    return this.change({ rows });
  }

  /** The seller's billing entity, or the account, profile and tax rates of its customer. */
  billing<E extends Recorded>(stream: StreamName, ...events: readonly Proposed<E>[]): World {
    return this.write(stream, events);
  }

  /** The seller's selling prices for the order's month. */
  pricing(...sellingRows: readonly SellingPriceRow[]): World {
    return this.change({ sellingRows });
  }

  /** The seller's own offers for the order's month. */
  owning(...ownRows: readonly PriceRow[]): World {
    return this.change({ ownRows });
  }

  publishing(market: string, month: string): World {
    return this.change({ published: [...this.contents.published, `${market}/${month}`] });
  }

  withoutPriceLists(): World {
    return this.change({ published: [] });
  }

  /** The last event of a type in a stream: its id identifies a dated fact. */
  eventIn(stream: StreamName, type: string): EventId {
    const event = this.contents.written.findLast(
      (candidate) => candidate.stream === stream && candidate.type === type,
    );
    if (!event) throw new Error(`no ${type} in ${stream}`);
    return event.id;
  }

  get order(): OrderRequest {
    return this.contents.order;
  }

  facts(hasPartnerOffers = true, hasCreditLimits = true): Facts {
    const { order, date, rows, ownRows = [] } = this.contents;
    const instant = `${date}T10:00:00.000Z`;
    const program = this.recorded<ProgramEvent>(programStream).reduce(evolveProgram, emptyProgram);
    const customer = this.recorded<CustomerEvent>(customerStream(order.tenantId)).reduce(
      evolveCustomer,
      unknownCustomer(order.tenantId),
    );
    const seller = this.partnerState(order.partnerId);
    const providerIds = providersToRead(order, seller, date);
    const wanted = priceListToRead(customer, program, date);
    const priceList = wanted && this.priceList(wanted.market, wanted.month);
    const priceRows: Facts['priceRows'] = (offerId) =>
      priceList?.published ? rows.filter((row) => row.offerId === offerId) : [];
    const partnerOffers =
      hasPartnerOffers && readsPartnerOffers(order, (offerId) => priceRows(offerId).length > 0)
        ? this.partnerOffers()
        : undefined;
    const credit = hasCreditLimits ? creditFactsIn(this.creditWorld(customer)) : undefined;
    const streams = [programStream, ...[order.partnerId, ...providerIds].map(partnerStream)];
    return {
      time: { instant, date, latestDate: latestDateOnEarth(instant) },
      program,
      customer,
      seller,
      providers: new Map(
        providerIds.map((providerId) => [providerId, this.partnerState(providerId)]),
      ),
      ...(priceList && { priceList }),
      ...(partnerOffers && { partnerOffers }),
      ...(credit && { credit }),
      priceRows,
      seatsBefore: 0,
      partnerRows: (offerId) =>
        partnerOffers?.published ? ownRows.filter((row) => row.offerId === offerId) : [],
      reads: [
        ...streams.map((stream) => [stream, this.recorded(stream).length - 1] as const),
        ...(priceList
          ? [
              [
                priceListStream(priceList.market, priceList.month),
                priceList.published ? 0 : -1,
              ] as const,
            ]
          : []),
        ...creditStreamsIn(this.creditWorld(customer)).map(
          (stream) => [stream, this.recorded(stream).length - 1] as const,
        ),
        ...(partnerOffers
          ? [[this.partnerOffersStream(), partnerOffers.published ? 0 : -1] as const]
          : []),
      ],
    };
  }

  judge(name = '2027-01'): Judgement {
    const ruleset = rulesetNamed(name);
    if (!ruleset) throw new Error(`no ruleset ${name}`);
    return judge(
      this.contents.order,
      this.facts(ruleset.hasPartnerOffers, ruleset.hasCreditLimits),
      ruleset,
    );
  }

  reasons(): readonly Reason[] {
    return reasonsOf(this.judge().decision);
  }

  checks(rule: RuleId): readonly StoredCheck[] {
    return this.judge().decision.checks.filter(([id]) => id === rule);
  }

  /** A rule's outcome in one word: `pass`, `not-applicable`, or the reasons for which it fails. */
  verdict(rule: RuleId): string {
    const words = { p: 'pass', n: 'not-applicable' } as const;
    return this.checks(rule)
      .map(([, outcome, reason, lineIndex]) =>
        outcome === 'f'
          ? `${reason}${lineIndex < 0 ? '' : ` (line ${lineIndex})`}`
          : words[outcome],
      )
      .join(', ');
  }

  private change(changes: Partial<Contents>): World {
    return new World({ ...this.contents, ...changes });
  }

  private write(
    stream: StreamName,
    events: readonly { readonly type: string; readonly data: unknown }[],
  ): World {
    const { written, count } = this.contents;
    const added = events.map(({ type, data }, index) => ({
      stream,
      type,
      data,
      id: eventId(`event-${count + index}`),
    }));
    return this.change({ written: [...written, ...added], count: count + events.length });
  }

  private recorded<E extends Recorded>(stream: StreamName): readonly E[] {
    const ofStream = this.contents.written.filter((event) => event.stream === stream);
    // Written through the methods above, which take only the events that belong to each stream.
    return ofStream.map(
      (event, revision) =>
        ({
          ...event,
          version: 1,
          revision,
          recordedAt: '2026-11-01T00:00:00.000Z',
        }) as unknown as E,
    );
  }

  private partnerState(partnerId: PartnerId): Partner {
    return this.recorded<PartnerEvent>(partnerStream(partnerId)).reduce(
      evolvePartner,
      unknownPartner(partnerId),
    );
  }

  private creditWorld(customer: Customer): CreditWorld {
    const { order, sellingRows = [] } = this.contents;
    return { order, customer, sellingRows, recorded: (stream) => this.recorded(stream) };
  }

  private partnerOffersStream(): StreamName {
    return partnerOffersStream(this.contents.order.partnerId, monthOf(this.contents.date));
  }

  private partnerOffers(): PartnerOffers {
    const { ownRows } = this.contents;
    if (!ownRows) return {};
    const proof = {
      stream: this.partnerOffersStream(),
      revision: 0,
      eventId: eventId('partner-offers'),
    };
    return {
      published: { importId: importId('import-2'), rows: ownRows.length, digest: 'digest', proof },
    };
  }

  private priceList(market: string, month: string): PriceList {
    if (!this.contents.published.includes(`${market}/${monthOf(month)}`)) return { market, month };
    const proof = {
      stream: priceListStream(market, month),
      revision: 0,
      eventId: eventId(`price-list-${market}-${month}`),
    };
    return {
      market,
      month,
      published: {
        importId: importId('import-1'),
        rows: this.contents.rows.length,
        digest: 'digest',
        proof,
      },
    };
  }
}
