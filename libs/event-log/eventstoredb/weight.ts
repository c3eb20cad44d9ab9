import type { LoggedEvent } from '../event-log.js';

/** Of an event in memory beside its data: ids, names, metadata. */
const ENVELOPE_BYTES = 800;
const NODE_BYTES = 16;

/**
 * Roughly how many bytes an event holds. The client does not tell how long its text was, and
 * writing it again would cost more.
 */
export const weightOf = ({ data }: Pick<LoggedEvent, 'data'>): number =>
  ENVELOPE_BYTES + weigh(data);

function weigh(value: unknown): number {
  if (typeof value === 'string') return NODE_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return NODE_BYTES;
  let bytes = NODE_BYTES;
  if (Array.isArray(value)) for (const item of value) bytes += weigh(item);
  else for (const [name, member] of Object.entries(value)) bytes += name.length + weigh(member);
  return bytes;
}
