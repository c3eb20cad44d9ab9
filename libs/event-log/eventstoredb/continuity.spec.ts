import { describe, expect, it } from '@jest/globals';
import { Deadline } from './timeouts.js';
import { LogContinuity } from './continuity.js';
import { FurthestEvent, type SeenEventCheck } from './seen-log.js';
import type { NonReconnectingClient } from './client.js';

const noClient = {} as NonReconnectingClient; // the fake server below does not use it

function continuityWith(answers: readonly Promise<SeenEventCheck>[]) {
  const furthest = new FurthestEvent();
  furthest.see({ stream: 'tested.a', revision: 0, id: 'id', at: { commit: 10n, prepare: 10n } });
  const left = [...answers];
  const answer = (): Promise<SeenEventCheck> =>
    left.shift() ?? Promise.reject(new Error('no answer'));
  return new LogContinuity({
    furthest,
    server: { checkSeen: answer, checkSeenOn: answer },
    timeouts: { missingMs: 1, heartbeatMs: 60_000 },
    wentBack: () => undefined,
  });
}

describe('a log whose subscription was interrupted', () => {
  it('is trusted again once a new subscription has been verified', async () => {
    const continuity = continuityWith([Promise.resolve('same')]);
    continuity.unconfirm();
    expect(await continuity.verify(noClient)).toBe(true);
    await continuity.confirmed(new Deadline(0));
  });

  it('is not trusted because of a subscription that ended before the answer arrived', async () => {
    const late = Promise.withResolvers<SeenEventCheck>();
    const continuity = continuityWith([late.promise]);
    continuity.unconfirm();
    const verified = continuity.verify(noClient);
    continuity.unconfirm();
    late.resolve('same');
    expect(await verified).toBe(false);
    await expect(continuity.confirmed(new Deadline(0))).rejects.toThrow('not been confirmed');
  });
});
