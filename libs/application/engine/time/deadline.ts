/** Resolves when the work has ended, or at the deadline; the work goes on in that case. */
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
