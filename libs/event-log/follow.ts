import type { CommitSignal } from './commit-signal.js';
import type { Page, ReadAll, Subscribe } from './event-log.js';

/**
 * A subscription is reading pages until the head and waiting for the next commit, again and again:
 * nothing is buffered between the log and the consumer, so there is no hand-over that could leave a
 * gap or give an event twice.
 */
export async function* follow(
  readAll: (options: ReadAll) => AsyncIterable<Page>,
  commits: CommitSignal,
  { after, signal, ...filter }: Subscribe,
): AsyncIterable<Page> {
  let through = after;
  while (!signal.aborted && !commits.closed) {
    const turn = commits.now();
    try {
      for await (const page of readAll({ ...filter, after: through })) {
        if (signal.aborted) return;
        through = page.through;
        yield page;
      }
    } catch (error) {
      // A log that is closed between two pages ends the subscription as it ends one that waits.
      if (commits.closed) return;
      throw error;
    }
    await commits.changedSince(turn, signal);
  }
}
