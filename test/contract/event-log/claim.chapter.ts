import { describe, expect, it } from '@jest/globals';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, nextCommand, stream } from '../sample-events.js';

export function claimChapter(bench: Bench): void {
  const itAtomic = bench.guards === 'atomic' ? it : undefined;
  const itNone = bench.guards === 'none' ? it : undefined;

  describe('claim', () => {
    it('is granted to a command that has appended nothing, and is not an event of the log', async () => {
      const claim = {
        commandId: nextCommand(),
        targetStream: stream('a'),
        revision: -1,
        fingerprint: 'f',
      };
      expect(await bench.log.claim(claim)).toEqual({ outcome: 'granted' });
      expect(await all(bench.log)).toEqual([]);
      expect(await bench.log.head()).toBe(-1);
    });

    itAtomic?.('is taken by what the command has appended', async () => {
      const append = appendOf('a', -1);
      const { commandId } = append.events[0]!.metadata;
      const { events } = await bench.log.append(append);
      expect(await bench.log.claim({ commandId, targetStream: stream('a'), revision: 0 })).toEqual({
        outcome: 'taken',
        by: { commandId, targetStream: 'a', revision: -1 },
        claimedAt: events[0]!.recordedAt,
      });
    });

    itNone?.('is granted to one of many', async () => {
      const claim = {
        commandId: nextCommand(),
        targetStream: stream('a'),
        revision: 4,
        fingerprint: 'f',
      };
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => bench.log.claim(claim)));
      expect(outcomes.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
      expect(outcomes.at(-1)).toEqual({
        outcome: 'taken',
        by: claim,
        claimedAt: '2026-11-22T10:00:00.000Z',
      });
    });

    itNone?.('is granted again once it was released', async () => {
      const claim = { commandId: nextCommand(), targetStream: stream('a'), revision: -1 };
      await bench.log.claim(claim);
      await bench.log.releaseClaim(claim.commandId);
      expect(await bench.log.claim(claim)).toEqual({ outcome: 'granted' });
      expect(await bench.log.claim(claim)).toHaveProperty('outcome', 'taken');
    });

    itNone?.(
      'is taken over by one of the claimants that name the current claim, and by none that names another',
      async () => {
        const first = {
          commandId: nextCommand(),
          targetStream: stream('a'),
          revision: 3,
          claimant: 'first',
          fingerprintGeneration: 2,
        };
        await bench.log.claim(first);
        bench.nowMs += 30_000;
        const takers = ['second', 'third', 'fourth'].map((claimant) => ({ ...first, claimant }));
        const outcomes = await Promise.all(takers.map((taker) => bench.log.claim(taker, first)));
        const winner = takers[outcomes.findIndex(({ outcome }) => outcome === 'granted')];
        const current = { by: winner, claimedAt: '2026-11-22T10:00:30.000Z' };
        expect(outcomes.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
        for (const lost of outcomes.filter(({ outcome }) => outcome === 'taken'))
          expect(lost).toEqual({ outcome: 'taken', ...current });
        expect(await bench.log.claim({ ...first, claimant: 'fifth' }, first)).toEqual({
          outcome: 'taken',
          ...current,
        });
      },
    );

    itNone?.(
      'is given back by its claimant only, and not by one whose claim was taken over',
      async () => {
        const first = {
          commandId: nextCommand(),
          targetStream: stream('a'),
          revision: 3,
          claimant: 'first',
        };
        await bench.log.claim(first);
        await bench.log.releaseClaim(first.commandId, 'another');
        expect(await bench.log.claimOn(first.commandId)).toHaveProperty('by', first);
        const second = { ...first, claimant: 'second' };
        await bench.log.claim(second, first);
        await bench.log.releaseClaim(first.commandId, 'first');
        expect(await bench.log.claimOn(first.commandId)).toHaveProperty('by', second);
        await bench.log.releaseClaim(first.commandId, 'second');
        expect(await bench.log.claimOn(first.commandId)).toBeUndefined();
        expect(await bench.log.claim(first)).toEqual({ outcome: 'granted' });
      },
    );

    it('can be read without making one', async () => {
      const append = appendOf('a', -1);
      const { commandId } = append.events[0]!.metadata;
      expect(await bench.log.claimOn(commandId)).toBeUndefined();
      const claim = { commandId, targetStream: stream('a'), revision: -1 };
      await bench.log.claim(claim);
      await bench.log.append(append);
      expect(await bench.log.claimOn(commandId)).toEqual({
        by: claim,
        claimedAt: '2026-11-22T10:00:00.000Z',
      });
    });

    it('is not released by another claimant', async () => {
      await expect(bench.log.releaseClaim(nextCommand())).resolves.toBeUndefined();
    });
  });
}
