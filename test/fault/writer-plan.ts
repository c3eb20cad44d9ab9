import { createHash } from 'node:crypto';
import {
  type CommandId,
  commandId,
  eventId,
  type StreamName,
  streamName,
} from '../../libs/domain/shared/ids.js';
import type { Append } from '../../libs/event-log/event-log.js';

/**
 * The appends of the writer under test. They are the same in every run, so that a run continues
 * where a killed one ended.
 */
export const LANES = 48;

export const laneStream = (lane: number): StreamName => streamName(`lane-${lane}`);

/** Appends have 1, 2 and 3 events in rotation. */
const eventsIn = (turn: number): number => (turn % 3) + 1;
const eventsBefore = (turn: number): number => Math.floor(turn / 3) * 6 + [0, 1, 3][turn % 3]!;

export function plannedAppend(lane: number, turn: number): Append {
  const command = plannedCommand(lane, turn);
  const events = Array.from({ length: eventsIn(turn) }, (_, index) => ({
    id: eventId(uuid(`event ${lane} ${turn} ${index}`)),
    type: 'LaneMoved',
    version: 1,
    data: { lane, turn, index, filling: 'x'.repeat((lane * 37 + turn * 11) % 700) },
    metadata: { commandId: command, index, actor: 'key:test', correlationId: command },
  }));
  return { stream: laneStream(lane), expectedRevision: eventsBefore(turn) - 1, events };
}

const plannedCommand = (lane: number, turn: number): CommandId =>
  commandId(uuid(`command ${lane} ${turn}`));

function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
