import type { EventRef } from '../shared/event.js';
import type { EventId, StreamName } from '../shared/ids.js';
import type { Facts } from './facts.js';
import type { Evidence } from './rule.js';

type Reads = Facts['reads'];

/**
 * Collects the events that prove a decision: each once, named by its stream's place among the reads
 * (−1: the home stream).
 */
export class EvidenceList {
  readonly reads: Reads;
  readonly entries: (readonly [read: number, revision: number, eventId: EventId])[] = [];

  constructor(
    private readonly home: StreamName,
    reads: Reads,
  ) {
    this.reads = inOrder(reads);
  }

  indexesOf(evidence: Evidence): readonly number[] {
    if (evidence.length === 0) return NO_INDEXES;
    const indexes: number[] = [];
    for (const proofs of evidence) {
      if (proofs === undefined) continue;
      if (isProof(proofs)) this.add(proofs, indexes);
      else for (const proof of proofs) this.add(proof, indexes);
    }
    return indexes;
  }

  private add(proof: EventRef, indexes: number[]): void {
    const index = this.indexOf(proof);
    if (!indexes.includes(index)) indexes.push(index);
  }

  private indexOf({ stream, revision, eventId }: EventRef): number {
    const { entries } = this;
    for (let index = 0; index < entries.length; index++)
      if (entries[index]?.[2] === eventId) return index;
    return entries.push([this.placeOf(stream), revision, eventId]) - 1;
  }

  private placeOf(stream: StreamName): number {
    if (stream === this.home) return -1;
    const { reads } = this;
    for (let place = 0; place < reads.length; place++)
      if (reads[place]?.[0] === stream) return place;
    // A fact from a stream that is not guarded could change unseen: that is a defect, never a
    // decision.
    throw new Error(`a proof lies in ${stream}, which is not among the judgement's reads`);
  }
}

const NO_INDEXES: readonly number[] = [];

// `Array.isArray` does not narrow a readonly array away.
const isProof = (proofs: EventRef | readonly EventRef[]): proofs is EventRef =>
  !Array.isArray(proofs);

/**
 * By stream name, each once: the same facts give the same decision in whatever order they were
 * loaded.
 */
function inOrder(reads: Reads): Reads {
  for (let index = 1; index < reads.length; index++) {
    if ((reads[index - 1]?.[0] ?? '') >= (reads[index]?.[0] ?? '')) return sorted(reads);
  }
  return reads;
}

const sorted = (reads: Reads): Reads => [...new Map(reads)].sort(([a], [b]) => (a < b ? -1 : 1));
