/** The exit codes of every command. */
export const exitCodes = {
  fine: 0,
  finding: 1,
  wrongUsage: 2,
  couldNotRun: 3,
  logWentBack: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The arguments are wrong: exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/**
 * The arguments are valid, but the work could not be done: exit code 3. The message says what to
 * do.
 */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}
