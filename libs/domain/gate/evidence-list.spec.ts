import { describe, expect, it } from '@jest/globals';
import type { EventRef } from '../shared/event.js';
import { eventId, streamName } from '../shared/ids.js';
import { EvidenceList } from './evidence-list.js';

const ownStream = streamName('customer-1');
const proof = (stream: string, revision: number): EventRef => ({
  stream: streamName(stream),
  revision,
  eventId: eventId(`${stream}@${revision}`),
});
const list = (): EvidenceList =>
  new EvidenceList(ownStream, [
    [streamName('program'), 7],
    [streamName('partner-a'), 3],
    [streamName('program'), 7],
  ]);

describe('the evidence of a decision', () => {
  it('keeps each event once, with the index of its stream in the read set', () => {
    const evidence = list();
    expect(
      evidence.indexesOf([
        proof('program', 1),
        [proof('customer-1', 0), proof('partner-a', 2)],
        undefined,
      ]),
    ).toEqual([0, 1, 2]);
    expect(
      evidence.indexesOf([proof('partner-a', 2), proof('partner-a', 2), proof('program', 2)]),
    ).toEqual([2, 3]);
    expect(evidence.entries).toEqual([
      [1, 1, 'program@1'],
      [-1, 0, 'customer-1@0'],
      [0, 2, 'partner-a@2'],
      [1, 2, 'program@2'],
    ]);
  });

  it('has a read set with each stream once, ordered by name', () => {
    expect(list().reads).toEqual([
      ['partner-a', 3],
      ['program', 7],
    ]);
  });

  it('rejects an event of a stream outside the read set, which is not guarded', () => {
    expect(() => list().indexesOf([proof('partner-b', 0)])).toThrow('partner-b');
  });
});
