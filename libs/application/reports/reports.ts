import { Injectable } from '@nestjs/common';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DecisionLog } from '../engine/commands/decision-log.js';
import type { OrderValidator } from '../gate/order-validator.js';
import { ProgramHistory } from '../records/program-history.js';
import { Clock, timeOf } from '../engine/time/clock.js';
import { invoicesReport } from './invoices.report.js';
import { journalReport } from './journal.report.js';
import { receivablesReport } from './receivables.report.js';
import { eligibilityReport } from './eligibility.report.js';
import { ordersReport } from './orders.report.js';
import { Comparisons } from '../billing/reconciliation/comparison.js';
import { reconciliationReport } from './reconciliation.report.js';
import { refusalsReport } from './refusals.report.js';
import { tenureReport } from './tenure.report.js';
import { trailingRevenueReport } from './trailing-revenue.report.js';
import type { Report, ReportQuery, ReportRow } from './report.js';

/** Every report of this release. */
export const reports: readonly Report[] = [
  trailingRevenueReport,
  tenureReport,
  eligibilityReport,
  ordersReport,
  refusalsReport,
  invoicesReport,
  receivablesReport,
  journalReport,
  reconciliationReport,
];

export interface ReportAsked {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly providerId?: PartnerId | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly scope?: readonly PartnerId[] | undefined;
}

/** A report on one state of the log. Events that are appended while it is read do not change it. */
export interface OpenedReport {
  readonly report: Report;
  readonly query: ReportQuery;
  /**
   * Can be read once. A page is read when the reader takes it; after the reader stops, none is
   * read.
   */
  readonly pages: AsyncGenerator<readonly ReportRow[]>;
}

@Injectable()
export class Reports {
  readonly all: readonly Report[] = reports;

  constructor(
    private readonly readModels: ReadModels,
    private readonly comparisons: Comparisons,
    private readonly programs: ProgramHistory,
    private readonly clock: Clock,
    private readonly decisionLog: DecisionLog<OrderValidator>,
  ) {}

  named(name: string): Report | undefined {
    return this.all.find((report) => report.name === name);
  }

  /**
   * Opens a report, by default as of today and as known at `headSeen`, and reads its first page.
   * Throws the errors of `ProgramHistory.resolve` and of the read models: PositionNotReached,
   * ReadModelBehind, ProjectionStopped, ReadModelsUnavailable.
   */
  async open(
    report: Report,
    { asOf, knownAt: asked, ...filters }: ReportAsked,
    headSeen: Position,
  ): Promise<OpenedReport> {
    const knownAt = await this.programs.resolve(asked, headSeen);
    const program = await this.programs.at(knownAt);
    const foldedThrough = await this.judgedThrough(knownAt);
    const time = timeOf(this.clock.judgementTime(), asOf);
    const query = { ...filters, asOf: time.date, knownAt, foldedThrough, program, time };
    const pages = report.pages(query, {
      readModels: this.readModels,
      comparisons: this.comparisons,
    });
    return { report, query, pages: await primed(pages) };
  }

  /**
   * On a log without guards a report waits until all its orders are confirmed or voided, and
   * includes the voids that come after `knownAt`. So the same state of the log always gives the
   * same rows.
   */
  private async judgedThrough(knownAt: Position): Promise<Position> {
    const { validator } = this.decisionLog;
    if (!validator) return knownAt;
    await validator.reach(knownAt);
    const voids = validator.seen().voids.filter(({ order }) => order <= knownAt);
    return voids.reduce((through, { voided }) => Math.max(through, voided), knownAt);
  }
}

/**
 * The same pages, with the first one already read: an error of it is thrown before any row is sent.
 */
export async function primed<Page>(pages: AsyncGenerator<Page>): Promise<AsyncGenerator<Page>> {
  const first = await pages.next();
  return rest(first, pages);
}

async function* rest<Page>(
  first: IteratorResult<Page>,
  pages: AsyncGenerator<Page>,
): AsyncGenerator<Page> {
  try {
    if (first.done === true) return;
    yield first.value;
    yield* pages;
  } finally {
    await pages.return(undefined);
  }
}
