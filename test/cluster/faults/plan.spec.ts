import { describe, expect, it } from '@jest/globals';
import { Random } from '../../support/random.js';
import { plan } from './plan.js';

const planned = (seed: number, count = 60) =>
  plan('three-nodes', count, new Random(seed), { canCrashPostgres: true });

describe('the fault plan', () => {
  it('is the same for the same seed and differs for another', () => {
    expect(planned(7)).toEqual(planned(7));
    expect(planned(7)).not.toEqual(planned(8));
  });

  it('has every kind once before it repeats one', () => {
    const kinds = planned(3).map(({ kind }) => kind);
    const different = new Set(kinds);
    expect(new Set(kinds.slice(0, different.size))).toEqual(different);
    for (const kind of [
      'kill-leader',
      'pause-leader',
      'kill-follower',
      'pause-follower',
      'kill-all-nodes',
      'kill-api',
      'crash-postgres',
    ] as const)
      expect(different).toContain(kind);
  });

  it('pauses for 5 to 20 seconds', () => {
    for (const { kind, holdMs } of planned(1, 500).filter(({ kind }) => kind.startsWith('pause'))) {
      expect([kind, holdMs >= 5_000 && holdMs <= 20_000]).toEqual([kind, true]);
    }
  });

  it.each([
    ['one-node', false, 'kill-leader', 'kill-follower'],
    ['one-node', false, 'pause-leader', 'crash-postgres'],
    ['double', true, 'refuse-connections', 'kill-leader'],
    ['embedded', false, 'kill-api', 'kill-leader'],
    ['embedded', false, 'pause-projector', 'crash-postgres'],
  ] as const)(
    'for %s (PostgreSQL to crash: %s) has %s and no %s',
    (topology, canCrashPostgres, has, hasNot) => {
      const kinds = plan(topology, 60, new Random(1), { canCrashPostgres }).map(({ kind }) => kind);
      expect(kinds).toContain(has);
      expect(kinds).not.toContain(hasNot);
    },
  );
});
