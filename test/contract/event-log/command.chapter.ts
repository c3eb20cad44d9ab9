import { describe, expect, it } from '@jest/globals';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, nextCommand, stream } from '../sample-events.js';

export function commandChapter(bench: Bench): void {
  describe('a command appends once', () => {
    it('recognises the same append again and returns the first events', async () => {
      const append = appendOf('a', -1, { events: [{}, { type: 'SampleEnded' }] });
      const first = await bench.log.append(append);
      bench.nowMs += 5000;
      const again = await bench.log.append(append);

      expect(again).toEqual({ events: first.events, repeated: true });
      expect(await all(bench.log)).toHaveLength(2);
    });

    it('recognises it after the stream has moved on', async () => {
      const append = appendOf('a', -1);
      const first = await bench.log.append(append);
      await bench.log.append(appendOf('a', 0, { events: [{}, {}] }));
      expect(await bench.log.append(append)).toEqual({ events: first.events, repeated: true });
    });

    it('appends once when it is sent many times at once', async () => {
      const append = appendOf('a', -1);
      const answers = await Promise.all(Array.from({ length: 20 }, () => bench.log.append(append)));
      expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
      for (const { events } of answers) expect(events).toEqual(answers[0]!.events);
      expect(await all(bench.log)).toHaveLength(1);
    });

    it('may append again at later indexes', async () => {
      const command = nextCommand();
      await bench.log.append(appendOf('a', -1, { command, events: [{}, {}] }));
      await bench.log.append(appendOf('a', 1, { command, firstIndex: 2 }));
      expect(
        (await bench.log.eventsOfCommand(command)).map(({ metadata }) => metadata.index),
      ).toEqual([0, 1, 2]);
    });

    it('has no events before its append', async () => {
      expect(await bench.log.eventsOfCommand(nextCommand())).toEqual([]);
    });

    it('does not replace its first decision by another one at the same revision', async () => {
      const command = nextCommand();
      const first = await bench.log.append(appendOf('a', -1, { command }));
      const name = bench.guards === 'atomic' ? 'CommandConflict' : 'WrongRevision';
      await expect(
        bench.log.append(appendOf('a', -1, { command, events: [{ type: 'SomethingElse' }] })),
      ).rejects.toHaveProperty('name', name);
      expect(await bench.log.eventsOfCommand(command)).toEqual(first.events);
    });

    if (bench.guards === 'none') return;

    it.each([
      ['at the current revision', 'a', 0, [{ type: 'SomethingElse' }]],
      ['on another stream', 'b', -1, [{}]],
      ['of the same events and more', 'a', 0, [{}, {}]],
      ['whose second event differs', 'c', -1, [{ data: { n: 7 } }, {}]],
    ])(
      'rejects another decision %s as a conflict and appends nothing',
      async (_, name, revision, events) => {
        const command = nextCommand();
        await bench.log.append(appendOf('a', -1, { command }));
        const conflict = bench.log.append(appendOf(name, revision, { command, events }));
        const bystander = bench.log.append(appendOf('bystander', -1));
        await expect(conflict).rejects.toMatchObject({
          name: 'CommandConflict',
          commandId: command,
        });
        expect((await bystander).events[0]!.position).toBe(1);
        expect(await bench.log.revisionOf(stream('a'))).toBe(0);
      },
    );

    it('removes the events already written when an append finds its command in the middle', async () => {
      const command = nextCommand();
      await bench.log.append(appendOf('a', -1, { command, firstIndex: 1 }));
      const [conflict, next] = await Promise.allSettled([
        bench.log.append(appendOf('b', -1, { command, events: [{}, { data: { n: 2 } }] })),
        bench.log.append(appendOf('b', -1)),
      ]);
      expect(conflict).toHaveProperty('reason.name', 'CommandConflict');
      expect(next).toHaveProperty('value.events.0.position', 1);
      expect((await all(bench.log)).map(({ stream }) => stream)).toEqual(['a', 'b']);
    });
  });
}
