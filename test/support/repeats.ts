/** Whether this is `npm run test:full`. */
export const inFull = process.env['SEKISHO_TESTS'] === 'full';

/**
 * How often a test repeats random or large work. `npm test` repeats it often enough to find a new
 * error in the code; `npm run test:full` (a step of `.ci/run`) as often as `docs/verification.md`
 * says. A variable sets the count of one test for one run.
 */
export function repeats(
  variable: string,
  { usual, full }: { readonly usual: number; readonly full: number },
): number {
  return Number(process.env[variable] ?? (inFull ? full : usual));
}
