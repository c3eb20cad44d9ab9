export interface WithinOptions {
  /** If false, the timer does not keep the process alive. */
  readonly ref?: boolean;
}

/**
 * The result of the work; after `ms` milliseconds without one, the result of `late`, which may
 * throw. The work itself is not ended.
 */
export function within<Value, Late = undefined>(
  ms: number,
  work: Promise<Value>,
  late: () => Late,
  { ref = true }: WithinOptions = {},
): Promise<Value | Late> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error as Error); // what `late` throws is its caller's error
      }
    }, ms);
    if (!ref) timer.unref();
    const ended = <Result>(settle: (result: Result) => void) => {
      return (result: Result): void => {
        clearTimeout(timer);
        settle(result);
      };
    };
    work.then(ended(resolve), ended(reject));
  });
}

/** Resolves when the work has ended, or after `ms` milliseconds. The work itself is not ended. */
export async function endedWithin(
  ms: number,
  work: Promise<void> | undefined,
  options?: WithinOptions,
): Promise<void> {
  if (work) await within(ms, work, () => undefined, options);
}
