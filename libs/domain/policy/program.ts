import type { Proof, Recorded } from '../shared/event.js';
import type { Policy } from './policy.js';

export interface MarketRow {
  /** ISO 3166-1 alpha-2; a country may have several markets. */
  readonly country: string;
  /** Microsoft's market code: the key of a market. */
  readonly marketCode: string;
  readonly name: string;
  readonly region: string;
  readonly regionGroup: string;
  readonly currency: string;
  /** The source left the currency blank; it was inferred from the rest of its group. */
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

/** `program`: rare things that every order depends on. */
export type ProgramEvent =
  | Recorded<'LogCreated', { logId: string; clock: 'system' | 'manual' }>
  | Recorded<'PolicyPublished', { effectiveFrom: string; policy: Policy }>
  | Recorded<'ReferenceDataPublished', ReferenceDataPublished<ReferenceName>>
  | Recorded<'RulesetActivated', { ruleset: string }>
  | Recorded<'AgreementVersionPublished', { version: string; from: string; acceptedUntil?: string }>
  | Recorded<'ExchangeRatesPublished', { month: string; usdPerUnit: Readonly<Record<string, string>> }>
  | Recorded<'DayStarted', { date: string }>
  | Recorded<'ClockSet', { at: string }>;

export interface PublishedPolicy {
  readonly effectiveFrom: string;
  readonly policy: Policy;
  readonly proof: Proof;
}
export interface AgreementVersion {
  readonly version: string;
  /** First day on which it is the version to sign. */
  readonly from: string;
  /** Last day on which an agreement in this version is accepted; absent: still accepted. */
  readonly acceptedUntil?: string;
  readonly proof: Proof;
}

/** The program as its stream tells it. */
export interface Program {
  readonly log?: { readonly logId: string; readonly clock: 'system' | 'manual'; readonly createdAt: string };
  /** The last `ClockSet` of a manual log. */
  readonly clockAt?: string;
  readonly policies: readonly PublishedPolicy[];
  readonly agreementVersions: readonly AgreementVersion[];
  /** By Microsoft's market code, in the source's order. */
  readonly markets: ReadonlyMap<string, MarketRow>;
  readonly marketsProof?: Proof;
  readonly agreementLocales: ReadonlyMap<string, AgreementLocaleRow>;
  readonly agreementLocalesProof?: Proof;
  readonly segments: readonly SegmentRow[];
  readonly segmentsProof?: Proof;
  readonly ruleset?: { readonly name: string; readonly proof: Proof };
  /** Decimal strings, USD for one unit, by month and currency. */
  readonly exchangeRates: ReadonlyMap<string, { readonly usdPerUnit: Readonly<Record<string, string>>; readonly proof: Proof }>;
  /** The last day that a `DayStarted` began. */
  readonly lastDay?: string;
}
