import type { EventRef } from '../shared/event.js';
import type { EventId, StreamName } from '../shared/ids.js';
import type { Facts } from './case/facts.js';
import type { Evidence } from './case/rule.js';

type ReadSet = Facts['reads'];

/**
 * Collects the events that a decision refers to as evidence: each once, with its stream's index in
 * the read set (−1: the stream of the decision).
 */
export class EvidenceList {
  readonly reads: ReadSet;
  readonly entries: (readonly [read: number, revision: number, eventId: EventId])[] = [];

  constructor(
    private readonly target: StreamName,
    reads: ReadSet,
  ) {
    this.reads = inOrder(reads);
  }

  indexesOf(evidence: Evidence): readonly number[] {
    if (evidence.length === 0) return NO_INDEXES;
    const indexes: number[] = [];
    for (const refs of evidence) {
      if (refs === undefined) continue;
      if (isSingle(refs)) this.add(refs, indexes);
      else for (const ref of refs) this.add(ref, indexes);
    }
    return indexes;
  }

  private add(ref: EventRef, indexes: number[]): void {
    const index = this.indexOf(ref);
    if (!indexes.includes(index)) indexes.push(index);
  }

  private indexOf({ stream, revision, eventId }: EventRef): number {
    const { entries } = this;
    for (let index = 0; index < entries.length; index++)
      if (entries[index]?.[2] === eventId) return index;
    return entries.push([this.placeOf(stream), revision, eventId]) - 1;
  }

  private placeOf(stream: StreamName): number {
    if (stream === this.target) return -1;
    const { reads } = this;
    for (let place = 0; place < reads.length; place++)
      if (reads[place]?.[0] === stream) return place;
    // A stream that is not guarded could change unnoticed: a defect of the rule.
    throw new Error(`the evidence has an event of ${stream}, which is not in the read set`);
  }
}

const NO_INDEXES: readonly number[] = [];

// `Array.isArray` does not narrow a readonly array away.
const isSingle = (refs: EventRef | readonly EventRef[]): refs is EventRef => !Array.isArray(refs);

/** By stream name, each once: the order of loading does not change the decision. */
function inOrder(reads: ReadSet): ReadSet {
  for (let index = 1; index < reads.length; index++) {
    if ((reads[index - 1]?.[0] ?? '') >= (reads[index]?.[0] ?? '')) return sorted(reads);
  }
  return reads;
}

const sorted = (reads: ReadSet): ReadSet =>
  [...new Map(reads)].sort(([a], [b]) => (a < b ? -1 : 1));
