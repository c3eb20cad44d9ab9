import type { JudgementTime } from '../../domain/shared/calendar.js';
import type { Program } from '../../domain/program/program.js';
import { utcDate } from '../../domain/shared/calendar.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Money } from '../../domain/shared/money.js';
import type { Position } from '../../event-log/event-log.js';
import type { Comparisons } from '../billing/reconciliation/comparison.js';
import type { ReadModels, ScopeToday } from '../../read-models/read-models.js';

/**
 * The type of a cell. `decimal` is a decimal string; `money` is an amount with its currency; `date`
 * and `instant` are in UTC; `position` is a position of the log.
 */
export type ColumnType =
  'text' | 'integer' | 'decimal' | 'money' | 'date' | 'instant' | 'boolean' | 'position';

/** `null` if there is no value. */
export type Cell = string | number | boolean | Money | null;

export interface ReportColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable?: true;
  /** The unit of the number: months, lines, the currency of the amount. */
  readonly unit?: string;
  /** For money that is always in this currency, so that flat formats need no second column. */
  readonly currency?: 'USD';
  /** For a decimal amount: the column with its currency. */
  readonly currencyColumn?: string;
  readonly description: string;
  /** Whether the control totals have its sum: for money one a currency, for whole numbers one. */
  readonly totalled?: true;
}

/** A cell for each column, by the column's name. */
export type ReportRow = Readonly<Record<string, Cell>>;

export interface ReportQuery {
  readonly asOf: string;
  readonly knownAt: Position;
  /** As known at `knownAt`. */
  readonly program: Program;
  /** The current time, with `asOf` as its date. */
  readonly time: JudgementTime;
  /**
   * The position up to which the read models must have processed the log: `knownAt`, or the last
   * void of an order that precedes `knownAt`.
   */
  readonly foldedThrough: Position;
  readonly partnerId?: PartnerId | undefined;
  readonly providerId?: PartnerId | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /**
   * The partner ids of a scoped key. The report has no rows about other partners or about customers
   * outside the scope.
   */
  readonly scope?: readonly PartnerId[] | undefined;
}

/** The scope is judged as of today, even if the report is as of another day. */
export const scopeToday = ({
  scope,
  time,
}: Pick<ReportQuery, 'scope' | 'time'>): ScopeToday | undefined =>
  scope && { partnerIds: scope, on: utcDate(time.instant) };

/** The sources of reports. */
export interface ReportSources {
  readonly readModels: ReadModels;
  readonly comparisons: Comparisons;
}

/**
 * A report has columns and rows. Its version is raised when a column is removed or changes its
 * meaning. Rows are read a page at a time.
 */
export interface Report {
  readonly name: string;
  readonly version: number;
  readonly summary: string;
  readonly columns: readonly ReportColumn[];
  /**
   * True if the report lists what happened between `from` and `to`; false if it shows a state, as
   * of `asOf`.
   */
  readonly hasPeriod: boolean;
  /**
   * The rows are always in the same order, so the same query on the same state of the log gives the
   * same rows.
   */
  readonly pages: (
    query: ReportQuery,
    sources: ReportSources,
  ) => AsyncGenerator<readonly ReportRow[]>;
}
