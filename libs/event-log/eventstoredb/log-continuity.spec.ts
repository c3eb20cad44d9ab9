import { describe, expect, it } from '@jest/globals';
import { Deadline } from './deadline.js';
import { LogContinuity } from './log-continuity.js';
import { FurthestSeen, type SeenAgain } from './seen-event.js';
import type { SteadyClient } from './steady-client.js';

const noClient = {} as SteadyClient; // the fake server below does not use it

function continuityWith(answers: readonly Promise<SeenAgain>[]) {
  const furthest = new FurthestSeen();
  furthest.see({ stream: 'tested.a', revision: 0, id: 'id', at: { commit: 10n, prepare: 10n } });
  const left = [...answers];
  const answer = (): Promise<SeenAgain> => left.shift() ?? Promise.reject(new Error('no answer'));
  return new LogContinuity({
    furthest,
    server: { seenAgain: answer, seenAgainOn: answer },
    patience: { missingMs: 1, heartbeatMs: 60_000 },
    wentBack: () => undefined,
  });
}

describe('a log whose subscription was interrupted', () => {
  it('is trusted again once a new subscription has been verified', async () => {
    const continuity = continuityWith([Promise.resolve('same')]);
    continuity.unsure();
    expect(await continuity.verify(noClient)).toBe(true);
    await continuity.sure(new Deadline(0));
  });

  it('is not trusted because of a subscription that ended before the answer came', async () => {
    const late = Promise.withResolvers<SeenAgain>();
    const continuity = continuityWith([late.promise]);
    continuity.unsure();
    const verified = continuity.verify(noClient);
    continuity.unsure();
    late.resolve('same');
    expect(await verified).toBe(false);
    await expect(continuity.sure(new Deadline(0))).rejects.toThrow('not been confirmed');
  });
});
