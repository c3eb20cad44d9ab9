import type { Program } from '../../domain/program/program.js';
import type { Guard } from '../../event-log/event-log.js';
import { programFold } from './folds.js';
import type { View } from '../engine/states/view.js';
import type { Clock } from '../engine/time/clock.js';

/**
 * The facts that decisions outside the gate use beside their own stream: the program and today's
 * date.
 */
export interface ProgramFacts {
  readonly program: Program;
  /** Today's date in UTC. */
  readonly today: string;
  /** Today's date at UTC+14, the latest date on earth. */
  readonly latestToday: string;
}

/** These facts as they are now, with the guard that a decision on them needs. */
export async function programFacts(
  states: View,
  clock: Clock,
): Promise<{ readonly facts: ProgramFacts; readonly guards: readonly Guard[] }> {
  const { state: program, revision } = await states.load(programFold);
  const { date: today, latestDate: latestToday } = clock.judgementTime();
  return {
    facts: { program, today, latestToday },
    guards: [{ stream: programFold.stream, revision }],
  };
}
