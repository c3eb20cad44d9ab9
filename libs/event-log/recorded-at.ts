/**
 * Inside the log an instant is a number of milliseconds since the epoch; outside it is RFC 3339 in
 * UTC with three decimals.
 */
export function renderInstant(epochMs: number): string {
  // Events of one batch have the same instant, and rendering it is half the cost of reading a small
  // event apart from its JSON.
  if (epochMs !== lastMs) {
    lastText = new Date(epochMs).toISOString();
    lastMs = epochMs;
  }
  return lastText;
}

let lastMs = Number.NaN;
let lastText = '';

/**
 * The milliseconds of the instant. Finer decimals are cut, which compares correctly with whole
 * milliseconds.
 */
export function parseInstant(instant: string): number {
  const epochMs = Date.parse(instant.toUpperCase().replace(/(\.\d{3})\d+/, '$1'));
  if (Number.isNaN(epochMs)) throw new RangeError(`${instant} is not an RFC 3339 instant`);
  return epochMs;
}

/**
 * `recordedAt` never goes back, even if the clock does: the later of the clock and the last one in
 * the log.
 */
export const nextRecordedAt = (clockMs: number, previousMs: number): number =>
  Math.max(Math.trunc(clockMs), previousMs);
