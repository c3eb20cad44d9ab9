import { describe, expect, it } from '@jest/globals';
import { programStream } from '../../domain/shared/streams.js';
import { MemoryEventLog } from '../../event-log/memory/memory-event-log.js';
import { smallReferenceData } from '../testing/small-reference-data.js';
import { type FirstStart, initialiseLog } from './initialise-log.js';

const now = '2026-11-22T09:00:00.000Z';
const first: FirstStart = { logId: 'log', clock: 'system', now, referenceData: smallReferenceData };
const newLog = () => new MemoryEventLog({ guards: 'atomic', clock: () => Date.parse(now) });

async function typesOf(log: MemoryEventLog): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const page of log.readStream(programStream))
    types.push(...page.map(({ type }) => type));
  return types;
}

describe('the first start', () => {
  it('appends rules and reference data at once, LogCreated first', async () => {
    const log = newLog();
    const program = await initialiseLog(log, first);
    expect(await typesOf(log)).toEqual([
      'LogCreated',
      'RulesetActivated',
      'PolicyPublished',
      'AgreementVersionPublished',
      'ReferenceDataPublished',
      'ReferenceDataPublished',
      'ReferenceDataPublished',
    ]);
    expect(program).toMatchObject({
      ruleset: { name: '2027-01' },
      log: { logId: 'log', clock: 'system' },
    });
  });

  it('sets the clock of a manual log', async () => {
    const log = newLog();
    expect(await initialiseLog(log, { ...first, clock: 'manual' })).toMatchObject({ clockAt: now });
    expect((await typesOf(log)).at(-1)).toBe('ClockSet');
  });

  it('appends once when two processes start at the same time, and nothing at the next start', async () => {
    const log = newLog();
    await Promise.all([
      initialiseLog(log, first),
      initialiseLog(log, { ...first, logId: 'other' }),
    ]);
    await initialiseLog(log, first);
    expect((await typesOf(log)).length).toBe(7);
  });

  it.each([
    ['a later date', '2027-01-01', 8],
    ['the same date', '2023-08-17', 8],
    ['an earlier date, as of an older release', '2022-01-01', 7],
  ])('with reference data of another digest and %s', async (_what, asOf, events) => {
    const log = newLog();
    await initialiseLog(log, first);
    const [markets, ...rest] = smallReferenceData;
    const changed = { ...markets!, asOf, digest: 'changed' };
    await initialiseLog(log, { ...first, referenceData: [changed, ...rest] });
    expect((await typesOf(log)).length).toBe(events);
  });
});
