import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../load/ledger.js';
import type { Stand } from '../stand/stand.js';
import type { Fault } from './inject.js';

export const SERVES_WITHIN_MS = 30_000;
/** Beyond the promise: how late it is belongs to the finding. */
const GIVES_UP_AFTER_MS = 120_000;

/**
 * How long after a fault each API process had done a command again; a process that never did has no
 * time.
 */
export interface ServedAgain {
  readonly fault: Fault;
  readonly afterMs: Readonly<Record<string, number | undefined>>;
}

/**
 * Waits until every API process, none of them started anew for it, has done a command that was sent
 * to it when the fault was over.
 */
export async function servedAgain(
  { apis }: Stand,
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
