import { describe, expect, it } from '@jest/globals';
import type { EventRef } from '../shared/event.js';
import { eventId, streamName } from '../shared/ids.js';
import { EvidenceList } from './evidence-list.js';

const home = streamName('customer-1');
const proof = (stream: string, revision: number): EventRef => ({
  stream: streamName(stream),
  revision,
  eventId: eventId(`${stream}@${revision}`),
});
const list = (): EvidenceList =>
  new EvidenceList(home, [
    [streamName('program'), 7],
    [streamName('partner-a'), 3],
    [streamName('program'), 7],
  ]);

describe('the evidence of a decision', () => {
  it('keeps each event once, and tells its stream by its place among the reads', () => {
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

  it('names each stream read once, in the order of their names', () => {
    expect(list().reads).toEqual([
      ['partner-a', 3],
      ['program', 7],
    ]);
  });

  it('refuses proof from a stream that was not read, and so is not guarded', () => {
    expect(() => list().indexesOf([proof('partner-b', 0)])).toThrow('partner-b');
  });
});
