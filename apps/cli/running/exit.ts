/** The exit codes of every command. */
export const exitCodes = {
  fine: 0,
  finding: 1,
  wrongUsage: 2,
  couldNotRun: 3,
  logWentBack: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The person asked for something that cannot be meant: exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/**
 * What was asked for is clear and could not be done: exit code 3, and the message says what to do.
 */
export class CouldNotRun extends Error {
  override readonly name = 'CouldNotRun';
}
