import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultPolicy } from '../../domain/program/default-policy.js';
import { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import { memoryLog } from '../../read-models/testing/bench.js';
import { customerRegistered, appendEach, type Told } from '../../read-models/testing/sample-log.js';
import { initialiseLog } from '../program/initialise-log.js';
import { smallReferenceData } from '../testing/small-reference-data.js';
import { PositionAheadOfLog } from '../engine/time/known-at.js';
import { programFold } from './folds.js';
import { ProgramHistory } from './program-history.js';
import { PastView } from '../engine/states/view.js';

const policy = (effectiveFrom: string): Told => ({
  stream: 'program',
  type: 'PolicyPublished',
  data: { effectiveFrom, policy: { ...defaultPolicy, tenureMonths: 6 } },
});

async function beginning(): Promise<MemoryEventLog> {
  const log = memoryLog();
  await initialiseLog(log, {
    logId: 'log',
    clock: 'system',
    now: '2026-11-22T10:00:00.000Z',
    referenceData: smallReferenceData,
  });
  return log;
}

describe('the program at a past position', () => {
  it('is folded from the events up to the position, for positions in any order, while events are added', async () => {
    const events = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(events, shares, async (told, asked) => {
        const log = await beginning();
        const history = new ProgramHistory(log);
        for (const [index, isPolicy] of told.entries()) {
          await appendEach(
            log,
            isPolicy ? policy(`2026-0${index + 1}-01`) : customerRegistered(index),
          );
          const head = await log.head();
          const positions = asked.map((share) => Math.round(share * head));
          const programs = await Promise.all(positions.map((position) => history.at(position)));
          const expected = await Promise.all(
            positions.map(
              async (position) => (await new PastView(log, position).load(programFold)).state,
            ),
          );
          expect(programs).toEqual(expected);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('begins with the rules of the first append', async () => {
    const log = await beginning();
    const end = await log.head();
    await appendEach(log, customerRegistered(1), policy('2026-12-01'));
    const history = new ProgramHistory(log);
    expect(await history.resolve('0')).toBe(end);
    expect(await history.resolve('1999-01-01T00:00:00Z')).toBe(end);
    expect(await history.resolve(String(end + 1))).toBe(end + 1);
    expect(await history.resolve(undefined)).toBe(end + 2);
    expect((await history.at(end)).policies).toHaveLength(1);
    expect((await history.at(end + 2)).policies).toHaveLength(2);
    await expect(history.resolve(String(end + 3))).rejects.toBeInstanceOf(PositionAheadOfLog);
  });
});
