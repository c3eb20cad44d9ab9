import type { JudgementTime } from '../../domain/shared/calendar.js';
import type { Program } from '../../domain/program/program.js';
import { utcDate } from '../../domain/shared/calendar.js';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Money } from '../../domain/shared/money.js';
import type { Position } from '../../event-log/event-log.js';
import type { ReadModels, ScopeToday } from '../../read-models/read-models.js';

/**
 * What a cell holds. `text`; `integer`; `decimal` (a decimal string); `money` (an amount with its
 * currency); `date` and `instant` (UTC, as everywhere); `boolean`; `position` (of the log).
 */
export type ColumnType =
  'text' | 'integer' | 'decimal' | 'money' | 'date' | 'instant' | 'boolean' | 'position';

/** `null`: there is none. */
export type Cell = string | number | boolean | Money | null;

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable?: true;
  /** What one of it is: months, lines, the currency of the amount. */
  readonly unit?: string;
  /** Of money that is always of this currency: flat formats then need no second column for it. */
  readonly currency?: 'USD';
  readonly description: string;
  /** Its sum stands in the control totals: money a currency, whole numbers as one. */
  readonly totalled?: true;
}

/** A cell for each column, by its name. */
export type ReportRow = Readonly<Record<string, Cell>>;

export interface ReportQuery {
  readonly asOf: string;
  readonly knownAt: Position;
  /** As known at `knownAt`. */
  readonly program: Program;
  /** Now, judged as of `asOf`. */
  readonly time: JudgementTime;
  /**
   * What the read models must have seen: `knownAt`, and after it the events that say that an order before
   * never stood.
   */
  readonly foldedThrough: Position;
  readonly partnerId?: PartnerId | undefined;
  readonly providerId?: PartnerId | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /**
   * The partner ids of a scoped key: no other partner's rows are in the report, and none about
   * customers outside it.
   */
  readonly scope?: readonly PartnerId[] | undefined;
}

/** The scope is judged today, also in a report as of another day. */
export const scopeToday = ({
  scope,
  time,
}: Pick<ReportQuery, 'scope' | 'time'>): ScopeToday | undefined =>
  scope && { partnerIds: scope, on: utcDate(time.instant) };

/** What reports are made from. */
export interface ReportSources {
  readonly readModels: ReadModels;
}

/**
 * A report is its columns, whose version is raised when one of them changes its meaning or goes,
 * and its rows, a page at a time.
 */
export interface Report {
  readonly name: string;
  readonly version: number;
  readonly summary: string;
  readonly columns: readonly Column[];
  /**
   * It lists what happened on days, which `from` and `to` choose; else it shows a state, which
   * `asOf` chooses alone.
   */
  readonly hasPeriod: boolean;
  /** One order of rows for one state of the log: the same question gives the same rows. */
  readonly pages: (
    query: ReportQuery,
    sources: ReportSources,
  ) => AsyncGenerator<readonly ReportRow[]>;
}
