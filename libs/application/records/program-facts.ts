import type { Program } from '../../domain/program/program.js';
import type { Guard } from '../../event-log/event-log.js';
import { programFold } from './folds.js';
import type { View } from '../engine/states/view.js';
import type { Clock } from '../engine/time/clock.js';

/**
 * What decisions outside the gate look at beside their own stream: the program, and what day it is.
 */
export interface ProgramFacts {
  readonly program: Program;
  /** UTC. */
  readonly today: string;
  /** Today where on earth it is latest (UTC+14). */
  readonly latestToday: string;
}

/**
 * Those facts as they are now, with the guard that the decision must carry because it looked at
 * them.
 */
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
