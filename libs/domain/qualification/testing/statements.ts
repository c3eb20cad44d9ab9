import type { Program } from '../../program/program.js';
import { eventId, partnerId, revenueId, tenantId } from '../../shared/ids.js';
import { programStream } from '../../shared/streams.js';
import type { RevenueEntry, RevenueStatement } from '../revenue.js';
import { newRevenueEntry } from '../revenue-entry.js';
import { recordRevenue, type RevenueFacts } from '../revenue.decide.js';

export const ENTRY = revenueId('2bd5df41-d2b3-5d12-9aca-c2a503413d01');

export const statement: RevenueStatement = {
  partnerId: partnerId('kansai-cloud'),
  tenantId: tenantId('3f2504e0-4f89-41d3-9a0c-0305e82c3301'),
  amount: { amount: '100.00', currency: 'USD' },
  recognizedOn: '2026-11-15',
  family: 'cloud',
  soldAs: 'indirect-reseller',
  source: 'invoices',
  reference: '2026-11/1',
};

/** Rates by month, as if each had been published. */
export const ratesOf = (
  usdPerUnit: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Program['exchangeRates'] =>
  new Map(
    Object.entries(usdPerUnit).map(([month, rates]) => [
      month,
      {
        usdPerUnit: rates,
        proof: { stream: programStream, revision: 1, eventId: eventId('rates') },
      },
    ]),
  );

export const facts: RevenueFacts = {
  program: {
    exchangeRates: ratesOf({
      '2026-11': { JPY: '0.0065', KWD: '3.25' },
      '2026-10': { JPY: '0.0070' },
    }),
  },
  latestToday: '2026-11-23',
};

/** The entry that a statement becomes; a refusal fails the test. */
export function entryOf(
  changes: Partial<RevenueStatement> = {},
  then: Partial<RevenueEntry> = {},
): RevenueEntry {
  const recorded = recordRevenue({ ...statement, ...changes }, facts, ENTRY);
  if (!recorded.ok) throw new Error(`refused: ${JSON.stringify(recorded.refusal)}`);
  return { ...newRevenueEntry(recorded.value), ...then };
}
