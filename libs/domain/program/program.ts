import { type EventRef, eventRef, type Recorded, unreachable } from '../shared/event.js';
import type { Policy } from './policy.js';

export {
  agreementVersionOn,
  dayBeforeFirst,
  isInForceOn,
  marketOf,
  marketsOfCountry,
  policyOn,
  requiredPolicyOn,
  templateLanguages,
} from './program-queries.js';

export interface MarketRow {
  /** ISO 3166-1 alpha-2; a country may have several markets. */
  readonly country: string;
  /** Microsoft's market code: the key of a market. */
  readonly marketCode: string;
  readonly name: string;
  readonly region: string;
  readonly regionGroup: string;
  readonly currency: string;
  /**
   * The source has no currency for this market; it was inferred from the other markets of its
   * group.
   */
  readonly currencyInferred?: true;
}
export interface AgreementLocaleRow {
  readonly marketCode: string;
  readonly name: string;
  /** BCP 47, in which the agreement's template exists there. */
  readonly languages: readonly string[];
}
export interface SegmentRow {
  /** A customer's qualifications, sorted; empty: commercial. */
  readonly qualifications: readonly string[];
  readonly mayBuy: readonly string[];
}
export interface ReferenceRows {
  markets: MarketRow;
  'agreement-locales': AgreementLocaleRow;
  'segment-matrix': SegmentRow;
}
export type ReferenceName = keyof ReferenceRows;

type ReferenceDataPublished<Name extends ReferenceName> = Name extends ReferenceName
  ? { name: Name; asOf: string; digest: string; rows: readonly ReferenceRows[Name][] }
  : never;

/** The stream `program`: events that are rare and that every order depends on. */
export type ProgramEvent =
  | Recorded<'LogCreated', { logId: string; clock: 'system' | 'manual' }>
  | Recorded<'PolicyPublished', { effectiveFrom: string; policy: Policy }>
  | Recorded<'ReferenceDataPublished', ReferenceDataPublished<ReferenceName>>
  | Recorded<'RulesetActivated', { ruleset: string }>
  | Recorded<'AgreementVersionPublished', { version: string; from: string; acceptedUntil?: string }>
  | Recorded<
      'ExchangeRatesPublished',
      { month: string; usdPerUnit: Readonly<Record<string, string>> }
    >
  | Recorded<'DayStarted', { date: string }>
  | Recorded<'ClockSet', { at: string }>;

export interface PublishedPolicy {
  readonly effectiveFrom: string;
  readonly policy: Policy;
  readonly proof: EventRef;
}
export interface AgreementVersion {
  readonly version: string;
  /** First day on which it is the version to sign. */
  readonly from: string;
  /** Last day on which an agreement in this version is accepted; absent: still accepted. */
  readonly acceptedUntil?: string;
  readonly proof: EventRef;
}

/**
 * The state of the stream `program`. `program-queries.ts` answers what is in force on a date or in
 * a country.
 */
export interface Program {
  readonly log?: {
    readonly logId: string;
    readonly clock: 'system' | 'manual';
    readonly createdAt: string;
  };
  /** The last `ClockSet` of a manual log. */
  readonly clockAt?: string;
  readonly policies: readonly PublishedPolicy[];
  readonly agreementVersions: readonly AgreementVersion[];
  /** By Microsoft's market code, in the source's order. */
  readonly markets: ReadonlyMap<string, MarketRow>;
  readonly marketsProof?: EventRef;
  readonly agreementLocales: ReadonlyMap<string, AgreementLocaleRow>;
  readonly agreementLocalesProof?: EventRef;
  readonly segments: readonly SegmentRow[];
  readonly segmentsProof?: EventRef;
  readonly ruleset?: { readonly name: string; readonly proof: EventRef };
  /** Decimal strings, USD for one unit, by month and currency. */
  readonly exchangeRates: ReadonlyMap<
    string,
    { readonly usdPerUnit: Readonly<Record<string, string>>; readonly proof: EventRef }
  >;
  /** The last day that a `DayStarted` began. */
  readonly lastDay?: string;
}

/** The state before the first event of a log. */
export const emptyProgram: Program = {
  policies: [],
  agreementVersions: [],
  markets: new Map(),
  agreementLocales: new Map(),
  segments: [],
  exchangeRates: new Map(),
};

export function evolveProgram(program: Program, event: ProgramEvent): Program {
  switch (event.type) {
    case 'LogCreated':
      return { ...program, log: { ...event.data, createdAt: event.recordedAt } };
    case 'PolicyPublished':
      return {
        ...program,
        policies: [...program.policies, { ...event.data, proof: eventRef(event) }],
      };
    case 'ReferenceDataPublished':
      return withReferenceData(program, event.data, eventRef(event));
    case 'RulesetActivated':
      return { ...program, ruleset: { name: event.data.ruleset, proof: eventRef(event) } };
    case 'AgreementVersionPublished':
      return {
        ...program,
        agreementVersions: [
          ...program.agreementVersions.filter(({ version }) => version !== event.data.version),
          { ...event.data, proof: eventRef(event) },
        ],
      };
    case 'ExchangeRatesPublished':
      return {
        ...program,
        exchangeRates: new Map(program.exchangeRates).set(event.data.month, {
          usdPerUnit: event.data.usdPerUnit,
          proof: eventRef(event),
        }),
      };
    case 'DayStarted':
      return { ...program, lastDay: event.data.date };
    case 'ClockSet':
      return { ...program, clockAt: event.data.at };
    default:
      return unreachable(event);
  }
}

type PublishedData = Extract<ProgramEvent, { type: 'ReferenceDataPublished' }>['data'];

/** A publication replaces all earlier rows of its name. */
function withReferenceData(program: Program, data: PublishedData, proof: EventRef): Program {
  switch (data.name) {
    case 'markets':
      return { ...program, markets: byMarketCode(data.rows), marketsProof: proof };
    case 'agreement-locales':
      return {
        ...program,
        agreementLocales: byMarketCode(data.rows),
        agreementLocalesProof: proof,
      };
    case 'segment-matrix':
      return { ...program, segments: data.rows, segmentsProof: proof };
    default:
      return unreachable(data);
  }
}

const byMarketCode = <Row extends { readonly marketCode: string }>(
  rows: readonly Row[],
): ReadonlyMap<string, Row> => new Map(rows.map((row) => [row.marketCode, row]));
