import { describe, expect, it } from '@jest/globals';
import type { Bench } from '../event-log.contract.js';
import { all, appendOf, nextCommand, stream } from '../sample-events.js';

export function claimChapter(bench: Bench): void {
  const itAtomic = bench.guards === 'atomic' ? it : undefined;
  const itNone = bench.guards === 'none' ? it : undefined;

  describe('claim', () => {
    it('is granted to a command that has appended nothing, and is no event', async () => {
      const claim = { commandId: nextCommand(), homeStream: stream('a'), revision: -1, fingerprint: 'f' };
      expect(await bench.log.claim(claim)).toEqual({ outcome: 'granted' });
      expect(await all(bench.log)).toEqual([]);
      expect(await bench.log.head()).toBe(-1);
    });

    itAtomic?.('is taken by what the command has appended', async () => {
      const append = appendOf('a', -1);
      const { commandId } = append.events[0]!.metadata;
      const { events } = await bench.log.append(append);
      expect(await bench.log.claim({ commandId, homeStream: stream('a'), revision: 0 })).toEqual({
        outcome: 'taken',
        by: { commandId, homeStream: 'a', revision: -1 },
        claimedAt: events[0]!.recordedAt,
      });
    });

    itNone?.('is granted to one of many', async () => {
      const claim = { commandId: nextCommand(), homeStream: stream('a'), revision: 4, fingerprint: 'f' };
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => bench.log.claim(claim)));
      expect(outcomes.filter(({ outcome }) => outcome === 'granted')).toHaveLength(1);
      expect(outcomes.at(-1)).toEqual({ outcome: 'taken', by: claim, claimedAt: '2026-11-22T10:00:00.000Z' });
    });

    itNone?.('is granted again once it was released', async () => {
      const claim = { commandId: nextCommand(), homeStream: stream('a'), revision: -1 };
      await bench.log.claim(claim);
      await bench.log.releaseClaim(claim.commandId);
      expect(await bench.log.claim(claim)).toEqual({ outcome: 'granted' });
      expect(await bench.log.claim(claim)).toHaveProperty('outcome', 'taken');
    });

    it('may be released by who does not hold it, to no effect', async () => {
      await expect(bench.log.releaseClaim(nextCommand())).resolves.toBeUndefined();
    });
  });
}
