import type { ProposedEvent, StoredEvent, StreamState } from './transaction-log.js';

export type Expected = number | 'no_stream' | 'any' | 'stream_exists';

export type AppendVerdict =
  | { readonly kind: 'fits' }
  /** The same events were already appended; `last` is the last of them. */
  | { readonly kind: 'repeats'; readonly last: StoredEvent }
  /** They were appended but not replicated: the server drops such a request without an answer. */
  | { readonly kind: 'repeats-unreplicated' }
  | { readonly kind: 'conflict'; readonly current: number }
  | { readonly kind: 'stream-deleted' };

/**
 * Whether an append may be written, or was written already: the server's rules of concurrency and
 * repetition.
 */
export function judgeAppend(
  state: StreamState | undefined,
  expected: Expected,
  proposed: readonly ProposedEvent[],
  recentById: (id: string) => StoredEvent | undefined,
): AppendVerdict {
  const current = (state?.events.length ?? 0) - 1;
  if (state?.isTombstoned) return { kind: 'stream-deleted' };
  if (expected === 'stream_exists' && state?.isDeleted) return { kind: 'stream-deleted' };
  if (expected === 'stream_exists' && current < 0) return { kind: 'conflict', current };
  if (expected === 'any' || expected === 'stream_exists')
    return judgeByIds(current, proposed, recentById);
  return judgeByRevision(state, expected === 'no_stream' ? -1 : expected, current, proposed);
}

/** Without a concrete revision, only the server's short memory of ids recognises a repetition. */
function judgeByIds(
  current: number,
  proposed: readonly ProposedEvent[],
  recentById: (id: string) => StoredEvent | undefined,
): AppendVerdict {
  let last: StoredEvent | undefined;
  for (const [index, { id }] of proposed.entries()) {
    const known = recentById(id);
    if (!known) return index === 0 ? { kind: 'fits' } : { kind: 'conflict', current };
    last = known;
  }
  return last ? { kind: 'repeats', last } : { kind: 'fits' };
}

/**
 * Below the current revision an append succeeds if exactly its events are there; above it never
 * does.
 */
function judgeByRevision(
  state: StreamState | undefined,
  expected: number,
  current: number,
  proposed: readonly ProposedEvent[],
): AppendVerdict {
  if (expected > current) return { kind: 'conflict', current };
  if (expected === current) return { kind: 'fits' };
  let last: StoredEvent | undefined;
  for (const [index, { id }] of proposed.entries()) {
    const there = state?.events[expected + 1 + index];
    if (there?.id === id) last = there;
    else if (index === 0 && expected === -1 && state?.isDeleted) return { kind: 'fits' };
    else return { kind: 'conflict', current };
  }
  return last ? { kind: 'repeats', last } : { kind: 'conflict', current };
}
