/**
 * How often a test repeats what is random or large. `npm test` repeats it often enough to find a
 * fault of the code at once; `npm run test:full` (a step of `.ci/run`) as often as
 * `docs/verification.md` says. A variable of its own sets one count for one run.
 */
export function repeats(
  variable: string,
  { usual, full }: { readonly usual: number; readonly full: number },
): number {
  return Number(process.env[variable] ?? (process.env['SEKISHO_TESTS'] === 'full' ? full : usual));
}
