import { isDeepStrictEqual } from 'node:util';
import type { LogEvent } from '../../support/answers.js';
import type { Evidence } from '../evidence/evidence.js';
import { GuaranteeCheck, type Verdict } from './finding.js';

/** Positions and revisions have no gap, and no event and no place in a command occurs twice. */
export function denseLog({ log }: Evidence): Verdict {
  const check = new GuaranteeCheck('dense log');
  const revisions = new Map<string, number>();
  for (const [index, event] of log.entries()) {
    const { position, stream, revision } = event;
    const expected = (revisions.get(stream) ?? -1) + 1;
    check.that(
      Number(position) === index && revision === expected,
      () => `${at(event)}: expected position ${index}, revision ${expected}`,
    );
    revisions.set(stream, revision);
  }
  return check.verdict;
}

/** Every process and the position index have the same log as the server. */
export function oneLog({ log, services, index }: Evidence): Verdict {
  const check = new GuaranteeCheck('one log everywhere');
  for (const { process, log: shown } of services) {
    check.that(
      shown.length === log.length,
      () => `${process} shows ${shown.length} events, the server has ${log.length}`,
    );
    for (const [place, event] of log.entries()) {
      const other = shown[place];
      check.that(
        isDeepStrictEqual(plain(other), plain(event)),
        () =>
          `${process} shows at ${place} ${other ? at(other) : 'nothing'}, the server has ${at(event)}`,
      );
    }
  }
  for (const [place, row] of (index ?? []).entries()) {
    const event = log[row.position];
    const isSame =
      row.position === place &&
      event?.id === row.eventId &&
      event.stream === row.stream &&
      event.revision === row.revision &&
      event.type === row.type;
    check.that(
      isSame,
      () =>
        `the index has ${row.stream}@${row.revision} at ${row.position}, the server has ${event ? at(event) : 'nothing'}`,
    );
  }
  if (index)
    check.that(
      index.length === log.length,
      () => `the index has ${index.length} rows, the log ${log.length} events`,
    );
  return check.verdict;
}

/** The JSON value without what a parser adds. */
const plain = (event: LogEvent | undefined): unknown =>
  event && (JSON.parse(JSON.stringify(event)) as unknown);

export const at = ({ position, stream, revision, type }: LogEvent): string =>
  `${type} (position ${position}, ${stream}@${revision})`;
