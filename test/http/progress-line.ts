/** Progress with a rate and an estimate, on terminals only. */
export function progressLine(total: number): (done: number) => void {
  if (process.env['FUZZ_PROGRESS'] === undefined) return () => undefined;
  const startedAtMs = performance.now();
  return (done) => {
    const perSecond = done / ((performance.now() - startedAtMs) / 1000);
    const left = Math.ceil((total - done) / perSecond);
    process.stderr.write(
      `\r${done} of ${total} requests, ${Math.round(perSecond)}/s, ${left} s left   ${done >= total ? '\n' : ''}`,
    );
  };
}
