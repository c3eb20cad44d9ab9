/** Progress lines on a terminal; nothing is written to a pipe. */
export interface Progress {
  (line: string): void;
}

export function progressOn(stream: NodeJS.WriteStream): Progress {
  const startedAt = performance.now();
  if (!stream.isTTY) return () => undefined;
  return (line) =>
    stream.write(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}\n`);
}

/** Work that counts: reported every two seconds with its rate and the remaining time. */
export function counted(progress: Progress, what: string, total: number): (done: number) => void {
  const startedAt = performance.now();
  let toldAt = startedAt;
  return (done) => {
    const now = performance.now();
    if (now - toldAt < 2_000 || done === 0) return;
    toldAt = now;
    const perMs = done / (now - startedAt);
    progress(
      `${what}: ${done} of ${total}, ${Math.round(perMs * 1000)}/s, ${Math.ceil((total - done) / perMs / 1000)} s to go`,
    );
  };
}
