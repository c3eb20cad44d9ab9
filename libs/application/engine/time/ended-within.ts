/**
 * Resolves when the work has ended, or after so long: it may wait for a store that is away, and
 * goes on without being waited for.
 */
export async function endedWithin(
  work: Promise<void> | undefined,
  withinMs: number,
): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise<void>((resolve) => (late = setTimeout(resolve, withinMs))),
  ]);
  clearTimeout(late);
}
