import { Injectable } from '@nestjs/common';
import type { PartnerId } from '../../domain/shared/ids.js';
import type { Position } from '../../event-log/event-log.js';
import { ReadModels } from '../../read-models/read-models.js';
import { DecisionLog } from '../engine/commands/decision-log.js';
import type { OrderValidator } from '../gate/order-validator.js';
import { ProgramHistory } from '../records/program-history.js';
import { Clock, timeOf } from '../engine/time/clock.js';
import { reports } from './report-list.js';
import { primed } from './first-page.js';
import type { Report, ReportQuery, ReportRow } from './report.js';

export interface ReportAsked {
  readonly asOf?: string | undefined;
  readonly knownAt?: string | undefined;
  readonly partnerId?: PartnerId | undefined;
  readonly providerId?: PartnerId | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly scope?: readonly PartnerId[] | undefined;
}

/**
 * A report of one state of the log: it does not move while it is read, whatever is appended
 * meanwhile.
 */
export interface OpenedReport {
  readonly report: Report;
  readonly query: ReportQuery;
  /** Read once, no faster than they are taken; left early, nothing more is read. */
  readonly pages: AsyncGenerator<readonly ReportRow[]>;
}

@Injectable()
export class Reports {
  readonly all: readonly Report[] = reports;

  constructor(
    private readonly readModels: ReadModels,
    private readonly programs: ProgramHistory,
    private readonly clock: Clock,
    private readonly decisionLog: DecisionLog<OrderValidator>,
  ) {}

  named(name: string): Report | undefined {
    return this.all.find((report) => report.name === name);
  }

  /**
   * As of today and as known at the head seen, where nothing else is asked. Throws what
   * `ProgramHistory.resolve` throws, and before the first page is there whatever the read models
   * throw: PositionNotReached, ReadModelBehind, ProjectionStopped, ReadModelsUnavailable.
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
    const pages = report.pages(query, { readModels: this.readModels });
    return { report, query, pages: await primed(pages) };
  }

  /**
   * On a log without guards a report waits until every order in it has been confirmed or voided, and
   * shows the voids that came later: the same state of the log gives the same rows every time.
   */
  private async judgedThrough(knownAt: Position): Promise<Position> {
    const { validator } = this.decisionLog;
    if (!validator) return knownAt;
    await validator.reach(knownAt);
    const voids = validator.seen().voids.filter(({ order }) => order <= knownAt);
    return voids.reduce((through, { voided }) => Math.max(through, voided), knownAt);
  }
}
