import { rulesets } from '../../domain/gate/rulesets.js';
import {
  defaultAgreementVersion,
  defaultPolicy,
  POLICY_FROM_THE_BEGINNING,
} from '../../domain/program/default-policy.js';
import type { Program, ProgramEvent, ReferenceName } from '../../domain/program/program.js';
import type { Proposed } from '../../domain/shared/event.js';
import { programStream } from '../../domain/shared/streams.js';
import { upcast } from '../../event-log/catalogue/catalogue.js';
import { WrongRevision } from '../../event-log/errors.js';
import type { EventLog, NewEvent } from '../../event-log/event-log.js';
import { randomCommandId } from '../../event-log/identity.js';
import { Contention } from '../engine/commands/failures.js';
import { newEvent } from '../engine/commands/new-event.js';
import type { PublishedReferenceData } from '../reference-data/reference-data.js';
import type { LogClock } from '../engine/time/clock.js';
import { programFold } from '../records/folds.js';
import { readState } from '../engine/states/view.js';

const ATTEMPTS_AT_MOST = 8;

export interface FirstStart {
  readonly logId: string;
  readonly clock: 'system' | 'manual';
  /** RFC 3339 in UTC: the first time of a manual clock. */
  readonly now: string;
  readonly referenceData: readonly PublishedReferenceData[];
}

/**
 * Appends rules and reference data to the log. The first start appends all of them at once. A later
 * release appends the reference data whose digest has changed. If two processes start at the same
 * time, one of them appends.
 */
export async function initialiseLog(log: EventLog, first: FirstStart): Promise<Program> {
  for (let attempt = 1; !(await isInitialised(log, first)); attempt += 1) {
    if (attempt === ATTEMPTS_AT_MOST) throw new Contention(programStream, ATTEMPTS_AT_MOST);
  }
  return (await readState(log, programFold, {})).state;
}

/**
 * False if another process appended in between: then the caller must check again what is missing.
 */
async function isInitialised(log: EventLog, first: FirstStart): Promise<boolean> {
  const revision = await log.revisionOf(programStream);
  const events =
    revision < 0 ? firstEvents(first) : await newReferenceData(log, first.referenceData);
  return events.length === 0 || appendUnlessOtherWasFirst(log, revision, events);
}

function firstEvents({
  logId,
  clock,
  now,
  referenceData,
}: FirstStart): readonly Proposed<ProgramEvent>[] {
  const newest = rulesets[rulesets.length - 1];
  if (!newest) throw new Error('this build has no ruleset');
  return [
    { type: 'LogCreated', data: { logId, clock } },
    { type: 'RulesetActivated', data: { ruleset: newest.name } },
    {
      type: 'PolicyPublished',
      data: { effectiveFrom: POLICY_FROM_THE_BEGINNING, policy: defaultPolicy },
    },
    { type: 'AgreementVersionPublished', data: defaultAgreementVersion },
    ...referenceData.map(published),
    ...(clock === 'manual' ? [{ type: 'ClockSet', data: { at: now } } as const] : []),
  ];
}

/**
 * The reference data of this release that the log does not have. An older release that runs beside
 * a newer one does not replace the newer data.
 */
async function newReferenceData(
  log: EventLog,
  all: readonly PublishedReferenceData[],
): Promise<readonly Proposed<ProgramEvent>[]> {
  const inForce = new Map<ReferenceName, PublishedReferenceData>();
  for await (const page of log.readStream(programStream)) {
    for (const logged of page) {
      const event = logged as typeof logged & ProgramEvent; // `program` has only program events
      if (event.type === 'ReferenceDataPublished') inForce.set(event.data.name, event.data);
    }
  }
  return all
    .filter(
      ({ name, digest, asOf }) =>
        inForce.get(name)?.digest !== digest && asOf >= (inForce.get(name)?.asOf ?? ''),
    )
    .map(published);
}

const published = (data: PublishedReferenceData): Proposed<ProgramEvent> => ({
  type: 'ReferenceDataPublished',
  data,
});

async function appendUnlessOtherWasFirst(
  log: EventLog,
  expectedRevision: number,
  events: readonly Proposed<ProgramEvent>[],
): Promise<boolean> {
  try {
    await log.append({ stream: programStream, expectedRevision, events: newEvents(events) });
    return true;
  } catch (error) {
    if (!(error instanceof WrongRevision)) throw error;
    return false;
  }
}

function newEvents(events: readonly Proposed<ProgramEvent>[]): readonly NewEvent[] {
  const commandId = randomCommandId();
  const command = { commandId, actor: 'process:start', correlationId: commandId };
  return events.map((event, index) => newEvent(event, command, programStream, index));
}

/**
 * Sets the clock of a manual log to the log's last `ClockSet`, now and after every commit. Does
 * nothing on other logs.
 */
export function followLogClock(log: EventLog, clock: LogClock, { clockAt }: Program): void {
  if (clockAt === undefined) return;
  clock.setAt(clockAt);
  log.onCommitted((events) => {
    for (const logged of events) {
      if (logged.stream !== programStream || logged.type !== 'ClockSet') continue;
      const event = upcast(logged);
      if (event.type === 'ClockSet') clock.setAt(event.data.at);
    }
  });
}
