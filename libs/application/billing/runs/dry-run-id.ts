import type { RunRequest } from '../../../domain/billing/runs/billing-run.js';
import { asPayer } from '../../../domain/billing/parties/billing-profile.js';
import { billingEntityId } from '../../../domain/shared/ids.js';
import { isMonth } from '../../../domain/shared/calendar.js';
import type { Position } from '../../../event-log/event-log.js';

export interface DryRun extends RunRequest {
  /** The log up to here, inclusive. */
  readonly knownAt: Position;
}

const PREFIX = 'dry.';

export const isDryRunId = (id: string): boolean => id.startsWith(PREFIX);

/**
 * The id of a dry run is the request itself. So nothing is stored, and every process on the log, also
 * after a restart, computes the same result.
 */
export const dryRunIdOf = ({ period, knownAt, entityIds, payers }: DryRun): string =>
  PREFIX +
  Buffer.from(JSON.stringify([period, knownAt, entityIds ?? null, payers ?? null])).toString(
    'base64url',
  );

/** Undefined: no dry run has this id. */
export function dryRunOf(id: string): DryRun | undefined {
  const parts = parsed(id);
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [period, knownAt, entityIds, payers]: readonly unknown[] = parts;
  if (typeof period !== 'string' || !isMonth(period) || !isPosition(knownAt)) return undefined;
  if (!isTexts(entityIds) || !isTexts(payers)) return undefined;
  const run: DryRun = {
    period,
    knownAt,
    ...(entityIds && { entityIds: entityIds.map(billingEntityId) }),
    ...(payers && { payers: payers.map(asPayer) }),
  };
  return dryRunIdOf(run) === id ? run : undefined;
}

function parsed(id: string): unknown {
  try {
    return JSON.parse(Buffer.from(id.slice(PREFIX.length), 'base64url').toString());
  } catch {
    return undefined;
  }
}

const isPosition = (value: unknown): value is Position =>
  Number.isSafeInteger(value) && Number(value) >= -1;
const isTexts = (value: unknown): value is readonly string[] | null =>
  value === null || (Array.isArray(value) && value.every((one) => typeof one === 'string'));
