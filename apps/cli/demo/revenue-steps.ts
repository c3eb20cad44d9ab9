import { ChangeProgram } from '../../../libs/application/program/program.commands.js';
import {
  ChangeRevenue,
  RecordRevenue,
} from '../../../libs/application/revenue/revenue.commands.js';
import { ImportRevenue } from '../../../libs/application/revenue/import/import-revenue.command.js';
import type {
  RecordedRevenue,
  RevenueStatement,
} from '../../../libs/domain/qualification/revenue.js';
import type { EventLog } from '../../../libs/event-log/event-log.js';
import { revenueIdOf } from '../../../libs/event-log/identity.js';
import { demoCommandId, type DemoStep, step } from './step.js';
import { type DemoRevenueChange, revenueChanges } from './revenue-changes.js';
import { usdPerUnit } from './exchange-rates.js';
import { entriesOf, threeYears } from './month-entries.js';
import { laterMonth, MONTHS_BEFORE, monthsThrough } from './months.js';
import { revenueCsv } from './revenue-csv.js';
import { firstMonthOfProject, greatProject, singleEntries } from './single-entries.js';

/**
 * The revenue of a log whose first demonstration was in `firstMonth`: three years, once; if it is
 * seeded again in a later month, the months in between.
 */
export function revenueSteps(month: string, firstMonth: string): readonly DemoStep[] {
  const before = laterMonth(month, -1);
  return [
    ...monthsThrough(laterMonth(firstMonth, -MONTHS_BEFORE), before).map(publication),
    ...singleEntries(firstMonth).map(recording),
    importing('revenue/three-years', () => threeYears(firstMonth)),
    ...revenueChanges(firstMonth).map(changing),
    ...monthsThrough(firstMonth, before).map((billed) =>
      importing(`revenue/${billed}`, () => entriesOf(billed, firstMonth)),
    ),
  ];
}

/**
 * The month in which the log got its revenue; this month if it has none yet. Its dates count from
 * that month, so the day on which a partner falls below the threshold does not move.
 */
export async function firstMonthOf(log: EventLog, month: string): Promise<string> {
  const [recorded] = await log.eventsOfCommand(demoCommandId(keyOf(greatProject(month))));
  // the command has one event, RevenueRecorded
  return recorded ? firstMonthOfProject(recorded.data as RecordedRevenue) : month;
}

/** The same command in the demonstration of its month and in the past of a later demonstration. */
export const publication = (month: string): DemoStep =>
  step(
    `${month}/rates`,
    (context) =>
      new ChangeProgram(context, {
        type: 'publish-exchange-rates',
        month,
        usdPerUnit: usdPerUnit(month),
      }),
  );

const recording = (entry: RevenueStatement): DemoStep =>
  step(keyOf(entry), (context) => new RecordRevenue(context, entry));

const keyOf = ({
  partnerId,
  reference,
}: Pick<RevenueStatement, 'partnerId' | 'reference'>): string =>
  `revenue/${partnerId}/${reference}`;

const importing = (key: string, entries: () => readonly RevenueStatement[]): DemoStep =>
  step(
    key,
    (context) =>
      new ImportRevenue(context, {
        form: 'csv',
        bytes: inOnePiece(revenueCsv(entries())),
        signal: new AbortController().signal,
      }),
  );

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const changing = ({ partnerId, source, reference, change }: DemoRevenueChange): DemoStep =>
  step(
    `revenue/${reference}/${change.type}${'outcome' in change ? `/${change.outcome}` : ''}`,
    (context) => new ChangeRevenue(context, revenueIdOf(partnerId, source, reference), change),
  );
