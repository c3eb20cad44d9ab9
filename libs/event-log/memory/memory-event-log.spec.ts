import { describe, expect, it } from '@jest/globals';
import { appendOf, stream } from '../../../test/contract/sample-events.js';
import { OutcomeUnknown } from '../errors.js';
import { type AppendMoment, MemoryEventLog } from './memory-event-log.js';

const logWith = (
  barrier: (moment: AppendMoment, name: string) => Promise<void> | void,
): MemoryEventLog =>
  new MemoryEventLog({
    guards: 'none',
    clock: () => 0,
    barrier: (moment, append) => barrier(moment, append.stream),
  });

describe('the barrier around an append', () => {
  it('lets a test put another append in between', async () => {
    const release = Promise.withResolvers<undefined>();
    const log = logWith(async (moment, name) => {
      if (moment === 'before-append' && name === 'held') await release.promise;
    });
    const first = log.append(appendOf('held', -1));
    await log.append(appendOf('other', -1));
    expect(await log.revisionOf(stream('held'))).toBe(-1);
    release.resolve(undefined);
    expect((await first).events[0]?.position).toBe(1);
  });

  it.each<[AppendMoment, number]>([
    ['before-append', -1],
    ['after-append', 0],
  ])(
    'rejects the append with its error, thrown %s the append; the stream is then at %i',
    async (when, revision) => {
      const log = logWith((moment) => {
        if (moment === when) throw new OutcomeUnknown('the reply was lost');
      });
      await expect(log.append(appendOf('a', -1))).rejects.toBeInstanceOf(OutcomeUnknown);
      expect(await log.revisionOf(stream('a'))).toBe(revision);
    },
  );

  it("keeps the appended data when the caller's object changes later", async () => {
    const log = logWith(() => undefined);
    const data = { name: 'before' };
    const { events } = await log.append(appendOf('a', -1, { events: [{ data }] }));
    data.name = 'after';
    expect(events[0]?.data).toEqual({ name: 'before' });
  });
});
