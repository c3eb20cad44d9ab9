import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../load/ledger.js';
import type { Deployment } from '../deployment/deployment.js';
import type { Fault } from './inject.js';

export const SERVES_WITHIN_MS = 30_000;
/** Longer than the bound that the run checks, so that a finding can say how late it was. */
const GIVES_UP_AFTER_MS = 120_000;

/**
 * For each API process, the time after a fault until it executed a command again. Absent if it
 * never did.
 */
export interface ServedAgain {
  readonly fault: Fault;
  readonly afterMs: Readonly<Record<string, number | undefined>>;
}

/**
 * Waits until every API process has executed a command that was sent after the fault, without
 * another restart.
 */
export async function servedAgain(
  { apis }: Deployment,
  ledger: Ledger,
  fault: Fault,
): Promise<ServedAgain> {
  const lives = apis.map(({ member }) => ({ name: member.name, life: member.life }));
  const afterMs: Record<string, number | undefined> = {};
  for (const { name } of lives) afterMs[name] = undefined;
  while (Date.now() - fault.overAtMs < GIVES_UP_AFTER_MS) {
    for (const { name, life } of lives) {
      if (afterMs[name] === undefined && ledger.hasServedSince(name, life, fault.overAtMs))
        afterMs[name] = Date.now() - fault.overAtMs;
    }
    if (Object.values(afterMs).every((ms) => ms !== undefined)) break;
    await delay(50);
  }
  return { fault, afterMs };
}
